"""All chats of the user with all their messages, as the page exports them: for searches that the server does not offer.

Rows are those of `client.api.chats`. The answer grows with everything that was ever said, so this is for rare moments.
"""

from __future__ import annotations

from typing import Any

from owui_sync.client.api import chats
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.errors import UnknownAnswer
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_rows
from owui_sync.values import load_json

_ALL = "/api/v1/chats/all"
_ARCHIVED = "/api/v1/chats/all/archived"


async def everything(reader: Reader) -> list[Row]:
    """Return every chat, archived ones too. One request; before 0.8.0, whose export is broken, two and one a chat."""
    if await can(reader, Feature.CHAT_EXPORT):
        return as_rows(_parsed(await reader.get_bytes(_ALL)), "GET", _ALL)
    listed, archived = await gather_or_cancel(chats.titles(reader), reader.get(_ARCHIVED))
    return [
        *await gather_or_cancel(*(chats.get(reader, row["id"]) for row in listed)),
        *as_rows(archived, "GET", _ARCHIVED),
    ]


def _parsed(content: bytes) -> Any:
    """Return the rows of an answer that is one list, or since 0.10 a line for each chat."""
    try:
        if content.lstrip().startswith(b"["):
            return load_json(content)
        return [load_json(line) for line in content.splitlines() if line.strip()]
    except ValueError:
        raise UnknownAnswer("GET", _ALL, 200, "lines that are not JSON") from None
