"""What is found below a folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from owui_sync.manifest.files.gitignore import GitIgnore
from owui_sync.manifest.files.globs import FileFilter
from owui_sync.manifest.files.walk import Walk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.md", "a/c.md", "a/d.txt", ".git/x", "a/.hidden", "build/e.md", "build/deep/f.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    return tmp_path


def walk(
    folder: Path, choice: FileFilter | None = None, *, gitignore: str = "", may_follow: Callable[[str], bool] = bool
) -> Walk:
    (folder / ".gitignore").write_text(gitignore)
    return Walk(str(folder), choice or FileFilter(), may_follow, GitIgnore.at(str(folder)))


def test_files_come_sorted_and_without_hidden_ones(folder: Path) -> None:
    assert walk(folder).names() == ["a/c.md", "a/d.txt", "b.md", "build/deep/f.md", "build/e.md"]
    assert walk(folder, FileFilter(["*.md"], ["build/**"])).names() == ["a/c.md", "b.md"]


def test_what_git_leaves_out_is_left_out_and_counted_by_its_rules(folder: Path) -> None:
    (folder / "a/.gitignore").write_text("# note\nc.md\n")
    found = walk(folder, FileFilter(["*.md"]), gitignore="build/\n")
    assert found.names() == ["b.md"]
    count, rules = found.left_out()
    assert (count, [rule.words for rule in rules]) == (3, [".gitignore:1 `build/`", "a/.gitignore:2 `c.md`"])


def test_a_folder_that_git_leaves_out_has_no_files(folder: Path) -> None:
    (folder / ".gitignore").write_text("build/\n!build/e.md\n")
    found = Walk(str(folder / "build/deep"), FileFilter(), bool, GitIgnore.at(str(folder)))
    assert found.names() == []
    assert found.left_out()[0] == 1


def test_links_are_followed_but_never_in_circles(folder: Path) -> None:
    (folder / "a/again").symlink_to(folder)
    (folder / "a/more").symlink_to("../build")
    (folder / "link.md").symlink_to("b.md")
    assert walk(folder).names() == [
        "a/c.md", "a/d.txt", "a/more/deep/f.md", "a/more/e.md", "b.md", "build/deep/f.md", "build/e.md", "link.md",
    ]  # fmt: skip


def test_a_link_is_asked_about_only_if_it_can_lead_to_a_file_that_is_meant(folder: Path) -> None:
    for name in ("x.md", "x.txt", "ignored.md", "folder", "excluded"):
        (folder / name).symlink_to("/etc/passwd" if "." in name else "/")
    asked: list[str] = []

    def may_follow(link: str) -> bool:
        asked.append(Path(link).name)
        return False

    choice = FileFilter(["*.md"], ["excluded/**"])
    assert "b.md" in walk(folder, choice, gitignore="ignored.md", may_follow=may_follow).names()
    assert sorted(asked) == ["folder", "x.md"]


def test_what_is_no_file_is_left_out(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    assert "pipe.md" not in walk(folder).names()


def test_a_folder_that_cannot_be_read_is_an_error(folder: Path) -> None:
    with pytest.raises(OSError, match="none"):
        Walk(str(folder / "none"), FileFilter(), bool).names()
