"""Turns that the server runs by itself: it stores both messages, and goes on when nobody waits any more.

Without tools it works in the background while we look at the chat now and then, so that what had come is known when
the provider breaks off. Function calling is then `legacy`: else the server would hand the model some thirty tools of
its own, which write notes and make automations. It also makes the server retrieve from files and search the web for
each question, instead of leaving that to the model.

The chat alone does not tell when a turn is over: filters may change an answer after it was marked as done.

With tools it runs in one long request without a session, which is the only way to native calls of the named tools and
no others; several models with tools get them described in the prompt.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from owui_sync.client.api import completions, tasks
from owui_sync.client.chat import history
from owui_sync.client.chat.body import options, system
from owui_sync.client.chat.cache import cache_for
from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.chat.pace import Pace
from owui_sync.client.chat.patience import retry_when_locked
from owui_sync.client.chat.turn import Answer, Turn
from owui_sync.client.chat.verdict import finalize
from owui_sync.client.errors import ClientError, Conflict, Uncertain
from owui_sync.client.shapes import Row
from owui_sync.client.silence import Silence

_SESSION = "owui-sync"
_LONGEST_RUN = 24 * 3600.0

_LOST_SECONDS = 5.0
"""A message that is not finished and that nobody works on for so long was lost: the server was restarted, or it failed
to store the end of the answer."""

_LOOK_SECONDS = 0.5
"""How often the text of an answer is looked at while the server works on it."""


class _Lost(Exception):
    """Nobody works on a message that is not finished."""


async def ask(document: ChatDocument, turn: Turn) -> list[Answer]:
    """Run a turn, or wait for one that runs already; one that is finished is not asked again.

    Requests: none for one that the document has as finished. Else one to start, one to look whether it is over (more,
    the longer it takes; none with tools), and one to read the chat.

    Raises:
        ApiError: the server does not take the turn; nothing was stored.
    """
    begin = _run if _native(turn) else _start
    if turn.again and _is_taken(document, turn):
        if _is_finished(document, turn):
            return await finalize(document, turn, {})
    else:
        await begin(document, turn)
    try:
        return await _follow(document, turn)
    except _Lost:
        # Its messages are there, so it is run into the same ones; not if another answer of the turn is finished.
        with suppress(Conflict):
            await begin(document, turn)
        return await _follow(document, turn, last=True)


async def _follow(document: ChatDocument, turn: Turn, last: bool = False) -> list[Answer]:
    """Wait for a turn that the server has taken, and tell what came of it.

    Raises:
        _Lost: the server no longer works on it; not if it was the `last` time to try.
    """
    with _silence(turn) as silence:
        return await _followed(document, turn, silence, last=last)


async def _followed(document: ChatDocument, turn: Turn, silence: Silence, *, last: bool) -> list[Answer]:
    seen: dict[str, str] = {}
    native = _native(turn)  # Long requests are in no list of what is running; they are over when they end.
    lost = turn.silence if native else _LOST_SECONDS
    pace = Pace(cache_for(document.writer).seconds, turn.models)
    changed = looked = time.monotonic()
    before: list[Row | None] = []
    if not native:
        await pace.first()
    while True:
        running = [] if native else await _running(document, turn)
        if not running or time.monotonic() - looked > _LOOK_SECONDS:
            stored, looked = _stored(await document.read(), turn), time.monotonic()
            if stored != before:
                before, changed = stored, looked
                silence.broken()
                _remember(seen, stored)
            if not running and _is_finished(document, turn):
                if not native:
                    pace.over()
                return await finalize(document, turn, seen)
        quiet = time.monotonic() - changed
        gone = not running and quiet > lost
        if gone and not last:
            raise _Lost
        if gone or quiet > turn.silence:
            return await _given_up(document, turn, seen, running)
        await pace.next()


async def _given_up(document: ChatDocument, turn: Turn, seen: dict[str, str], running: list[str]) -> list[Answer]:
    reason = "the server no longer works on it: it was restarted, or could not store it"
    if running:
        reason = f"nothing came for {turn.silence:g} s"
        await tasks.stop(document.writer, document.id, running, others=turn.beside)
    for message in _stored(await document.read(), turn):
        # Stopping marks a message as done, which it is not.
        if message and not message.get("error") and not message.get("usage"):
            message["done"] = False
    return await finalize(document, turn, seen, reason)


async def _running(document: ChatDocument, turn: Turn) -> list[str]:
    """Return the ids of what the server does for the turn, or for its chat where nothing else runs there."""
    running = await tasks.running(document.writer, document.id)
    if not turn.beside:
        return running
    own = {(message.get("meta") or {}).get("task_id") for message in _stored(document.messages, turn) if message}
    return [id for id in running if id in own]


def _silence(turn: Turn, *, limited: bool = True) -> Silence:
    return Silence(f"the answer of {', '.join(turn.models)}", turn.silence if limited else None)


def _remember(seen: dict[str, str], stored: list[Row | None]) -> None:
    for message in stored:
        if message and len(text := history.text_of(message)) > len(seen.get(message["id"], "")):
            seen[message["id"]] = text


async def _start(document: ChatDocument, turn: Turn) -> None:
    writer, body = document.writer, {**_body(turn), "session_id": _SESSION, **_places(turn)}
    document.taken = True
    try:
        await retry_when_locked(writer, lambda: completions.start(writer, body))
    except Uncertain:
        await document.read()
        if not _is_taken(document, turn):
            raise


async def _run(document: ChatDocument, turn: Turn) -> None:
    document.taken = True
    try:
        with _silence(turn, limited=False):
            await completions.run(document.writer, {**_body(turn), **_places(turn)}, _LONGEST_RUN)
    except ClientError:
        # What the provider did wrong is stored in the message; what the server did not take is nowhere.
        await document.read()
        if not _is_taken(document, turn):
            raise


def _stored(messages: Mapping[str, Row], turn: Turn) -> list[Row | None]:
    """Return the messages of the answers, None for one that is not there."""
    return [messages.get(id) for id in turn.answer_ids]


def _is_taken(document: ChatDocument, turn: Turn) -> bool:
    """Return whether the server has the turn: finished, or still working on it."""
    return None not in _stored(document.messages, turn)


def _is_finished(document: ChatDocument, turn: Turn) -> bool:
    """Return whether nobody works on any of the answers. An answer that somebody deleted is not waited for."""
    return all(message is None or history.finished(message) for message in _stored(document.messages, turn))


def _native(turn: Turn) -> bool:
    """Return whether the model calls the tools by itself; the one request that this takes can only have one model."""
    return bool(turn.tool_ids) and len(turn.side_by_side) == 1


def _calling(turn: Turn) -> Row:
    """Return how tools are called. Where a model calls them by itself, the server leaves the search of the web out."""
    return {} if _native(turn) and not turn.web_search else {"function_calling": "legacy"}


def _places(turn: Turn) -> Row:
    """Return where the answers go."""
    if len(turn.side_by_side) == 1:
        return {"id": turn.answer_ids[0]}
    named = enumerate(zip(turn.models, turn.answer_ids, strict=True), turn.first)
    return {"message_ids": [{"model_id": model, "message_id": id, "modelIdx": n} for n, (model, id) in named]}


def _body(turn: Turn) -> Row:
    body: dict[str, Any] = {
        "model": turn.models[0],
        "stream": True,
        "chat_id": turn.chat_id,
        "parent_id": turn.parent_id,
        "user_message": history.question_message(turn),
        "params": {**_calling(turn), **turn.params},
    }
    return body | options(turn) | ({"messages": system(turn)} if turn.system else {})
