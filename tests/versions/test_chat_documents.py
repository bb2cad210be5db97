"""Documents of chats that somebody else changes after they were read, on every version."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from owui_sync.client.api import chats
from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.find import new_chat
from owui_sync.client.connect import Server as Address
from owui_sync.client.writer import Writer
from tests.support.asking import asking
from tests.support.server import Server
from tests.support.stored import Chat, chat_of


def message(id: str, parent: str | None, role: str = "user", **more: Any) -> dict[str, Any]:
    done = {"done": True, "model": "stub-small"} if role == "assistant" else {}
    own: dict[str, Any] = {"id": id, "parentId": parent, "childrenIds": [], "role": role, "timestamp": int(time.time())}
    return {**own, "content": f"I am {id}", **done, **more}


FIRST = {"u1": message("u1", None), "a1": message("a1", "u1", "assistant")}


@pytest.fixture
def changed(server: Server, unique: str) -> Callable[[Callable[[ChatDocument], Awaitable[None]]], tuple[Chat, Chat]]:
    """What `write` makes of a chat that a person changed after it was read: as known here, and as stored."""

    def run(write: Callable[[ChatDocument], Awaitable[None]]) -> tuple[Chat, Chat]:
        async def work(writer: Writer) -> Chat:
            document = ChatDocument(writer, await chats.create(writer, new_chat(unique, meta={"theirs": 1})))
            await document.put_messages(FIRST, "a1")
            path = f"/api/v1/chats/{document.id}"
            known = server.get(path)["chat"]["history"]
            mine = {"u2": message("u2", "a1"), "a2": message("a2", "u2", "assistant")}
            history = {**known, "messages": {**known["messages"], **mine}, "currentId": "a2"}
            server.post(path, {"chat": {"title": "Mine", "params": {"top_k": 3}, "history": history}})
            await write(document)
            return Chat({**document.row})

        sandbox = server.project.sandbox
        known = asking(Address(url=sandbox.url, token=sandbox.token), work)
        return known, chat_of(server, known.row["id"])

    return run


def edits(chat: Chat) -> tuple[str, dict[str, Any], bool]:
    return chat.title, chat.row["chat"]["params"], {"u2", "a2"} <= chat.messages.keys()


MINE = ("Mine", {"top_k": 3}, True)


def test_a_state_is_kept_beside_what_others_keep_and_tells_what_they_wrote(changed: Any) -> None:
    known, stored = changed(lambda document: document.remember("ours", {"step": 1}))
    assert edits(known) == edits(stored) == MINE
    assert stored.row["chat"]["meta"] == {"theirs": 1, "ours": {"step": 1}}


def test_a_new_turn_stands_beside_the_messages_of_others(changed: Any) -> None:
    turn = {"u3": message("u3", "a1"), "a3": message("a3", "u3", "assistant")}
    known, stored = changed(lambda document: document.put_messages(turn, "a3"))
    assert edits(known) == edits(stored) == MINE
    assert [one["id"] for one in stored.shown] == ["u1", "a1", "u3", "a3"]
    assert sorted(stored.messages["a1"]["childrenIds"]) == ["u2", "u3"]


def test_a_message_that_is_changed_does_not_change_what_the_page_shows(changed: Any) -> None:
    async def name_follow_ups(document: ChatDocument) -> None:
        await document.put_messages({"a1": {**document.messages["a1"], "followUps": ["And then?"]}})

    known, stored = changed(name_follow_ups)
    assert edits(known) == edits(stored) == MINE
    assert stored.messages["a1"]["followUps"] == ["And then?"]
    assert [one["id"] for one in stored.shown] == ["u1", "a1", "u2", "a2"]
