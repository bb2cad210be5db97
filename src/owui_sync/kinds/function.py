"""Functions: Python sources that the server runs as models of their own, around every chat, or at a click."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from owui_sync.client.api import functions
from owui_sync.client.api.functions import FunctionRow
from owui_sync.client.capabilities import Feature
from owui_sync.client.errors import ApiError, ClientError, NotFound
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError
from owui_sync.kinds import valves
from owui_sync.kinds.base import Fault
from owui_sync.kinds.fields import flag
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.python_source import outline
from owui_sync.kinds.source import (
    DESCRIPTION,
    NAME,
    SourceKind,
    changes_source,
    content_field,
    identifier,
    meta_field,
)
from owui_sync.kinds.unfinished import finishing
from owui_sync.kinds.write import WriteRequest

_CLASSES = ("Pipe", "Filter", "Action", "Event")
_EXAMPLE = "class Filter:\n    priority = 5\n"


def _since(content: Any) -> str | None:
    """Return the first version that takes such a source: events came later than the rest."""
    seen = outline(content) if isinstance(content, str) else None
    is_event = seen is not None and seen.names is not None and not any(map(seen.defines, _CLASSES[:-1]))
    return str(Feature.EVENT_FUNCTIONS.since) if is_event and seen and seen.defines("Event") else None


class Function(SourceKind[FunctionRow]):
    """A function, identified by its id in lower case."""

    name = "function"
    section = "functions"
    summary = (
        "Functions: Python sources that the server runs, with its own rights, as pipes, filters, actions or events."
    )
    key = identifier("function", "redact_pii")
    fields = (
        NAME,
        content_field(
            "The Python source, with a class `Pipe` (a model of its own), `Filter` (around chats), `Action` (a button "
            "below answers) or `Event`; `!file functions/redact.py` reads it.",
            _EXAMPLE,
            since_of=_since,
        ),
        DESCRIPTION,
        flag("active", "Whether it runs. Default: false.", default=False),
        flag("global", "Whether a filter or action is for all models. Default: false.", default=False),
        valves.FIELD,
        meta_field(),
    )
    classes = _CLASSES

    async def read(self, reader: Reader) -> list[FunctionRow]:
        """Read all with one request, valves included."""
        return await functions.export(reader)

    async def is_listed_off(self, reader: Reader, id: str) -> bool:
        """Ask for one with one request: where functions are switched off (since 0.12.4) only the list is empty."""
        try:
            return bool(await functions.get(reader, id))
        except NotFound:
            return False

    def problems(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[Fault]:
        if self.name in names.switched_off:
            yield "content", "the server has functions switched off", "set ENABLE_PLUGINS and ENABLE_FUNCTIONS there"

    def live(self, row: FunctionRow, names: IdIndex) -> ObservedResource:
        flags = {"active": bool(row.get("is_active")), "global": bool(row.get("is_global"))}
        values = {**self.source_values(row), **flags}
        return ObservedResource(self.name, *self.identity(row), values, row, self.defaults_of(row))

    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        with valves.discreet({}):
            empty: Any = {}
            row = await functions.create(writer, self.body(empty, write))
        return await self._finish(writer, {**row, "valves": {}}, write)

    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        row: FunctionRow = live.row
        stored = row.get("valves") or {}
        if changes_source(write):
            row = await valves.beside_valves(functions, writer, live, write, lambda: self._replace(writer, live, write))
        return await self._finish(writer, {**row, "valves": stored}, write)

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        await functions.delete(writer, live.id)

    async def _replace(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> FunctionRow:
        """Send the source. Where the server refuses it, the former one stays and runs as before."""
        try:
            return await functions.update(writer, live.id, self.body(live.row, write))
        except ApiError as refused:
            try:
                await self._run_again(writer, live)
            except ClientError as error:
                raise OwuiSyncError(
                    f"{refused.detail}; the server kept the former source and switched it off ({error.happened})",
                    hint="switch the function on again on the server, and correct the source",
                ) from refused
            raise

    async def _run_again(self, writer: Writer, live: ObservedResource) -> None:
        """Switch a function on again that the server switched off when it refused the new source (up to 0.11.4)."""
        if live.row.get("is_active") and not (await functions.get(writer, live.id)).get("is_active"):
            await functions.toggle(writer, live.id)

    async def _finish(self, writer: Writer, row: FunctionRow, write: WriteRequest) -> ObservedResource:
        """Set what an update of the source leaves alone; it becomes active last, so that it never runs without."""
        with finishing(self.live(row, write.names)):
            row = await valves.write_valves(functions, writer, row, write)
            if write.get("global", row["is_global"]) != row["is_global"]:
                row = {**row, **await functions.toggle_global(writer, row["id"])}
            if write.get("active", row["is_active"]) != row["is_active"]:
                row = {**row, **await functions.toggle(writer, row["id"])}
        return self.live(row, write.names)
