"""What `make dist` builds, installed and tried on one Python: `make dist-test`."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from owui_sync import __version__

TOP = Path(__file__).parents[3]
DIST = TOP / "dist"
PYTHON = os.environ.get("DIST_PYTHON", sys.executable)
"""The Python to try, without any of our packages."""


def _only(pattern: str) -> Path:
    (found,) = DIST.glob(pattern)
    return found


def _run(
    *words: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    command = [str(word) for word in words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=cwd)


@pytest.fixture(scope="module", params=["*.whl", "*.tar.gz"])
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `bin` of an environment with the wheel or the sdist, and nothing else."""
    env = tmp_path_factory.mktemp("env")
    uv = TOP / ".venv/bin/uv"
    assert _run(uv, "venv", "--quiet", "--clear", "--python", PYTHON, env).returncode == 0
    install = (uv, "pip", "install", "--quiet", "--python", env / "bin/python")
    for command in (
        (*install, "--require-hashes", "--requirement", DIST / "requirements.lock"),
        (*install, "--no-deps", "--build-constraint", TOP / "constraints.txt", _only(request.param)),
        (uv, "pip", "check", "--python", env / "bin/python"),
    ):
        done = _run(*command)
        assert done.returncode == 0, done.stderr
    return env / "bin"


def _smoke(*command: str | Path, folder: Path) -> None:
    """A project is made and found valid, by a program that knows nothing of this machine."""
    env = {"PATH": os.defpath, "HOME": str(folder)}
    version = _run(*command, "--version", env=env, cwd=folder)
    assert version.stdout == f"owui-sync {__version__}\n", version.stderr
    made = _run(*command, "init", "project", env=env, cwd=folder)
    assert made.returncode == 0, made.stderr
    valid = _run(*command, "validate", "--allow-missing-secrets", env=env, cwd=folder / "project")
    assert valid.stdout == "valid: 1 prompt in 2 files\n", valid.stderr
    assert _run(*command, "fmt", "--check", env=env, cwd=folder / "project").returncode == 0
    nowhere = {"OWUI_URL": "http://127.0.0.1:9", "OWUI_TOKEN": "sk-x"}
    plan = _run(*command, "plan", env=env | nowhere, cwd=folder / "project")
    assert plan.returncode == 69, plan.stderr


def test_an_installed_package_works(installed: Path, tmp_path: Path) -> None:
    _smoke(installed / "owui-sync", folder=tmp_path)


def test_without_the_extra_the_sandbox_says_what_to_install(installed: Path, tmp_path: Path) -> None:
    env = {"PATH": os.defpath, "HOME": str(tmp_path), "OWUI_SYNC_CACHE": str(tmp_path)}
    ran = _run(installed / "owui-sync", "sandbox", "up", env=env, cwd=tmp_path)
    assert ran.returncode == 1
    assert "pip install uv" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_zipapp_works(tmp_path: Path) -> None:
    version = _run(PYTHON, "-c", "import sys; print('py%d%d' % sys.version_info[:2])").stdout.strip()
    if f"-{version}-" in _only("*.pyz").name:  # It holds what was compiled for one version.
        _smoke(PYTHON, _only("*.pyz"), folder=tmp_path)


def test_the_wheel_has_the_package_and_nothing_else() -> None:
    names = zipfile.ZipFile(_only("*.whl")).namelist()
    assert {name.split("/")[0] for name in names} == {"owui_sync", f"owui_sync-{__version__}.dist-info"}
    for needed in ("owui_sync/py.typed", "owui_sync/templates/workflow.yml", "owui_sync/sandbox/provider/__main__.py"):
        assert needed in names


def test_the_sdist_has_no_tests_of_other_programs_environments() -> None:
    with tarfile.open(_only("*.tar.gz")) as archive:
        names = archive.getnames()
    assert not [name for name in names if re.search(r"/(\.venv|\.node|dist|__pycache__)(/|$)", name)]


def test_the_bill_of_materials_names_what_is_installed() -> None:
    document = json.loads(_only("*.cdx.json").read_text())
    assert document["bomFormat"] == "CycloneDX"
    names = {component["name"].lower() for component in document["components"]}
    assert {"click", "httpx", "owui-sync"} <= names | {document["metadata"].get("component", {}).get("name", "")}
    assert not {"pytest", "ruff", "mypy"} & names


def test_every_file_has_its_checksum() -> None:
    lines = (DIST / "SHA256SUMS").read_text().splitlines()
    told = {name: digest for digest, name in (line.split(None, 1) for line in lines)}
    files = {path.name for path in DIST.iterdir() if path.name not in ("SHA256SUMS", ".gitignore")}
    assert set(told) == files
    for name, digest in told.items():
        assert hashlib.sha256((DIST / name).read_bytes()).hexdigest() == digest
