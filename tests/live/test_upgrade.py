"""A stack applied on the oldest version still fits when the same data is served by the newest."""

from __future__ import annotations

from pathlib import Path

import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.sandbox import restart
from tests.support.project import Project, causes, changes

MANIFEST = """
groups:
  Support: {description: People, permissions: {workspace: {prompts: true}}}
prompts:
  triage: {name: Triage, content: "Sort this", access: {read: {groups: [Support]}}}
  open: {content: "For all", access: public}
models:
  bot: {base: gpt-4.1, system: Be brief., params: {temperature: 0.2}, tags: [x], access: {read: {groups: [Support]}}}
knowledge:
  Handbook:
    description: Rules
    access: public
    files: [{name: a.txt, content: "Greet people."}, {name: x/b.txt, content: "Listen."}]
notes:
  List: {content: "# List"}
folders:
  Tickets: {system: Be brief.}
permissions:
  chat: {delete: false}
"""


@pytest.mark.slow
def test_an_upgrade_changes_nothing_that_an_apply_does_not_settle(
    tmp_path: Path, open_webui_factory: OpenWebUIFactory
) -> None:
    old = open_webui_factory(version="0.6.43", data=tmp_path / "data")
    (tmp_path / "project").mkdir()
    project = Project(tmp_path / "project", old, "upgrade")
    project.write(MANIFEST)
    project.apply()
    assert changes(project.plan()) == {}
    upgraded = Project(project.folder, restart(old.name, version="0.12.4"), "upgrade")
    # Digests of files are kept in another place since 0.9.6, but ours came along with the file. Folders were part of
    # the name, and become directories: the files are moved, not uploaded again.
    assert set(causes(upgraded.plan())) == {"knowledge/Handbook files"}
    before = stored(upgraded)
    upgraded.apply()
    assert changes(upgraded.plan()) == {}
    assert stored(upgraded).keys() == before.keys()
    assert sorted(stored(upgraded).values()) == ["a.txt", "b.txt"]


def stored(project: Project) -> dict[str, str]:
    """Id -> name of the documents on the server."""
    rows = project.api("GET", "/api/v1/files/")["items"]
    return {row["id"]: row["filename"] for row in rows if row["filename"].endswith(".txt")}
