"""What a run that was killed, or whose connection was cut, left on the server: uploads that are in no base."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from owui_sync.client.api import files
from owui_sync.client.reader import Reader
from owui_sync.client.together import together
from owui_sync.kinds.base import Row
from owui_sync.kinds.files.stored import marked

_FEW = 8
"""So many names are searched one by one; for more, all files of the server are listed."""


async def left_behind(reader: Reader, base: str, names: Iterable[str], known: Container[str]) -> list[Row]:
    """The files that were uploaded for a base, newest first, and are not known.

    Args:
        names: names that they may have.
        known: ids of the files that are in the base, or in hand.

    Requests: one for each of a few names, or else one for 1,000 files of the server.
    """
    patterns = sorted({re.sub(r"[][*?\\]", "?", name) for name in names})
    found = await together(*(files.search(reader, one) for one in (patterns if len(patterns) <= _FEW else ["*"])))
    rows = {row["id"]: row for rows in found for row in rows if marked(row).get("knowledge") == base}
    return [row for id, row in rows.items() if id not in known]
