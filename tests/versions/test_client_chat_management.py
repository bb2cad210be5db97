"""Chats in order through both classes of the client library, on every version, checked through the server's own API."""

from __future__ import annotations

import time
from typing import Any, cast

import pytest

from owui_sync import OpenWebUIClient
from owui_sync.client.errors import ApiError, Missing, NotFound, WrongValue
from tests.support.clients import client_of, fails
from tests.support.server import Server
from tests.versions.test_client_folders import chat

DAY = 86_400


def aged(server: Server, title: str, days: float, folder: str | None = None, token: str | None = None) -> str:
    """Id of a chat that nothing was written to for so long."""
    at = int(time.time() - days * DAY)
    document = {"title": title, "models": [], "history": {"messages": {}, "currentId": None}}
    row = {"chat": document, "meta": {}, "pinned": False, "folder_id": folder, "created_at": at, "updated_at": at}
    [made] = server.post("/api/v1/chats/import", {"chats": [row]}, token)
    return str(made["id"])


def talk(server: Server, title: str) -> str:
    """Id of a chat in which something was said."""
    messages = {
        "q": {"id": "q", "parentId": None, "childrenIds": ["a"], "role": "user", "content": "What is a pump?"},
        "a": {"id": "a", "parentId": "q", "childrenIds": [], "role": "assistant", "content": "It lifts water."},
    }
    document = {"title": title, "models": ["stub-small"], "history": {"messages": messages, "currentId": "a"}}
    return str(server.post("/api/v1/chats/new", {"chat": document})["id"])


def tags(server: Server, id: str) -> list[str]:
    return sorted(row["id"] for row in server.get(f"/api/v1/chats/{id}/tags"))


def archived(server: Server, id: str, token: str | None = None) -> bool:
    return bool(server.get(f"/api/v1/chats/{id}", token)["archived"])


def test_a_chat_is_renamed(client: OpenWebUIClient, server: Server, unique: str) -> None:
    id = talk(server, unique)
    assert client.rename_chat(id, f"{unique} new") is True
    row = server.get(f"/api/v1/chats/{id}")
    assert (row["title"], row["chat"]["title"]) == (f"{unique} new", f"{unique} new")
    assert row["chat"]["history"]["messages"].keys() == {"q", "a"}


def test_a_chat_has_exactly_the_tags_that_are_set(client: OpenWebUIClient, server: Server, unique: str) -> None:
    id = chat(server, unique)
    for names, expected in (
        (["One", "Two Words"], ["one", "two_words"]),
        (["one", "three"], ["one", "three"]),
        ([], ["one", "three"]),
        (["ä/ö", "ÄB"], ["ä/ö", "äb"]),
    ):
        assert client.set_chat_tags(id, names) is True
        assert tags(server, id) == expected
    assert client.update_chat_metadata(id, tags=[])
    assert tags(server, id) == []


def test_metadata_that_is_given_is_set(client: OpenWebUIClient, server: Server, unique: str) -> None:
    id = talk(server, unique)
    changed = client.update_chat_metadata(id, title="Pumps", tags=["water"], folder_name=unique)
    assert changed is not None
    assert {**changed} == {"updated": True, "title": "Pumps", "tags": ["water"], "folder_name": unique}
    row = server.get(f"/api/v1/chats/{id}")
    folder = server.get(f"/api/v1/folders/{row['folder_id']}")
    assert (row["title"], tags(server, id), folder["name"]) == ("Pumps", ["water"], unique)


def test_metadata_is_made_by_a_model_where_that_is_asked_for(
    client: OpenWebUIClient, server: Server, unique: str
) -> None:
    id = talk(server, unique)
    changed = client.update_chat_metadata(id, regenerate_tags=True, regenerate_title=True)
    assert changed is not None
    assert changed["suggested_title"] == changed["title"] == server.get(f"/api/v1/chats/{id}")["title"] != unique
    assert changed["suggested_tags"]
    assert tags(server, id) == sorted(tag.lower().replace(" ", "_") for tag in changed["suggested_tags"])
    own = client.update_chat_metadata(id, regenerate_title=True, title="Mine")
    assert own is not None
    assert {**own} == {"updated": True, "title": "Mine"}


def test_other_models_answer_in_a_chat(client: OpenWebUIClient, server: Server, unique: str) -> None:
    id = talk(server, unique)
    for models in ("gpt-4.1", ["gpt-4.1", "stub-small"]):
        assert client.switch_chat_model(id, models) is True
        row = server.get(f"/api/v1/chats/{id}")["chat"]
        assert row["models"] == ([models] if isinstance(models, str) else models)
        assert row["history"]["messages"].keys() == {"q", "a"}


