"""A chat as this process knows it: what the server said of it last."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from owui_sync.client.api import chats
from owui_sync.client.api.chats import ChatRow
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.chat import history
from owui_sync.client.shapes import Row
from owui_sync.client.writer import Writer


@dataclass(slots=True)
class ChatDocument:
    """A chat of the user's that is read once: the server answers each write with the whole chat.

    A write sets only the keys that it names, and only the messages, so what people change in the page meanwhile stays.
    Three writes could take away an edit, so the chat is read right before them:

    - Before `Feature.HISTORY_MERGED` the server replaces all messages at once; `put_messages` reads there by itself.
    - A message is replaced as a whole. Callers that have waited for a model since they read it call `read` first.
    - `files` is one list. Callers that add to it call `read` first.

    Requests go out one after the other: where several turns run at once, the last answer is also the newest, and before
    0.12 the server writes the whole chat for each of them, so that two at once would take away what the other wrote.

    Args:
        writer: the client.
        row: the chat as it was made or read.
        taken: whether the server was told to run a turn in it, which it then stores by itself.
    """

    writer: Writer
    row: ChatRow
    taken: bool = field(default=False, compare=False)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False, compare=False)

    @property
    def id(self) -> str:
        """The chat's id."""
        return str(self.row["id"])

    @property
    def messages(self) -> dict[str, Row]:
        """Its messages by id."""
        return history.messages_of(self.row)

    @property
    def meta(self) -> Mapping[str, Any]:
        """What programs keep in it: `chat.meta`, which the page neither shows nor writes."""
        meta = self.row["chat"].get("meta")
        return meta if isinstance(meta, Mapping) else {}

    @property
    def files(self) -> list[Row]:
        """The files that the page sends with every question."""
        return self.row["chat"].get("files") or []

    @property
    def tags(self) -> set[str]:
        """Ids of its tags."""
        return set((self.row.get("meta") or {}).get("tags") or ())

    async def read(self) -> dict[str, Row]:
        """Read it again, and return its messages. One request."""
        async with self._one_at_a_time:
            await self._read()
        return self.messages

    async def _read(self) -> None:
        self.row = await chats.get(self.writer, self.id)

    async def update(self, **keys: Any) -> None:
        """Set keys of the document other than `history`. One request."""
        async with self._one_at_a_time:
            self.row = await chats.update(self.writer, self.id, keys)

    async def remember(self, key: str, state: Mapping[str, Any]) -> None:
        """Keep a state in `chat.meta` under a key. One request."""
        await self.update(meta=self.meta_with(key, state))

    def meta_with(self, key: str, state: Mapping[str, Any]) -> dict[str, Any]:
        """Return `chat.meta` with a state put in, for a write that sets other keys too.

        The other keys are those that were last seen: whoever writes them shares this document.
        """
        return {**self.meta, key: dict(state)}

    async def emit(self, message_id: str, kind: str, data: Row) -> None:
        """Send an event about a message to the pages that show it, as `chats.emit`. One request."""
        async with self._one_at_a_time:
            await chats.emit(self.writer, self.id, message_id, kind, data)

    async def put_messages(self, messages: Mapping[str, Row], shown: str | None = None, /, **keys: Any) -> None:
        """Add or replace messages, and set keys of the document. One request, before `Feature.HISTORY_MERGED` two.

        Args:
            messages: by id; the others stay.
            shown: the message that the page shows, with all before it; None for the one that it shows already.
            keys: keys of the document, `history` excluded.
        """
        async with self._one_at_a_time:
            if not await can(self.writer, Feature.HISTORY_MERGED):
                await self._read()
            self.row = await chats.put_messages(self.writer, self.row, messages, shown, **keys)
