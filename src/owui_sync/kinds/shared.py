"""Kinds whose objects are written whole and shared by grants: one way to create and change them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Protocol

from owui_sync.client.capabilities import Feature, can
from owui_sync.client.writer import Writer
from owui_sync.kinds import access
from owui_sync.kinds.base import Kind
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import R, Row
from owui_sync.kinds.unfinished import finishing
from owui_sync.kinds.write import WriteRequest


class Routes(Protocol):
    """The requests that write an object: a module of `owui_sync.client.api`."""

    async def create(self, writer: Writer, body: Row, /) -> Any:
        """Create an object; return the server's row."""

    async def update(self, writer: Writer, id: str, body: Row, /) -> Any:
        """Replace an object; return the server's row."""

    async def set_access(self, writer: Writer, id: str, grants: Sequence[Row], /) -> Any:
        """Replace the grants of an object; return the server's row."""

    async def delete(self, writer: Writer, id: str, /) -> None:
        """Delete an object."""


class SharedKind(Kind[R]):
    """A kind with `access`: a write sends the body with the grants, corrects the grants, and sets what is left."""

    routes: ClassVar[Routes]
    """Needed unless the kind sends its requests itself."""
    access_apart: ClassVar[Feature] = Feature.ACCESS_ROUTES
    """From when on the server can set access alone; before, every write sends all of the object."""
    separate: ClassVar[frozenset[str]] = frozenset()
    """Fields besides `access` that the body does not set; `complete` does."""

    @abstractmethod
    def body(self, row: R, write: WriteRequest) -> Row:
        """Return what the server is sent, without access: `row` (empty for a new object) with the changes in it."""

    async def send_new(self, writer: Writer, body: Row) -> R:
        """Create an object; return the server's row."""
        row: R = await self.routes.create(writer, body)
        return row

    async def send_changes(self, writer: Writer, id: str, body: Row) -> R:
        """Replace an object; return the server's row."""
        row: R = await self.routes.update(writer, id, body)
        return row

    async def send_access(self, writer: Writer, row: R, grants: Sequence[Row]) -> R:
        """Replace the grants of an object; return the server's row."""
        answer: R = await self.routes.set_access(writer, self.identity(row)[1], grants)
        return answer

    async def complete(self, writer: Writer, row: R, write: WriteRequest, before: ObservedResource | None) -> R:
        """Set the `separate` fields; return the row as it is then.

        Args:
            before: the object as it was; None for one that was just created.
        """
        return row

    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        grants = access.to_rows(write.get("access", "private"), write.names)
        empty: Any = {}
        row = await self.send_new(writer, self.body(empty, write) | await access.part(writer, grants))
        return await self._finish(writer, row, grants, write, None)

    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        row, grants = live.row, access.rows_of(live.row)
        if write.touches("access"):
            grants = access.to_rows(write.values["access"], write.names)
        if self._changes_body(live, write) or not await can(writer, self.access_apart):
            row = await self.send_changes(writer, live.id, self.body(row, write) | await access.part(writer, grants))
        return await self._finish(writer, row, grants, write, live)

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        await self.routes.delete(writer, live.id)

    def _changes_body(self, live: ObservedResource, write: WriteRequest) -> bool:
        apart = self.separate | {"access"}
        return write.renames(live) or any(path.field not in apart for path, _ in write.paths())

    async def _finish(
        self, writer: Writer, row: R, grants: list[Row], write: WriteRequest, before: ObservedResource | None
    ) -> ObservedResource:
        with finishing(self.live(row, write.names)):
            row = await access.settle(row, grants, lambda rows: self.send_access(writer, row, rows))
            row = await self.complete(writer, row, write, before)
        return replace(self.live(row, write.names), key=write.key)
