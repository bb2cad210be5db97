"""What a client has learned of its server while it works, so that it need not ask again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary, WeakValueDictionary

from owui_sync.client.reader import Reader


@dataclass(slots=True)
class Known:
    """What one client knows.

    Attributes:
        models: ids of models that can be asked.
        uncounted: models whose provider does not count tokens.
        turns: one lock for each title, so that turns of one chat come one after the other.
        writes: how many chats are written at the same time, however many answers are waited for: a server on SQLite
            writes one at a time, and loses the ends of answers when too many wait.
    """

    models: set[str] = field(default_factory=set)
    uncounted: set[str] = field(default_factory=set)
    turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    writes: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))

    def turn(self, title: str) -> asyncio.Lock:
        """The lock of the chat of that title."""
        return self.turns.setdefault(title, asyncio.Lock())


_KNOWN: WeakKeyDictionary[Reader, Known] = WeakKeyDictionary()


def known(client: Reader) -> Known:
    """What that client knows; it is forgotten with the client."""
    return _KNOWN.setdefault(client, Known())
