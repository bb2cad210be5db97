"""Which files a layer has, and which project they belong to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.manifest.files.reading import manifests_in, project_root, shown
from owui_sync.manifest.yaml.value_problem import ValueProblem
from tests.support.folder import Folder


def test_a_folder_gives_all_manifests_below_it_in_order(folder: Folder) -> None:
    for name in ("b.yml", "a.yaml", "sub/c.yaml", ".hidden.yaml", ".git/x.yaml", "owui-sync.yaml", "x.md"):
        folder.write(f"l/{name}", "")
    assert [path.as_posix() for path in manifests_in(Path("l"))] == ["l/a.yaml", "l/b.yml", "l/sub/c.yaml"]


def test_links_to_folders_are_followed_once(folder: Folder) -> None:
    folder.write("shared/a.yaml", "")
    folder.write("l/b.yaml", "")
    (folder.path / "l/more").symlink_to(folder.path / "shared")
    (folder.path / "l/more/back").symlink_to(folder.path / "l")
    assert [path.as_posix() for path in manifests_in(Path("l"))] == ["l/b.yaml", "l/more/a.yaml"]


def test_a_folder_that_cannot_be_listed_is_not_passed_over(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, golden: SnapshotAssertion
) -> None:
    folder.write("l/a.yaml", "")

    def refuse(folder: str) -> None:
        raise PermissionError(13, "Permission denied", folder)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(ValueProblem, match=r"`l`.*Permission denied") as caught:
        manifests_in(Path("l"))
    assert caught.value.message == golden


def test_a_file_is_taken_whatever_its_name(folder: Folder) -> None:
    assert manifests_in(folder.write("x.txt", "")) == [Path("x.txt")]


@pytest.mark.parametrize("layer", ["nope", "empty", "owui-sync.yaml"])
def test_a_layer_without_manifests_is_refused(folder: Folder, layer: str, golden: SnapshotAssertion) -> None:
    folder.write("empty/x.md", "")
    folder.write("owui-sync.yaml", "")
    with pytest.raises(ValueProblem, match=f"`{layer}`") as caught:
        manifests_in(Path(layer))
    assert (caught.value.message, caught.value.hint) == golden


def test_the_project_is_the_folder_of_the_configuration_for_what_lies_in_it(folder: Folder) -> None:
    folder.write("p/m/a.yaml", "")
    folder.write("other/a.yaml", "")
    assert project_root(Path("p/m"), Path("p")) == folder.path / "p"
    assert project_root(Path("other"), Path("p")) == folder.path / "other"


def test_without_configuration_the_project_is_the_git_repository_or_the_layer(folder: Folder) -> None:
    layer = folder.write("repo/m/a.yaml", "").parent
    assert project_root(layer, None) == folder.path / "repo/m"
    (folder.path / "repo/.git").mkdir()
    assert project_root(layer, None) == folder.path / "repo"
    assert project_root(layer / "a.yaml", None) == folder.path / "repo"


def test_paths_are_shown_from_the_current_folder(folder: Folder) -> None:
    assert shown(folder.path / "a/b.yaml") == "a/b.yaml"
    assert shown(Path("/elsewhere/b.yaml")) == "/elsewhere/b.yaml"
