"""Takes files out of a knowledge base without taking them out of another one."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence, Set

from owui_sync.client.api import files, knowledge
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.concurrency import each, gather_or_cancel
from owui_sync.client.errors import NotFound
from owui_sync.client.writer import Writer


async def remove(writer: Writer, base: str, file_ids: Sequence[str], folder_ids: Sequence[str]) -> None:
    """Take files out of a base, and delete those that no other base holds; then delete the directories.

    Requests: one; before 0.11.4 two for each file, and those of `held_elsewhere`.
    """
    safe = await can(writer, Feature.KNOWLEDGE_CLEANUP)
    if not safe and file_ids:
        await _remove_singly(writer, base, file_ids)
    if folder_ids or (safe and file_ids):
        await knowledge.cleanup(writer, base, file_ids if safe else [], folder_ids)


async def _remove_singly(writer: Writer, base: str, file_ids: Sequence[str]) -> None:
    held = await held_elsewhere(writer, base)

    async def work(id: str) -> None:
        with contextlib.suppress(NotFound):
            await knowledge.remove_file(writer, base, id)
        if id not in held:
            await _gone(writer, id)

    await each(work, file_ids, writer.connections)


async def drop(writer: Writer, base: str, file_ids: Sequence[str]) -> None:
    """Delete files that were uploaded for a base and are not in it, but for those that another base holds by now.

    Requests: none without files; else one for each, and those of `held_elsewhere`.
    """
    if file_ids:
        held = await held_elsewhere(writer, base)
        await each(lambda id: _gone(writer, id), [id for id in file_ids if id not in held], writer.connections)


async def _gone(writer: Writer, id: str) -> None:
    with contextlib.suppress(NotFound):
        await files.delete(writer, id)


async def held_elsewhere(writer: Writer, base: str) -> Set[str]:
    """Return the ids of the files that other knowledge bases hold.

    Requests: the list of bases, and the lists of their files.
    """
    others = [row["id"] for row in await knowledge.list_all(writer) if row["id"] != base]
    held = await gather_or_cancel(*(knowledge.file_ids(writer, other) for other in others))
    return frozenset().union(*held)
