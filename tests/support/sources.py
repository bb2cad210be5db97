"""Knowledge bases with sources, for tests."""

from __future__ import annotations

from owui_sync.values import LocalFile
from tests.support.folder import Folder


def some_files(folder: Folder) -> None:
    """Writes what the tests of sources find."""
    for name in ("docs/a.md", "docs/sub/b.md", "docs/sub/c.txt", "docs/.hidden.md"):
        folder.write(name, f"text of {name}")


def found(folder: Folder, sources: str, **options: object) -> dict[str, LocalFile]:
    """The files that sources give, by place."""
    entry = folder.load(f"knowledge:\n  k: {{files: {sources}}}\n", **options).entries["knowledge/k"]
    return {file["path"]: file for file in entry.values["files"]}


def problem(folder: Folder, sources: str, **options: object) -> str:
    """The one problem that sources have."""
    problems = folder.problems(f"knowledge:\n  k: {{files: {sources}}}\n", **options)
    assert len(problems) == 1, problems
    return problems[0]
