"""The commit of the manifests."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from owui_sync.manifest.git import commit
from tests.support.folder import Folder


def _git(*arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    return subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(folder: Folder) -> Folder:
    folder.manifest("", "m/a.yaml")
    folder.write("other.txt", "x")
    _git("init", "-q")
    _git("add", ".")
    _git("commit", "-qm", "x")
    return folder


def test_the_commit_of_unchanged_manifests(repository: Folder) -> None:
    repository.write("other.txt", "changed outside the layers")
    assert commit([Path("m")]) == _git("rev-parse", "--short", "HEAD")
    assert commit([Path("m/a.yaml")]) == commit([Path("m")])


@pytest.mark.parametrize("name", ["m/a.yaml", "m/new.yaml"])
def test_changed_and_new_manifests_make_it_dirty(repository: Folder, name: str) -> None:
    repository.write(name, "changed")
    assert commit([Path("m")]) == f"{_git('rev-parse', '--short', 'HEAD')}-dirty"


def test_a_layer_elsewhere_is_not_looked_at(repository: Folder, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert commit([Path("m"), tmp_path_factory.mktemp("elsewhere")]) == _git("rev-parse", "--short", "HEAD")


def test_without_repository_commit_or_git_there_is_none(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.manifest("", "m/a.yaml")
    assert commit([Path("m")]) is None
    assert commit([]) is None
    _git("init", "-q")
    assert commit([Path("m")]) is None
    monkeypatch.setenv("PATH", "")
    assert commit([Path("m")]) is None
