from __future__ import annotations

import asyncio
from typing import Any, cast
from uuid import UUID

import pytest

from owui_sync.client.api import completions
from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.chat.session import ChatSession
from owui_sync.client.errors import ApiError, Uncertain
from owui_sync.client.runs.run import RunIds
from owui_sync.client.writer import Writer


def session_of(retries: int) -> ChatSession:
    document = ChatDocument(cast(Writer, None), {"title": "t", "id": "c", "chat": {}})
    return ChatSession(document=document, ids=RunIds(UUID(int=1)), retries=retries, pause=1.0)


def test_what_is_asked_aside_is_tried_again_after_pauses_that_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def answer(*_: Any) -> dict[str, Any]:
        return {"choices": [{"message": {"content": ""}}]}

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(completions, "answer", answer)
    session = session_of(3)
    with pytest.raises(AnswerFailed, match="the model answered nothing"):
        asyncio.run(session.ask_aside("m", []))
    assert waits == [1.0, 2.0, 4.0]


def test_a_provider_that_says_when_to_ask_again_is_left_alone_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def answer(*_: Any) -> dict[str, Any]:
        raise ApiError("POST", completions.PATH, 429, "Rate limit reached. Please try again in 20s.")

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(completions, "answer", answer)
    with pytest.raises(AnswerFailed, match="Rate limit"):
        asyncio.run(session_of(2).ask_aside("m", []))
    assert waits == [20.0, 20.0]


def test_a_connection_that_broke_is_asked_again_as_nothing_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    async def sleep(seconds: float) -> None:
        pass

    async def answer(*_: Any) -> dict[str, Any]:
        tries.append(1)
        if len(tries) == 1:
            raise Uncertain("POST", completions.PATH, "answered 503")
        return {"choices": [{"message": {"content": "So."}}], "usage": {"prompt_tokens": 1, "total_tokens": 3}}

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(completions, "answer", answer)
    session = session_of(1)
    assert asyncio.run(session.ask_aside("m", [])).text == "So."
    assert (session.tokens, session.aside) == (3, 3)
    tries.clear()
    with pytest.raises(AnswerFailed, match="answered 503"):
        asyncio.run(session_of(0).ask_aside("m", []))
