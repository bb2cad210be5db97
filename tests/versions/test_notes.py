"""Notes on every version, checked through the server's own API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.manifests import edit
from tests.support.project import Project, causes, changes
from tests.support.server import PUBLIC, Grants, Server

LONG = "# Title\n\n" + "word ".join(str(number) for number in range(400)) + "\n\n- *last* line \\ `x` ${y} {{z}}\n"


@pytest.fixture
def title(project: Project) -> str:
    return f"Note {project.stack[-8:]}"


@pytest.fixture
def applied(project: Project, title: str) -> Project:
    (project.folder / "long.md").write_text(LONG, newline="")
    project.write(f"notes:\n  {title}:\n    content: !file long.md\n    access: public\n")
    project.apply()
    return project


def note(server: Server, title: str, token: str | None = None) -> Any:
    """The user's one note of that title, in full."""
    [row] = [row for row in server.get("/api/v1/notes/", token) if row["title"] == title]
    return server.get(f"/api/v1/notes/{row['id']}", token)


def text(row: Any) -> str:
    """The Markdown of a note."""
    return str(row["data"]["content"]["md"])


def change(server: Server, row: Any, md: str) -> None:
    """Changes the text as the web page does; access stays."""
    access = {key: row[key] for key in ("access_grants", "access_control") if key in row}
    body = {"title": row["title"], "data": {"content": {"json": None, "html": "", "md": md}}, **access}
    server.post(f"/api/v1/notes/{row['id']}/update", body)


def test_the_whole_text_is_kept_byte_for_byte(applied: Project, server: Server, title: str) -> None:
    row = note(server, title)
    assert text(row) == LONG
    assert server.grants(row) == PUBLIC
    assert changes(applied.plan()) == {}


def test_an_apply_without_changes_writes_nothing(applied: Project, server: Server, title: str) -> None:
    before = note(server, title)
    assert changes(applied.apply()) == {}
    assert note(server, title) == before


def test_a_change_behind_the_part_that_lists_show_is_seen_and_undone(
    applied: Project, server: Server, title: str
) -> None:
    change(server, note(server, title), LONG + "more")
    assert causes(applied.plan()) == {f"note/{title} content": "drift"}
    applied.apply()
    assert text(note(server, title)) == LONG
    assert server.grants(note(server, title)) == PUBLIC


def test_a_new_text_keeps_access_and_new_access_keeps_the_text(applied: Project, server: Server, title: str) -> None:
    (applied.folder / "long.md").write_text("short", newline="")
    assert causes(applied.plan()) == {f"note/{title} content": "manifest"}
    applied.apply()
    assert (text(note(server, title)), server.grants(note(server, title))) == ("short", PUBLIC)
    edit(applied, "access: public", "access: private")
    assert causes(applied.plan()) == {f"note/{title} access": "manifest"}
    applied.apply()
    assert (text(note(server, title)), server.grants(note(server, title))) == ("short", set())
    assert changes(applied.plan()) == {}


def test_access_that_drifted_is_seen_although_nothing_else_moved(applied: Project, server: Server, title: str) -> None:
    row = note(server, title)
    nobody: Grants = set()
    if server.old:
        server.post(f"/api/v1/notes/{row['id']}/update", {"title": title, **server.access(nobody)})
    else:
        server.post(f"/api/v1/notes/{row['id']}/access/update", server.access(nobody))
    assert causes(applied.plan()) == {f"note/{title} access": "drift"}
    applied.apply()
    assert server.grants(note(server, title)) == PUBLIC


def test_what_is_no_longer_written_goes_back_to_the_default(applied: Project, server: Server, title: str) -> None:
    applied.write(f"notes:\n  {title}: {{}}\n")
    assert causes(applied.plan()) == {f"note/{title} {path}": "reset" for path in ("content", "access")}
    applied.apply()
    assert (text(note(server, title)), server.grants(note(server, title))) == ("", set())


def test_access_by_group_and_user_is_what_the_manifest_says(project: Project, server: Server, title: str) -> None:
    reader = server.user(f"reader-{project.stack[-8:]}")
    group = f"g-{project.stack[-8:]}"
    access = f"{{read: {{groups: [{group}]}}, write: {{users: [{reader.email}]}}}}"
    project.write(f"groups:\n  {group}: {{}}\nnotes:\n  {title}: {{content: x, access: {access}}}\n")
    project.apply()
    id = server.groups()[group]["id"]
    expected = {("read", "group", id), ("read", "user", reader.id), ("write", "user", reader.id)}
    assert server.grants(note(server, title)) == expected
    assert changes(project.plan()) == {}


def test_a_note_of_another_user_with_the_same_title_is_never_touched(
    project: Project, server: Server, title: str
) -> None:
    other = server.user(f"other-{project.stack[-8:]}")
    body = {"title": title, "data": {"content": {"md": "theirs"}}, **server.access(PUBLIC)}
    theirs = server.post("/api/v1/notes/create", body, other.token)["id"]
    project.write(f"notes:\n  {title}: {{content: ours}}\nabsent: {{notes: [{title} never]}}\n")
    assert changes(project.plan()) == {f"note/{title}": "create"}
    project.apply()
    assert text(server.get(f"/api/v1/notes/{theirs}")) == "theirs"
    project.write(f"absent: {{notes: [{title}]}}\n")
    project.apply()
    assert text(server.get(f"/api/v1/notes/{theirs}")) == "theirs"
    assert [row["id"] for row in server.get("/api/v1/notes/") if row["title"] == title] in ([theirs], [])


def test_a_moved_note_keeps_its_id(applied: Project, server: Server, title: str) -> None:
    before = note(server, title)
    applied.write(
        f"notes:\n  {title} new:\n    content: !file long.md\n    access: public\n"
        f"moved:\n  - {{notes: {{from: {title}, to: {title} new}}}}\n"
    )
    applied.apply()
    after = note(server, f"{title} new")
    assert (after["id"], text(after), server.grants(after)) == (before["id"], LONG, PUBLIC)
    assert changes(applied.plan()) == {}


def test_long_notes_are_read_one_by_one_only_where_they_changed(applied: Project, server: Server, title: str) -> None:
    def apply_more(content: str) -> int:
        more = "".join(f"  {title} {number}: {{content: {content}}}\n" for number in range(3))
        (applied.folder / "more.yaml").write_text(f"version: 1\nstack: {applied.stack}\nnotes:\n{more}")
        applied.apply()
        return int(applied.plan()["requests"])

    # As many notes before and after: the server lists 60 with a request.
    before = apply_more("short")
    assert apply_more("!file long.md") == before
    change(server, note(server, f"{title} 1"), LONG + "more")
    plan = applied.plan()
    assert (changes(plan), plan["requests"]) == ({f"note/{title} 1": "update"}, before + 1)


def test_a_title_that_two_own_notes_have_is_refused_with_their_ids(
    project: Project, server: Server, title: str
) -> None:
    body = {"title": title, "data": {"content": {"md": ""}}, **server.access(PUBLIC)}
    ids = [server.post("/api/v1/notes/create", body)["id"] for _ in range(2)]
    project.write(f"notes:\n  {title}: {{content: x}}\n")
    ran = project.run("plan", ".")
    assert ran.code == 1
    assert all(id in ran.err for id in ids)
