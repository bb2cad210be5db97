"""The Helm chart, rendered by Helm itself and checked against the schemas of Kubernetes: `make chart-test`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from helm_python import Chart, HelmError, lint

from owui_sync import __version__

TOP = Path(__file__).parents[3]
CHART = TOP / "deploy/helm/owui-sync"
MANIFEST = "version: 1\nprompts: {a: {content: x}}\n"
NEEDED: dict[str, Any] = {
    "image": {"repository": "registry.example.com/owui-sync"},
    "auth": {"existingSecret": "admin"},
    "manifests": {"inline": {"a.yaml": MANIFEST}},
}


def _render(*more: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the chart makes of the values that it needs and of these: kind -> object."""
    values = {**NEEDED}
    for each in more:
        values |= each
    texts = Chart.load(CHART).render(values, name="chat", namespace="ai").values()
    objects = [yaml.safe_load(text) for text in texts if text.strip() and "kind:" in text]
    return {each["kind"]: each for each in objects}


def _container(job: Any) -> Any:
    (container,) = job["spec"]["template"]["spec"]["containers"]
    return container


VARIANTS: dict[str, dict[str, Any]] = {
    "least": {},
    "drift": {"drift": {"enabled": True}},
    "password": {"auth": {"existingSecret": "admin", "method": "password"}},
    "no hook": {"apply": {"hook": "none"}},
    "config map": {"manifests": {"inline": {}, "configMap": "mine"}},
    "own image": {"manifests": {"inline": {}, "imagePath": "/project"}},
    "all": {
        "image": {"repository": "registry.example.com/x", "digest": f"sha256:{'a' * 64}"},
        "imagePullSecrets": [{"name": "pull"}],
        "envFrom": [{"secretRef": {"name": "more"}}],
        "env": [{"name": "STAGE", "value": "prod"}],
        "nodeSelector": {"pool": "small"},
        "tolerations": [{"operator": "Exists"}],
        "podLabels": {"team": "ai"},
        "podAnnotations": {"note": "x"},
        "drift": {"enabled": True, "args": ["--only", "models/*"]},
        "apply": {"args": ["--max-delete=50%"]},
    },
}


@pytest.mark.parametrize("name", VARIANTS)
def test_what_it_makes_fits_the_schemas_of_kubernetes(name: str, tmp_path: Path) -> None:
    for kind, document in _render(VARIANTS[name]).items():
        file = tmp_path / f"{kind}.yaml"
        file.write_text(yaml.safe_dump(document))
        for version in ("1.30.0", "1.37.0"):
            program = str(Path(sys.executable).parent / "kubernetes-validate")
            done = subprocess.run([program, "--strict", "-k", version, str(file)], capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr


def test_lint_finds_nothing() -> None:
    found = lint(CHART, NEEDED)
    assert [message for message in found.get("messages", []) if "icon" not in str(message)] == []


def test_a_hook_runs_after_install_and_upgrade_and_its_log_stays() -> None:
    job = _render()["Job"]
    assert job["metadata"]["annotations"] == {
        "helm.sh/hook": "post-install,post-upgrade",
        "helm.sh/hook-delete-policy": "before-hook-creation",
    }
    assert _container(job)["args"] == ["apply", "--yes", "--insecure", "/manifests"]
    assert _container(job)["image"] == f"registry.example.com/owui-sync:{__version__}"


def test_without_a_hook_the_name_follows_what_is_applied() -> None:
    names = [
        _render({"apply": {"hook": "none"}}, more)["Job"]["metadata"]["name"]
        for more in (
            {},
            {},
            {"manifests": {"inline": {"a.yaml": "version: 1\n"}}},
            {"env": [{"name": "A", "value": "b"}]},
        )
    ]
    assert names[0] == names[1]
    assert len(set(names)) == 3


def test_only_what_another_try_may_help_against_is_tried_again() -> None:
    made = _render({"drift": {"enabled": True}})
    apply, drift = made["Job"]["spec"], made["CronJob"]["spec"]["jobTemplate"]["spec"]
    codes = [spec["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"] for spec in (apply, drift)]
    assert codes == [[1, 4, 5, 6, 64], [1, 2, 5, 64]]


def test_the_pod_has_no_rights_and_no_token_of_the_cluster() -> None:
    pod = _render()["Job"]["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    security = pod["containers"][0]["securityContext"]
    assert security["readOnlyRootFilesystem"] is True
    assert security["capabilities"] == {"drop": ["ALL"]}


def test_a_password_signs_in_where_there_is_no_key_yet() -> None:
    env = {each["name"] for each in _container(_render(VARIANTS["password"])["Job"])["env"]}
    assert {"OWUI_EMAIL", "OWUI_PASSWORD", "OWUI_WAIT"} <= env
    assert "OWUI_TOKEN" not in env


def test_https_is_checked() -> None:
    job = _render({"openWebui": {"url": "https://chat.example.com"}})["Job"]
    assert "--insecure" not in _container(job)["args"]
    strict = _render({"openWebui": {"allowPlainHttp": False}})["Job"]
    assert "--insecure" not in _container(strict)["args"]


def _checked(values: dict[str, Any]) -> dict[str, str]:
    """Render, after the check of values that an install makes."""
    chart = Chart.load(CHART)
    chart.validate_schema(values)
    return dict(chart.render(values, name="chat"))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"image": {}}, "image.repository"),
        ({"auth": {}}, "auth.existingSecret"),
        ({"manifests": {"inline": {}}}, "exactly one of"),
        ({"manifests": {"inline": {"a.yaml": "x"}, "configMap": "y"}}, "exactly one of"),
        ({"apply": {"hook": "argocd"}}, "hook"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_values_that_do_not_work_are_refused_by_name(values: dict[str, Any], why: str) -> None:
    with pytest.raises(HelmError, match=why):
        _checked(NEEDED | values)


def test_its_version_is_that_of_the_package() -> None:
    document = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert (document["version"], document["appVersion"]) == (__version__, __version__)


def test_the_objects_in_the_documentation_fit_too(tmp_path: Path) -> None:
    page = (TOP / "docs/how-to/kubernetes.md").read_text()
    blocks = [yaml.safe_load(block.split("```")[0]) for block in page.split("```yaml\n")[1:]]
    (values,) = (block for block in blocks if "extraResources" in block)
    for number, document in enumerate(values["extraResources"]):
        file = tmp_path / f"{number}.yaml"
        file.write_text(yaml.safe_dump(document))
        program = str(Path(sys.executable).parent / "kubernetes-validate")
        done = subprocess.run([program, "--strict", str(file)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
