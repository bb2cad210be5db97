"""What a run that was killed, or whose connection was cut, left on the server: uploads that are in no base."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from owui_sync.client.api import files
from owui_sync.client.api.files import FileRow
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.reader import Reader
from owui_sync.kinds.files.stored import marked


async def find_orphans(
    reader: Reader, base: str, known: Container[str], names: Iterable[str] | None = None
) -> list[FileRow]:
    """Return the files that were uploaded for a base, newest first, and are not known.

    Args:
        known: ids of the files that are in the base, or in hand.
        names: names that they may have; None for any.

    Requests: one for each name, or else one for 1,000 files of the server.
    """
    patterns = ["*"] if names is None else sorted({re.sub(r"[][*?\\]", "?", name) for name in names})
    found = await gather_or_cancel(*(files.search(reader, one) for one in patterns))
    rows = {row["id"]: row for rows in found for row in rows if marked(row).get("knowledge") == base}
    return [row for id, row in rows.items() if id not in known]
