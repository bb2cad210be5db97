"""Housekeeping: chats that nobody changed for so many days are archived. Pinned ones stay."""

from __future__ import annotations

from owui_sync.client.api import chats
from owui_sync.jobs.context import id_of
from owui_sync.jobs.outcome import JobAnswer
from owui_sync.jobs.run import JobRun
from owui_sync.jobs.spec import ArchiveSpec
from owui_sync.kinds.names import IdIndex

_DAY = 86400


async def run_archive(run: JobRun, spec: ArchiveSpec, names: IdIndex) -> JobAnswer:
    """Archive the chats, and say how many. Requests: one for the list, two for each chat that is old enough.

    Archiving is a switch on the server, so each chat is looked at before; see `chats.archive`.

    Raises:
        Stopped: the user stopped the run.
    """
    folder = id_of(names, "folder", spec.folder) if spec.folder else None
    oldest = run.writer.server_time() - spec.older_than_days * _DAY
    old = [row["id"] for row in await chats.titles(run.writer) if row["updated_at"] < oldest]
    archived = 0
    for number, id in enumerate(old, start=1):
        await run.begin(f"archives chat {number}", number, len(old))
        row = await chats.get(run.writer, id)
        if row.get("archived") or row.get("pinned") or (folder and row.get("folder_id") != folder):
            continue
        await chats.archive(run.writer, id)
        archived += 1
    return JobAnswer(f"{archived} {'chat' if archived == 1 else 'chats'} archived")
