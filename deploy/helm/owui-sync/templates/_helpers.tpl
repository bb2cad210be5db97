{{- define "owui-sync.name" -}}
{{- printf "%s-owui-sync" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{- define "owui-sync.labels" -}}
app.kubernetes.io/name: owui-sync
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "owui-sync.url" -}}
{{- .Values.openWebui.url | default (printf "http://%s-open-webui" .Release.Name) -}}
{{- end }}

{{- define "owui-sync.image" -}}
{{- $repository := required "image.repository: name the image that you pushed" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end }}

{{- /* The folder with the manifests in the container; fails unless exactly one source is given. */ -}}
{{- define "owui-sync.folder" -}}
{{- $given := list -}}
{{- range list .Values.manifests.inline .Values.manifests.configMap .Values.manifests.imagePath -}}
{{- if . -}}{{- $given = append $given . -}}{{- end -}}
{{- end -}}
{{- if ne (len $given) 1 -}}
{{- fail "manifests: give exactly one of inline, configMap and imagePath" -}}
{{- end -}}
{{- .Values.manifests.imagePath | default "/manifests" -}}
{{- end }}

{{- /* The pod of the Job and of the CronJob. Arguments: root, command (a list), failOn (exit codes). */ -}}
{{- define "owui-sync.pod" -}}
{{- $root := .root -}}
{{- $url := include "owui-sync.url" $root -}}
metadata:
  labels:
    {{- include "owui-sync.labels" $root | nindent 4 }}
    {{- with $root.Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $root.Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  {{- with $root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: owui-sync
      image: {{ include "owui-sync.image" $root | quote }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args:
        {{- toYaml .command | nindent 8 }}
        {{- if and $root.Values.openWebui.allowPlainHttp (hasPrefix "http://" $url) }}
        - --insecure
        {{- end }}
        - {{ include "owui-sync.folder" $root | quote }}
      env:
        - {name: OWUI_URL, value: {{ $url | quote }}}
        {{- if $root.Values.openWebui.wait }}
        - {name: OWUI_WAIT, value: {{ $root.Values.openWebui.wait | quote }}}
        {{- end }}
        {{- $secret := required "auth.existingSecret: name the Secret with the token, or with e-mail and password" $root.Values.auth.existingSecret }}
        {{- if eq $root.Values.auth.method "token" }}
        - name: OWUI_TOKEN
          valueFrom: {secretKeyRef: {name: {{ $secret | quote }}, key: {{ $root.Values.auth.tokenKey | quote }}}}
        {{- else }}
        - name: OWUI_EMAIL
          valueFrom: {secretKeyRef: {name: {{ $secret | quote }}, key: {{ $root.Values.auth.emailKey | quote }}}}
        - name: OWUI_PASSWORD
          valueFrom: {secretKeyRef: {name: {{ $secret | quote }}, key: {{ $root.Values.auth.passwordKey | quote }}}}
        {{- end }}
        {{- with $root.Values.env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with $root.Values.envFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      resources:
        {{- toYaml $root.Values.resources | nindent 8 }}
      volumeMounts:
        - {name: tmp, mountPath: /tmp}
        {{- if not $root.Values.manifests.imagePath }}
        - {name: manifests, mountPath: /manifests, readOnly: true}
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: {}
    {{- if not $root.Values.manifests.imagePath }}
    - name: manifests
      configMap:
        name: {{ $root.Values.manifests.configMap | default (printf "%s-manifests" (include "owui-sync.name" $root)) | quote }}
    {{- end }}
  {{- with $root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- /* Exit codes that another try cannot help against; 3, 69 and 75 are tried again. */ -}}
{{- define "owui-sync.podFailurePolicy" -}}
rules:
  - action: FailJob
    onExitCodes: {containerName: owui-sync, operator: In, values: {{ toJson . }}}
{{- end }}
