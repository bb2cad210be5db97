"""Notes through both classes of the client library, on every version, checked through the server's own API."""

from __future__ import annotations

from typing import Any

import pytest

from owui_sync import OpenWebUIClient
from owui_sync.client.capabilities import TooOld
from owui_sync.client.errors import ApiError, NotFound, WrongValue
from owui_sync.client.facade.access import Access
from tests.support.clients import client_of, fails, finds_nothing
from tests.support.server import PUBLIC, Grants, Server

LONG = "# Title\n\n" + "word " * 400


def md(text: str) -> dict[str, Any]:
    return {"content": {"md": text}}


def note(server: Server, title: str) -> Any:
    """The one note of that title, in full."""
    [row] = [row for row in server.get("/api/v1/notes/") if row["title"] == title]
    return server.get(f"/api/v1/notes/{row['id']}")


def test_a_new_note_has_what_was_given_and_is_private(client: OpenWebUIClient, server: Server, unique: str) -> None:
    made = client.create_note(unique, md(LONG), {"run": 7})
    row = note(server, unique)
    assert made is not None
    assert made["id"] == row["id"]
    assert (row["data"]["content"]["md"], row["meta"]["run"], server.grants(row)) == (LONG, 7, set())


def test_access_in_every_form(client: OpenWebUIClient, server: Server, unique: str) -> None:
    reader = server.user(f"reader-{unique}")
    grants = {("read", "user", reader.id)}
    forms: list[tuple[Access, Grants]] = [
        ("public", PUBLIC),
        ("private", set()),
        ({}, set()),
        ({"read": {"group_ids": [], "user_ids": [reader.id]}}, grants),
        ([{"principal_type": "user", "principal_id": reader.id, "permission": "read"}], grants),
    ]
    for number, (form, expected) in enumerate(forms):
        assert client.create_note(f"{unique} {number}", access_control=form)
        assert server.grants(note(server, f"{unique} {number}")) == expected
    made = note(server, f"{unique} 0")
    assert client.update_note_by_id(made["id"], access_control={"read": {"user_ids": [reader.id]}})
    assert server.grants(note(server, f"{unique} 0")) == grants


def test_an_update_keeps_what_is_not_given(client: OpenWebUIClient, server: Server, unique: str) -> None:
    made = client.create_note(unique, md("one"), {"run": 7}, "public")
    assert made is not None
    assert client.update_note_by_id(made["id"], data=md("two"))
    row = note(server, unique)
    assert (row["data"]["content"]["md"], row["meta"]["run"], server.grants(row)) == ("two", 7, PUBLIC)
    assert client.update_note_by_id(made["id"], title=f"{unique} new", meta={"more": 1})
    row = note(server, f"{unique} new")
    assert (row["data"]["content"]["md"], server.grants(row)) == ("two", PUBLIC)
    assert row["meta"]["more"] == 1


def test_lists_have_whole_texts(client: OpenWebUIClient, server: Server, unique: str) -> None:
    client.create_note(f"{unique} short", md("short"))
    client.create_note(f"{unique} long", md(LONG), access_control="public")
    listed = {row["id"]: row for row in client.get_notes() or ()}
    mine = {row["title"]: row for row in listed.values() if row["title"].startswith(unique)}
    texts = {title: row["data"]["content"]["md"] for title, row in mine.items()}
    assert texts == {f"{unique} short": "short", f"{unique} long": LONG}
    assert server.grants(mine[f"{unique} long"]) == PUBLIC
    assert listed.keys() == {row["id"] for row in server.get("/api/v1/notes/")}
    brief = client.get_notes_list() or []
    assert [row["id"] for row in brief] == list(listed)
    assert all(row.keys() == {"id", "title", "created_at", "updated_at"} for row in brief)
    one = client.get_note_by_id(mine[f"{unique} long"]["id"])
    assert one is not None
    assert one["data"]["content"]["md"] == LONG


