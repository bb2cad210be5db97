"""Runs a turn in the way that fits."""

from __future__ import annotations

from owui_sync.client.capabilities import Feature, can
from owui_sync.client.chat import background, streaming
from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.turn import Answer, Turn


async def ask(document: ChatDocument, turn: Turn) -> list[Answer]:
    """Return the answers of a turn, one a model, in the order of its models; a failed one has its `error`.

    One that is run `again` and whose messages are in the document is not asked a second time, and one that the server
    still works on is waited for. Requests: see the two ways.

    Raises:
        ClientError: the turn could not be run at all; nothing was stored.
    """
    needed = Feature.STORED_TURNS if turn.tool_ids else Feature.LIVE_TURNS
    if len(turn.side_by_side) > 1 or turn.beside:
        needed = Feature.PARALLEL_TURNS
    if await can(document.writer, needed):
        return await background.ask(document, turn)
    return await streaming.ask(document, turn)
