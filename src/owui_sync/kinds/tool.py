"""Tools: Python sources whose methods models may call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from owui_sync.client.api import tools
from owui_sync.client.api.tools import ToolRow
from owui_sync.client.capabilities import Feature
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds import access, valves
from owui_sync.kinds.lifecycle import Lifecycle, Visibility
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row
from owui_sync.kinds.shared import Routes, SharedKind
from owui_sync.kinds.source import (
    DESCRIPTION,
    NAME,
    SourceKind,
    content_field,
    identifier,
    meta_field,
)
from owui_sync.kinds.write import WriteRequest

_EXAMPLE = "class Tools:\n    def ping(self):\n        return 'pong'\n"


class Tool(SourceKind[ToolRow], SharedKind[ToolRow]):
    """A tool, identified by its id in lower case."""

    name = "tool"
    section = "tools"
    summary = "Tools: Python sources whose methods models may call. The server runs them with its own rights."
    key = identifier("tool", "ticket_lookup")
    fields = (
        NAME,
        content_field("The Python source, with a class `Tools`; `!file tools/lookup.py` reads it.", _EXAMPLE),
        DESCRIPTION,
        valves.FIELD,
        access.FIELD,
        meta_field(since=str(Feature.TOOL_META.since)),
    )
    classes = ("Tools",)
    routes: ClassVar[Routes] = tools
    lifecycle = Lifecycle(visibility=Visibility.READABLE, replaced_by_new=True)
    separate = frozenset({"valves"})

    async def read(self, reader: Reader) -> list[ToolRow]:
        """Read all with one request; valves stay unknown."""
        return await tools.export(reader)

    async def whole(self, reader: Reader, row: ToolRow, wanted: Mapping[str, Any]) -> ToolRow:
        """Read the valves of one with one request."""
        return {**row, "valves": await tools.valves(reader, row["id"])}

    def live(self, row: ToolRow, names: IdIndex) -> ObservedResource:
        values = {**self.source_values(row), "access": access.of_row(row, names)}
        unknown = frozenset(() if "valves" in row else ("valves",))
        return ObservedResource(self.name, *self.identity(row), values, row, self.defaults_of(row), unknown)

    async def send_new(self, writer: Writer, body: Row) -> ToolRow:
        with valves.discreet({}):
            return {**await tools.create(writer, body), "valves": {}}

    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        return await valves.beside_valves(
            tools, writer, live, write, lambda: super(Tool, self).update(writer, live, write)
        )

    async def complete(
        self, writer: Writer, row: ToolRow, write: WriteRequest, before: ObservedResource | None
    ) -> ToolRow:
        if before and "valves" in before.row:
            row = {"valves": before.row["valves"], **row}
        return await valves.write_valves(tools, writer, row, write)
