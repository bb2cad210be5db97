"""The hooks of `.pre-commit-hooks.yaml`, installed and run as in a project that uses them: `make hooks-test`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from owui_sync.manifest.starter import create

TOP = Path(__file__).parents[3]
IDS = ("owui-sync-validate", "owui-sync-fmt", "owui-sync-schemas")


def _git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    done = subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the hooks and the package, as it is in the work tree."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(TOP / name, folder)
    shutil.copytree(TOP / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    _git(folder, "init", "--quiet")
    _git(folder, "add", "-A")
    _git(folder, "commit", "--quiet", "-m", "x")
    return folder


@pytest.fixture(scope="module", params=["pre_commit", "prek"])
def run(
    request: pytest.FixtureRequest, hooks: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Path], subprocess.CompletedProcess[str]]:
    """Run all hooks in a project with one of the two programs."""
    home = tmp_path_factory.mktemp("home")
    env = {**os.environ, "PRE_COMMIT_HOME": str(home), "PREK_HOME": str(home)}

    def run_in(project: Path) -> subprocess.CompletedProcess[str]:
        lines = [f"repos:\n- repo: {hooks}\n  rev: {_git(hooks, 'rev-parse', 'HEAD')}\n  hooks:\n"]
        (project / ".pre-commit-config.yaml").write_text("".join([*lines, *(f"  - id: {id}\n" for id in IDS)]))
        _git(project, "add", "-A")
        command = [sys.executable, "-m", str(request.param), "run", "--all-files"]
        return subprocess.run(command, cwd=project, env=env, capture_output=True, text=True)

    return run_in


def test_a_starter_project_passes_and_mistakes_are_named(
    run: Callable[[Path], subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    _git(tmp_path, "init", "--quiet")
    create(tmp_path)
    good = run(tmp_path)
    assert good.returncode == 0, good.stdout + good.stderr
    assert good.stdout.count("Passed") == 3
    (tmp_path / "manifests/example.yaml").write_text("version: 1\nprompts:\n    a: {contnt: x}\n")
    (tmp_path / "schemas/config.schema.json").write_text("{}")
    bad = run(tmp_path)
    assert bad.returncode == 1
    assert bad.stdout.count("Failed") == 3
    for words in ("manifests/example.yaml:3:9", "not formatted  ", "owui-sync schema config >"):
        assert words in bad.stdout


def test_the_list_of_hooks_is_valid() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(TOP / ".pre-commit-hooks.yaml")]
    assert subprocess.run(command, capture_output=True, text=True).returncode == 0
