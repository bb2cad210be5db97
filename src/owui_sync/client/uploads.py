"""What follows an upload: the server extracts the text and indexes it, which goes on after its answer."""

from __future__ import annotations

import asyncio

from owui_sync.client.api import files
from owui_sync.client.reader import Reader

PATIENCE = 600.0
"""Seconds that the server may take for the text of one file."""


async def unreadable(reader: Reader, file_id: str, patience: float = PATIENCE) -> str:
    """Waits until the server has the text of a file; the reason when it cannot, else nothing.

    Requests: one or more, the longer it takes; one more for the reason.
    """
    pause, waited = 0.1, 0.0
    while waited < patience:
        status = await files.status(reader, file_id)
        if status == "completed":
            return ""
        if status == "failed":
            return str(((await files.get(reader, file_id)).get("data") or {}).get("error") or "no reason given")
        await asyncio.sleep(pause)
        waited, pause = waited + pause, min(pause * 1.5, 2.0)
    return f"its text was not ready after {patience:.0f} s"
