"""The image of the Dockerfile, built and run with buildah: `make image-test`."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from owui_sync import __version__
from owui_sync.manifest.starter import create
from owui_sync.sandbox import Sandbox

TOP = Path(__file__).parents[3]
IMAGE = "localhost/owui-sync:test"
BASE = "localhost/owui-sync-base:test"
_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
# What works without a daemon, also inside of a container.
_ENV = {**os.environ, "STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}


def _buildah(*words: str) -> str:
    command = ["buildah", *words]
    done = subprocess.run(command, env=_ENV, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout.strip()


@pytest.fixture(scope="session")
def base() -> str:
    """The base image: what `BASE` names, or a root file system in that file (`*.tar`)."""
    named = os.environ.get("BASE", "")
    if not named.endswith(".tar"):
        return named
    container = _buildah("from", "scratch")
    _buildah("add", container, named, "/")
    _buildah("commit", "--rm", container, BASE)
    return BASE


@pytest.fixture(scope="session")
def container(base: str) -> Iterator[str]:
    """A container of the image."""
    arguments = ["--build-arg", f"VERSION={__version__}", *(["--build-arg", f"BASE={base}"] if base else [])]
    _buildah(
        "build", "--network", "host", "--volume", f"{_AUTHORITIES}:{_AUTHORITIES}:ro", *arguments, "-t", IMAGE, "."
    )
    container = _buildah("from", "--pull-never", IMAGE)
    yield container
    _buildah("rm", container)


def _run(container: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the entry point in the container, as its own user, with a project that it cannot write to."""
    project = ["--volume", f"{env.pop('PROJECT')}:/work:ro"] if "PROJECT" in env else []
    variables = [word for name, value in env.items() for word in ("--env", f"{name}={value}")]
    command = ["buildah", "run", "--network", "host", *variables, *project, container, "--", *words]
    return subprocess.run(command, env=_ENV, capture_output=True, text=True, check=False)


def test_the_command_starts_as_a_user_without_rights(container: str) -> None:
    assert _run(container, "owui-sync", "--version").stdout == f"owui-sync {__version__}\n"
    assert _run(container, "id", "-u").stdout.strip() == "65532"
    assert _run(container, "find", "/opt/owui-sync", "-user", "65532").stdout == ""
    assert _run(container, "sh", "-c", "ls /opt/owui-sync/bin | grep -c '^pip'").stdout.strip() == "0"


def test_labels_and_entry_point_are_right(container: str) -> None:
    config = json.loads(_buildah("inspect", "--type", "image", IMAGE))["OCIv1"]["config"]
    assert config["Entrypoint"] == ["owui-sync"]
    assert config["User"] == "65532:65532"
    assert config["Labels"]["org.opencontainers.image.version"] == __version__
    assert config["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0"


def test_a_project_is_validated_and_planned_without_writing_to_it(
    container: str, open_webui: Sandbox, tmp_path: Path
) -> None:
    create(tmp_path)
    tmp_path.chmod(0o755)
    valid = _run(container, "owui-sync", "validate", "--allow-missing-secrets", PROJECT=str(tmp_path))
    assert valid.returncode == 0, valid.stderr
    env = {"OWUI_URL": open_webui.url, "OWUI_TOKEN": open_webui.token}
    plan = _run(container, "owui-sync", "plan", "--wait", "30", PROJECT=str(tmp_path), **env)
    assert plan.returncode == 0, plan.stderr
    assert "Plan: 1 to create" in plan.stdout
