"""Functions: so far, which there are."""

from __future__ import annotations

from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_rows

_LIST = "/api/v1/functions/"


async def list_all(reader: Reader) -> list[Row]:
    """All functions (pipes, filters, actions), without their source. One request; administrators only."""
    return as_rows(await reader.get(_LIST), "GET", _LIST)
