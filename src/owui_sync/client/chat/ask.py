"""Runs a turn in the way that fits."""

from __future__ import annotations

from owui_sync.client.capabilities import Feature, can
from owui_sync.client.chat import passed_on, served
from owui_sync.client.chat.turn import Answer, Turn
from owui_sync.client.writer import Writer


async def ask(writer: Writer, turn: Turn) -> list[Answer]:
    """The answers of a turn, one a model, in the order of its models; a failed one has its `error`.

    One that is run `again` and whose messages are there is not asked a second time, and one that the server still works
    on is waited for. Requests: see the two ways.

    Raises:
        ClientError: the turn could not be run at all; nothing was stored.
    """
    needed = Feature.STORED_TURNS if turn.tool_ids else Feature.LIVE_TURNS
    if len(turn.side_by_side) > 1:
        needed = Feature.PARALLEL_TURNS
    if await can(writer, needed):
        return await served.ask(writer, turn)
    return await passed_on.ask(writer, turn)


async def ask_one(writer: Writer, turn: Turn) -> Answer:
    """The answer of a turn of one model.

    Raises:
        AnswerFailed: it is none, or not a whole one.
        ClientError: the turn could not be run at all.
    """
    [answer] = await ask(writer, turn)
    return answer.whole()
