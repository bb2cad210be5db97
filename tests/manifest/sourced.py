"""Knowledge bases with sources, for tests."""

from __future__ import annotations

from owui_sync.values import LocalFile
from tests.manifest.project import Project


def some_files(project: Project) -> None:
    """Writes what the tests of sources find."""
    for name in ("docs/a.md", "docs/sub/b.md", "docs/sub/c.txt", "docs/.hidden.md"):
        project.write(name, f"text of {name}")


def found(project: Project, sources: str, **options: object) -> dict[str, LocalFile]:
    """The files that sources give, by place."""
    entry = project.load(f"knowledge:\n  k: {{files: {sources}}}\n", **options).entries["knowledge/k"]
    return {file["path"]: file for file in entry.values["files"]}


def problem(project: Project, sources: str, **options: object) -> str:
    """The one problem that sources have."""
    problems = project.problems(f"knowledge:\n  k: {{files: {sources}}}\n", **options)
    assert len(problems) == 1, problems
    return problems[0]
