"""Skills: so far, which there are."""

from __future__ import annotations

from owui_sync.client.capabilities import Feature, can
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_rows

_LIST = "/api/v1/skills/"


async def list_all(reader: Reader) -> list[Row]:
    """All skills, without their content. One request; none before 0.8.0, which has no skills."""
    if not await can(reader, Feature.SKILLS):
        return []
    return as_rows(await reader.get(_LIST), "GET", _LIST)
