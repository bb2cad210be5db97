from __future__ import annotations

import asyncio
from typing import Any, cast
from uuid import UUID

import pytest

from owui_sync.client.api import completions
from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.chat.session import ChatSession
from owui_sync.client.runs.run import RunIds
from owui_sync.client.writer import Writer


def test_what_is_asked_aside_is_tried_again_after_pauses_that_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def answer(*_: Any) -> dict[str, Any]:
        return {"choices": [{"message": {"content": ""}}]}

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(completions, "answer", answer)
    document = ChatDocument(cast(Writer, None), {"title": "t", "id": "c", "chat": {}})
    session = ChatSession(document=document, ids=RunIds(UUID(int=1)), retries=3, pause=1.0)
    with pytest.raises(AnswerFailed, match="the model answered nothing"):
        asyncio.run(session.ask_aside("m", []))
    assert waits == [1.0, 2.0, 4.0]
