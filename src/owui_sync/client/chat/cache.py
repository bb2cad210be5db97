"""What a client has learned of its server while it works, so that it need not ask again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary, WeakValueDictionary

from owui_sync.client.api import completions
from owui_sync.client.errors import Missing
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row


@dataclass(slots=True)
class ServerCache:
    """What one client knows of its server.

    Attributes:
        models: id -> ids of the tools that the page gives to chats with it, for each model that can be asked.
        with_settings: models that have settings of their own: presets, and providers' models that were changed.
        without_usage: models whose provider does not count tokens.
        limits: how many tokens an answer may have by the model's own parameters, 0 for no limit.
        turns: one lock for each title, so that turns of one chat come one after the other.
        account: the id of the user, once it was asked for.
        finds_titles: whether the server may be asked which chats have a title.
        seconds: how long answers usually take, by the models of a turn.
        writes: how many chats are written at the same time, however many answers are waited for: a server on SQLite
            writes one at a time, and loses the ends of answers when too many wait.
        reading: held while the list of models is read, so that jobs that begin together read it once.
    """

    models: dict[str, tuple[str, ...]] = field(default_factory=dict)
    with_settings: set[str] = field(default_factory=set)
    without_usage: set[str] = field(default_factory=set)
    limits: dict[str, int] = field(default_factory=dict)
    turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    account: str | None = None
    finds_titles: bool = True
    seconds: dict[tuple[str, ...], float] = field(default_factory=dict)
    writes: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    def turn(self, title: str) -> asyncio.Lock:
        """Return the lock of the chat of that title."""
        return self.turns.setdefault(title, asyncio.Lock())


_CACHES: WeakKeyDictionary[Reader, ServerCache] = WeakKeyDictionary()


def cache_for(client: Reader) -> ServerCache:
    """Return what that client knows; it is forgotten with the client."""
    return _CACHES.setdefault(client, ServerCache())


async def read_models(reader: Reader) -> list[Row]:
    """Return the models that the user may ask, and remember them for `check_models`. One request."""
    rows = await completions.models(reader)
    cache = cache_for(reader)
    cache.models = {row["id"]: _tools(row) for row in rows}
    cache.with_settings = {row["id"] for row in rows if row.get("info")}
    return rows


def forget_models(reader: Reader) -> None:
    """Let `check_models` read the list again: models, or what they are made of, have changed."""
    cache_for(reader).models = {}
    cache_for(reader).limits = {}


async def check_models(reader: Reader, models: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of the tools that come with these models, as the page gives them to a chat.

    Requests: none for models that were seen before, else one.

    Raises:
        Missing: a model cannot be asked.
    """
    cache, wanted = cache_for(reader), list(models)
    async with cache.reading:
        if not cache.models.keys() >= set(wanted):
            await read_models(reader)
    for model in wanted:
        if model not in cache.models:
            raise Missing("model", model, "/api/models", sorted(cache.models))
    return tuple(dict.fromkeys(tool for model in wanted for tool in cache.models[model]))


def _tools(row: Row) -> tuple[str, ...]:
    info = row.get("info")
    meta = info.get("meta") if isinstance(info, dict) else None
    tools = meta.get("toolIds") if isinstance(meta, dict) else None
    return tuple(map(str, tools)) if isinstance(tools, list) else ()
