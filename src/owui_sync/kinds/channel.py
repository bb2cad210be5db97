"""Channels: rooms in which users talk to each other and to models. Names are not unique on the server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from owui_sync.client.api import channels
from owui_sync.client.api.channels import ChannelRow
from owui_sync.client.capabilities import Feature
from owui_sync.client.errors import Forbidden
from owui_sync.client.reader import Reader
from owui_sync.kinds import access
from owui_sync.kinds.fields import flag, key_schema, text
from owui_sync.kinds.lifecycle import Lifecycle
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row, set_among
from owui_sync.kinds.shared import Routes, SharedKind
from owui_sync.kinds.write import WriteRequest

_KEPT = ("is_private", "data", "meta")
"""What an update has to repeat, as the server empties what it is not sent."""


class Channel(SharedKind[ChannelRow]):
    """A channel, identified by its name in lower case."""

    name = "channel"
    section = "channels"
    summary = "Channels, in which users talk to each other and to models. Deleting one deletes its messages."
    key = key_schema("The name; upper and lower case are the same.", "announcements")
    key_ignores_case = True
    fields = (
        text("description", "What the channel is about.", "News", default="", cosmetic=True),
        flag(
            "private",
            "Whether the page shows it as private; who gets in is up to `access`. Default: shown as `access` says.",
            default=None,
        ),
        access.FIELD,
    )
    routes: ClassVar[Routes] = channels
    access_apart = Feature.ACCESS_APART
    lifecycle = Lifecycle(unique=False, rename_since="0.6.43", switched_by="setting/general")

    def remarks(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[str]:
        if self.name in names.switched_off:
            yield "channels are switched off on the server (ENABLE_CHANNELS), which then shows and makes none"

    def unsaid(self, row: ChannelRow) -> Iterable[str]:
        return set_among(row, "data", "meta")

    def identity(self, row: ChannelRow) -> tuple[str, str]:
        return self.normal_key(row["name"]), row["id"]

    async def read(self, reader: Reader) -> list[ChannelRow]:
        """Read all with one request."""
        return await channels.list_all(reader)

    async def observe(self, reader: Reader, want: frozenset[str], names: IdIndex) -> list[ChannelRow]:
        """Read all; where channels are switched off, nothing can be said of those that there are."""
        try:
            return await self.read(reader)
        except Forbidden as error:
            if not channels.are_switched_off(error):
                raise
            names.switched_off.add(self.name)
            return []

    def live(self, row: ChannelRow, names: IdIndex) -> ObservedResource:
        values = {
            "description": row.get("description") or "",
            "private": row.get("is_private"),
            "access": access.of_row(row, names),
        }
        return ObservedResource(self.name, *self.identity(row), values, row)

    def body(self, row: ChannelRow, write: WriteRequest) -> Row:
        description = write.get("description", row.get("description") or "")
        kept = {key: value for key, value in row.items() if key in _KEPT}
        body = {"name": write.key, "description": description, **kept}
        return {**body, "is_private": write.values["private"]} if "private" in write.values else body