def test_lists_have_what_others_share(client: OpenWebUIClient, server: Server, unique: str) -> None:
    reader = server.user(f"reader-{unique}")
    client.create_note(f"{unique} theirs", md(LONG), access_control="public")  # 0.6.43 lists nothing else to a user.
    client.create_note(f"{unique} secret", md(LONG))
    with client_of("sync", server.project.sandbox, reader.token) as theirs:
        [row] = [row for row in theirs.get_notes() or () if row["title"].startswith(unique)]
    assert (row["title"], row["data"]["content"]["md"]) == (f"{unique} theirs", LONG)


def test_a_deleted_note_is_gone(client: OpenWebUIClient, server: Server, unique: str) -> None:
    made = client.create_note(unique)
    assert made is not None
    assert client.delete_note_by_id(made["id"]) is True
    assert unique not in [row["title"] for row in server.get("/api/v1/notes/")]


def test_what_cannot_be_done_fails_as_documented(client: OpenWebUIClient, caplog: pytest.LogCaptureFixture) -> None:
    finds_nothing(client, caplog, NotFound, "get_note_by_id", "none")
    fails(client, caplog, NotFound, None, "update_note_by_id", "none", title="x")
    fails(client, caplog, NotFound, False, "delete_note_by_id", "none")
    with pytest.raises(WrongValue, match="note_id"):
        client.get_note_by_id("..")
    with pytest.raises(WrongValue, match="access_control"):
        client.create_note("x", access_control={"friends": {}})


def test_what_a_version_cannot_do_is_told(
    client: OpenWebUIClient, caplog: pytest.LogCaptureFixture, server: Server, unique: str
) -> None:
    id = server.post("/api/v1/notes/create", {"title": unique, **server.access(set())})["id"]
    if server.version < (0, 11):
        fails(client, caplog, TooOld, None, "update_note_by_id", id, meta={"run": 1})
        assert "needs Open WebUI 0.11.0 or newer, and the server runs 0." in caplog.text
    else:
        client.update_note_by_id(id, meta={"run": 1})
        assert note(server, unique)["meta"]["run"] == 1
    keys = ("principal_type", "principal_id", "permission")
    mixed = [dict(zip(keys, grant, strict=True)) for grant in (("user", "*", "read"), ("user", "u", "write"))]
    if server.old:
        fails(client, caplog, TooOld, None, "update_note_by_id", id, access_control=mixed)
    else:
        assert client.update_note_by_id(id, access_control=mixed)
        assert server.grants(note(server, unique)) == {("read", "user", "*"), ("write", "user", "u")}


def test_without_rights_it_fails_as_documented(
    nobody: OpenWebUIClient, caplog: pytest.LogCaptureFixture, server: Server, unique: str
) -> None:
    body = {"title": unique, "data": md("secret"), **server.access(set())}
    id = server.post("/api/v1/notes/create", body)["id"]
    fails(nobody, caplog, ApiError, None, "get_note_by_id", id)
    fails(nobody, caplog, ApiError, None, "update_note_by_id", id, data=md("x"))
    fails(nobody, caplog, ApiError, False, "delete_note_by_id", id)
    assert note(server, unique)["data"]["content"]["md"] == "secret"


def test_a_text_as_content_is_kept_so_that_notes_can_be_listed(
    client: OpenWebUIClient, server: Server, unique: str
) -> None:
    note = client.create_note(unique, {"content": "# Text", "kind": "x"})
    assert note is not None
    assert server.get(f"/api/v1/notes/{note['id']}")["data"] == {"content": {"md": "# Text"}, "kind": "x"}
    assert (note["data"]["content"]["md"], note["data"]["content"][:3]) == ("# Text", "# T")
    assert client.update_note_by_id(note["id"], data={"content": "New"})
    [listed] = [row for row in client.get_notes() or () if row["id"] == note["id"]]
    assert listed["data"]["content"] == {"md": "New"}
    assert unique in [row["title"] for row in client.get_notes_list() or ()]
