from __future__ import annotations

import pytest

from owui_sync.client.api import chats
from owui_sync.client.connect import Server
from owui_sync.client.errors import NotFound
from owui_sync.client.writer import Writer
from tests.support.asking import asking, counting


def message(id: str, parent: str | None, role: str, text: str) -> dict[str, object]:
    return {"id": id, "parentId": parent, "role": role, "content": text, "done": True}


def test_life_of_a_chat_one_request_a_step(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> None:
        row = await chats.create(writer, {"title": unique, "history": {"messages": {}, "currentId": None}})
        assert unique in {listed["title"] for listed in await chats.titles(writer)}
        turn = {"u": message("u", None, "user", "hello"), "a": message("a", "u", "assistant", "hi")}
        row = await chats.put_messages(writer, row, turn, "a", models=["stub-small"])
        row = await chats.put_messages(writer, row, {"v": message("v", "a", "user", "and?")}, "v")
        await chats.emit(writer, row["id"], "a", "status", {"description": "looked", "done": True})
        await chats.add_tag(writer, row["id"], "A tag")
        document = await chats.get(writer, row["id"])
        messages = document["chat"]["history"]["messages"]
        assert [(id, messages[id]["childrenIds"]) for id in "uav"] == [("u", ["a"]), ("a", ["v"]), ("v", [])]
        assert document["chat"]["history"]["currentId"] == "v"
        assert document["chat"]["models"] == ["stub-small"]
        assert messages["a"]["statusHistory"] == [{"description": "looked", "done": True}]
        assert (document["meta"] or {})["tags"] == ["a_tag"]

    assert counting(server, live)[1] == 7


def test_a_chat_that_is_not_there_is_not_found(server: Server, plain: Server, unique: str) -> None:
    made = asking(plain, lambda writer: chats.create(writer, {"title": unique, "history": {"messages": {}}}))
    assert unique not in {row["title"] for row in asking(server, chats.titles)}
    with pytest.raises(NotFound):
        asking(server, lambda writer: chats.get(writer, "0b1c"))
    with pytest.raises(NotFound, match="is there such a chat"):
        asking(server, lambda writer: chats.update(writer, "0b1c", {"title": "x"}))
    with pytest.raises(NotFound, match="is there such a chat"):
        asking(server, lambda writer: chats.move(writer, "0b1c", None))
    assert asking(plain, lambda writer: chats.get(writer, made["id"]))["title"] == unique


def test_a_chat_is_put_into_a_folder_and_out_of_it(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> None:
        folder = await writer.create("/api/v1/folders/", {"name": unique})
        row = await chats.create(writer, {"title": unique, "history": {"messages": {}}}, folder["id"])
        assert (await chats.get(writer, row["id"]))["folder_id"] == folder["id"]
        assert (await chats.move(writer, row["id"], None))["folder_id"] is None
        assert (await chats.move(writer, row["id"], folder["id"]))["folder_id"] == folder["id"]

    asking(server, live)
