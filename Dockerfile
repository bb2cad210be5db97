# The command owui-sync, for pipelines and for jobs in a cluster. `make image-test` builds and tries it.
# BASE needs python3 (3.11 or newer) with the module venv, and certificate authorities.
ARG BASE=docker.io/library/python:3.12-slim-bookworm

FROM ${BASE} AS build
WORKDIR /build
COPY requirements.lock ./
COPY dist/*.whl ./
RUN python3 -m venv /opt/owui-sync \
    && /opt/owui-sync/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.lock \
    && /opt/owui-sync/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-index ./*.whl \
    && /opt/owui-sync/bin/python -m pip uninstall --quiet --yes pip \
    && /opt/owui-sync/bin/python -m compileall -q /opt/owui-sync/lib

FROM ${BASE}
ARG VERSION=""
ARG REVISION=""
ARG SOURCE=""
LABEL org.opencontainers.image.title="owui-sync" \
      org.opencontainers.image.description="Configuration as code for Open WebUI" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
COPY --from=build /opt/owui-sync /opt/owui-sync
# A user without a home: all that is kept is a cache, which may be lost.
ENV PATH=/opt/owui-sync/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    OWUI_SYNC_CACHE=/tmp/owui-sync
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["owui-sync"]