def test_all_chats_are_listed(client: OpenWebUIClient, server: Server, unique: str) -> None:
    folder = server.post("/api/v1/folders/", {"name": unique})["id"]
    ids = [chat(server, unique), chat(server, unique, folder), chat(server, unique)]
    server.post(f"/api/v1/chats/{ids[2]}/pin")
    gone = chat(server, unique)
    server.post(f"/api/v1/chats/{gone}/archive")
    for number in range(61 - len(client.list_chats() or ())):
        chat(server, f"{unique} {number}")
    listed = [row["id"] for row in client.list_chats() or ()]
    assert set(ids) <= set(listed)
    assert gone not in listed
    assert set(listed) == {row["id"] for row in server.get("/api/v1/chats/?include_folders=true&include_pinned=true")}
    pages: list[list[dict[str, Any]] | None] = [client.list_chats(page) for page in range(1, len(listed) // 60 + 3)]
    assert [len(page or ()) for page in pages[:-1]][:1] == [60]
    assert {row["id"] for page in pages for row in page or ()} == set(listed)


def test_archiving_twice_leaves_it_archived(client: OpenWebUIClient, server: Server, unique: str) -> None:
    id = chat(server, unique)
    for _ in range(2):
        assert client.archive_chat(id) is True
        assert archived(server, id)


@pytest.mark.parametrize("sort", ["sync", "async"])
def test_old_chats_are_archived_by_their_folder(server: Server, unique: str, sort: str) -> None:
    user = server.user(unique)
    folder = server.post("/api/v1/folders/", {"name": unique}, user.token)["id"]
    below = server.post("/api/v1/folders/", {"name": "below"}, user.token)["id"]
    server.post(f"/api/v1/folders/{below}/update/parent", {"parent_id": folder}, user.token)
    ids = {
        "old": aged(server, "old", 31, token=user.token),
        "new": aged(server, "new", 29, token=user.token),
        "pinned": aged(server, "pinned", 40, token=user.token),
        "filed": aged(server, "filed", 40, folder, user.token),
        "filed new": aged(server, "filed new", 1, folder, user.token),
        "below": aged(server, "below", 40, below, user.token),
    }
    server.post(f"/api/v1/chats/{ids['pinned']}/pin", None, user.token)

    def in_archive() -> set[str]:
        return {title for title, id in ids.items() if archived(server, id, user.token)}

    with client_of(sort, server.project.sandbox, user.token) as client:
        shown = client.archive_chats_by_age(dry_run=True)
        assert in_archive() == set()
        done = cast("dict[str, Any]", client.archive_chats_by_age())
        assert in_archive() == {"old"}
        assert {**shown} == done
        assert [row["title"] for row in done["archived_chats"]] == ["old"]
        assert done["archived_chats"][0].keys() == {"id", "title", "updated_at"}
        counts = ("total_checked", "total_archived", "total_failed", "failed_chats", "errors")
        assert [done[key] for key in counts] == [2, 1, 0, [], []]
        done = cast("dict[str, Any]", client.archive_chats_by_age(30, unique))
        assert [done[key] for key in counts] == [2, 1, 0, [], []]
        assert in_archive() == {"old", "filed"}
        assert client.archive_chats_by_age(0)["total_archived"] == 1
        assert in_archive() == {"old", "filed", "new"}
        unknown = cast("dict[str, Any]", client.archive_chats_by_age(30, "none"))
        assert (unknown["total_checked"], len(unknown["errors"])) == (0, 1)
        client.raise_on_error = True
        with pytest.raises(Missing):
            client.archive_chats_by_age(30, "none")
        with pytest.raises(WrongValue):
            client.archive_chats_by_age(-1)


@pytest.mark.parametrize("sort", ["sync", "async"])
def test_all_chats_of_the_user_are_deleted_and_none_of_others(server: Server, unique: str, sort: str) -> None:
    user, mine = server.user(unique), chat(server, unique)
    id = aged(server, "x", 1, token=user.token)
    aged(server, "y", 1, token=user.token)
    server.post(f"/api/v1/chats/{id}/archive", None, user.token)
    with client_of(sort, server.project.sandbox, user.token) as client:
        assert client.delete_all_chats() is True
    assert server.get("/api/v1/chats/all/archived", user.token) == []
    assert server.get("/api/v1/chats/?include_folders=true&include_pinned=true", user.token) == []
    assert server.get(f"/api/v1/chats/{mine}")["title"] == unique


def test_what_cannot_be_done_fails_as_documented(
    client: OpenWebUIClient, nobody: OpenWebUIClient, caplog: pytest.LogCaptureFixture, server: Server, unique: str
) -> None:
    id = talk(server, unique)
    for one in (client, nobody):
        chosen = "none" if one is client else id
        fails(one, caplog, NotFound, False, "rename_chat", chosen, "x")
        fails(one, caplog, ApiError, False, "set_chat_tags", chosen, ["x"])
        fails(one, caplog, NotFound, None, "update_chat_metadata", chosen, title="x")
        fails(one, caplog, NotFound, False, "switch_chat_model", chosen, "stub-small") if one is client else None
        fails(one, caplog, NotFound, False, "archive_chat", chosen)
    fails(client, caplog, WrongValue, None, "update_chat_metadata", id)
    with pytest.raises(WrongValue, match="page is 0"):
        client.list_chats(0)
    fails(client, caplog, WrongValue, False, "set_chat_tags", id, ["x", "None"])
    fails(client, caplog, Missing, False, "switch_chat_model", id, ["stub-small", "none"])
    fails(client, caplog, WrongValue, False, "switch_chat_model", id, [])
    row = server.get(f"/api/v1/chats/{id}")
    assert (row["title"], row["archived"], row["chat"]["models"]) == (unique, False, ["stub-small"])
    assert tags(server, id) == []
