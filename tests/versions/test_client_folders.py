"""Folders through both classes of the client library, on every version, checked through the server's own API."""

from __future__ import annotations

import pytest

from owui_sync import OpenWebUIClient
from owui_sync.client.errors import ApiError, Missing, NotFound
from tests.support.clients import fails, finds_nothing
from tests.support.server import Server


def chat(server: Server, title: str, folder: str | None = None) -> str:
    """Id of a new chat."""
    empty = {"title": title, "models": [], "history": {"messages": {}, "currentId": None}}
    id = str(server.post("/api/v1/chats/new", {"chat": empty})["id"])
    if folder:
        server.post(f"/api/v1/chats/{id}/folder", {"folder_id": folder})
    return id


def test_a_folder_is_made_once(client: OpenWebUIClient, server: Server, unique: str) -> None:
    id = client.create_folder(unique)
    assert client.create_folder(unique) == id
    assert client.create_folder(unique.upper()) == id
    assert [row["id"] for row in server.get("/api/v1/folders/") if row["name"].lower() == unique] == [id]


def test_a_folder_is_found_by_its_name(
    client: OpenWebUIClient, server: Server, unique: str, caplog: pytest.LogCaptureFixture
) -> None:
    top = server.post("/api/v1/folders/", {"name": f"{unique} top"})["id"]
    below = server.post("/api/v1/folders/", {"name": unique})["id"]
    server.post(f"/api/v1/folders/{below}/update/parent", {"parent_id": top})
    assert client.get_folder_id_by_name(unique) == below
    same = server.post("/api/v1/folders/", {"name": unique})["id"]
    assert client.get_folder_id_by_name(unique.upper()) == same
    caplog.clear()
    assert client.get_folder_id_by_name("none", suppress_log=True) is None
    assert "none" not in caplog.text


def test_a_chat_is_moved_and_taken_out(client: OpenWebUIClient, server: Server, unique: str) -> None:
    id, folder = chat(server, unique), client.create_folder(unique)
    assert folder is not None
    assert client.move_chat_to_folder(id, folder) is True
    assert server.get(f"/api/v1/chats/{id}")["folder_id"] == folder
    assert client.move_chat_to_folder(id, None) is True
    assert server.get(f"/api/v1/chats/{id}")["folder_id"] is None


def test_chats_of_a_folder_are_all_that_are_not_archived(client: OpenWebUIClient, server: Server, unique: str) -> None:
    folder = server.post("/api/v1/folders/", {"name": unique})["id"]
    below = server.post("/api/v1/folders/", {"name": "below"})["id"]
    server.post(f"/api/v1/folders/{below}/update/parent", {"parent_id": folder})
    other = server.post("/api/v1/folders/", {"name": f"{unique} other"})["id"]
    ids = [chat(server, f"{unique} {number}", place) for number, place in enumerate([folder, folder, below, other])]
    server.post(f"/api/v1/chats/{ids[1]}/pin")
    server.post(f"/api/v1/chats/{ids[3]}/pin")
    gone = chat(server, unique, folder)
    server.post(f"/api/v1/chats/{gone}/archive")
    rows = client.get_chats_by_folder(folder)
    assert rows is not None
    assert {row["id"] for row in rows} == set(ids[:3])
    assert all(row["chat"]["title"].startswith(unique) for row in rows)
    assert client.get_chats_by_folder(server.post("/api/v1/folders/", {"name": f"{unique} empty"})["id"]) == []


def test_what_cannot_be_done_fails_as_documented(
    client: OpenWebUIClient, nobody: OpenWebUIClient, caplog: pytest.LogCaptureFixture, server: Server, unique: str
) -> None:
    id, folder = chat(server, unique), client.create_folder(unique)
    finds_nothing(client, caplog, Missing, "get_folder_id_by_name", "none")
    fails(client, caplog, NotFound, False, "move_chat_to_folder", id, "none")
    fails(client, caplog, NotFound, False, "move_chat_to_folder", "none", folder)
    fails(client, caplog, NotFound, None, "get_chats_by_folder", "none")
    fails(nobody, caplog, ApiError, None, "get_chats_by_folder", folder)
    fails(nobody, caplog, ApiError, False, "move_chat_to_folder", id, folder)
    assert server.get(f"/api/v1/chats/{id}")["folder_id"] is None
