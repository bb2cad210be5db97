"""Tools: so far, which there are."""

from __future__ import annotations

from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_rows

_LIST = "/api/v1/tools/"


async def list_all(reader: Reader) -> list[Row]:
    """All tools, without their source; tool servers are among them with ids `server:*`. One request."""
    return as_rows(await reader.get(_LIST), "GET", _LIST)
