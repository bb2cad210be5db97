"""What a resource kind is: the vocabulary that every station speaks, without knowing any kind by name.

A kind says what its section looks like (`fields`), how all of its objects are read at once, how one row of the server
reads in the manifest's words (`live`), and how one object is written. All else is derived from that.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from owui_sync.address import field_of
from owui_sync.kinds.credential import Credential
from owui_sync.kinds.fields import Field
from owui_sync.kinds.lifecycle import Lifecycle, VersionToken
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import R
from owui_sync.kinds.write import WriteRequest
from owui_sync.values import ABSENT, Json

if TYPE_CHECKING:
    from owui_sync.client.reader import Reader
    from owui_sync.client.writer import Writer

Fault = tuple[str, str, str | None]
"""What is wrong with an entry: path, message, and hint or None."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with an entry by itself, whatever the server has.

    Args:
        path: the value that it is about.
        line: where in a text it is, from 1; 0 for the whole value.
        column: where in the line, from 1.
        doubtful: it may be meant so: a warning.
    """

    path: str
    message: str
    hint: str | None = None
    line: int = 0
    column: int = 1
    doubtful: bool = False


class Kind(ABC, Generic[R]):
    """A resource kind. One instance each, in `owui_sync.kinds.KINDS`.

    `R` is the shape of its rows, such as `PromptRow`.
    """

    name: ClassVar[str]
    """Singular, as in `prompt/triage` and the machine formats."""
    section: ClassVar[str]
    """Its key in a manifest."""
    summary: ClassVar[str]
    """One sentence for the schema and `explain`."""
    key: ClassVar[Json]
    """JSON Schema of a key, with a `description`."""
    fields: ClassVar[tuple[Field, ...]]
    reads: ClassVar[frozenset[str]] = frozenset()
    """What must be read for `problems` and `remarks`, in the words of `Field.reads`."""
    provides: ClassVar[frozenset[str]] = frozenset()
    """Further words of `Field.reads` that `observe` serves, beside the kind's own name."""
    lifecycle: ClassVar[Lifecycle] = Lifecycle()
    version_token: ClassVar[VersionToken] = VersionToken()
    """What the marker of an object proves, for kinds that set one."""
    key_ignores_case: ClassVar[bool] = False

    def field(self, path: str) -> Field:
        """Return the field that a path such as `params.temperature` belongs to. Raises KeyError for an unknown one."""
        name = field_of(path)
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(path)

    def default(self, path: str, key: str) -> Any:
        """Return what the object `key` has at `path` when nobody set it: the field's default, `ABSENT` for a leaf."""
        field = self.field(path)
        if field.defaults_to_key:
            return key
        return field.default if field.depth == 0 else ABSENT

    def normal_key(self, key: str) -> str:
        """Return the spelling of a key in which it is compared."""
        return key.lower() if self.key_ignores_case else key

    def fields_of(self, key: str, written: Iterable[str] = ()) -> Iterable[Field]:
        """Return the fields of the object `key`, in their order.

        Args:
            written: names that a manifest or the server uses; for objects whose fields have free names.
        """
        return self.fields

    def missing(self, key: str, values: Container[str]) -> list[str]:
        """Return the names of the fields that a new object `key` needs and that are not among `values`."""
        return [field.name for field in self.fields_of(key) if field.required and field.name not in values]

    def reads_of(self, key: str) -> frozenset[str]:
        """Return what must be read for the object `key` besides its kind, in the words of `Field.reads`."""
        return frozenset()

    def since_of(self, key: str) -> str | None:
        """Return the first server version that has the object `key`, or None when all have it."""
        return self.lifecycle.since

    def is_permanent(self, key: str) -> bool:
        """Return whether every server has the object `key`: it can be neither created nor deleted."""
        return self.lifecycle.singleton

    def is_released(self, key: str) -> bool:
        """Return whether the object `key` stays as it is when no manifest names it any more."""
        return self.lifecycle.released

    def in_section(self, key: str, value: Mapping[str, Any]) -> Json:
        """Return the section with the one entry `key`, whose fields are `value`."""
        return dict(value) if self.lifecycle.singleton else {key: value}

    def is_only_for_creating(self, path: str) -> bool:
        """Return whether a field is used once, to create the object."""
        return self.field(path).name == self.lifecycle.create_requires

    def is_secret(self, path: str, values: Mapping[str, Any], key: str = "") -> bool:
        """Return whether the value at `path` is never shown, even where it is written in clear.

        Args:
            values: path -> value of the whole object, as written or as it is on the server; empty for what is secret
                whatever the values are, which a manifest may not write in clear.
            key: of the object, for kinds where it matters.
        """
        return self.field(path).secret

    def check(self, key: str, values: Mapping[str, Any]) -> Iterable[Finding]:
        """Return what is wrong with an entry by itself, beyond its schema; arguments as for `problems`."""
        return ()

    def is_overlay(self, live: ObservedResource) -> bool:
        """Return whether an object only adds settings to what is there without it."""
        field = self.lifecycle.overlay_without
        return field is not None and live.values.get(field) is None

    def remarks(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[str]:
        """Return the warnings about an entry that only the server's state can tell; arguments as for `problems`."""
        return ()

    def problems(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[Fault]:
        """Return what is wrong with an entry that only the server's state can tell.

        Args:
            values: path -> value as written; may hold a `Secret`.
            live: the object as it is on the server; None when it is not there.
        """
        return ()

    def lockouts(
        self, live: ObservedResource, values: Mapping[str, Any], token: Credential
    ) -> Iterable[tuple[str, str]]:
        """Return path and reason of each change of an object after which somebody no longer gets in.

        Args:
            values: path -> value of the fields that change.
        """
        return ()

    async def cautions(self, reader: Reader, changes: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """Return the warnings about changes that only more requests tell; an empty plan does not ask.

        Args:
            changes: key of each object that is made or changed -> path -> value.
        """
        return []

    def is_known(self, path: str, names: IdIndex) -> bool:
        """Return whether a server knows what a path means, as far as it was asked: else it keeps it and does nothing.

        Args:
            names: of the server.
        """
        return True

    def unsaid(self, row: R) -> Iterable[str]:
        """Return what is set in a row of the server and no field says: an export warns of it."""
        return ()

    @abstractmethod
    def identity(self, row: R) -> tuple[str, str]:
        """Return key and id of one row of the server."""

    @abstractmethod
    async def read(self, reader: Reader) -> list[R]:
        """Read all objects of this kind, in as few requests as the server allows."""

    async def observe(self, reader: Reader, want: frozenset[str], names: IdIndex) -> list[R]:
        """Read all objects for a plan: `read`, and whatever else comes with one of `provides`, which goes into `names`.

        Args:
            want: what the plan needs, in the words of `Field.reads`.
        """
        return await self.read(reader)

    async def is_listed_off(self, reader: Reader, id: str) -> bool:
        """Return whether an empty list only means that the server has such objects switched off.

        Args:
            id: of an object that was there.
        """
        return False

    async def whole(self, reader: Reader, row: R, wanted: Mapping[str, Any]) -> R:
        """Read the row with everything that the list left out. Only called for an object with unknown fields.

        Args:
            wanted: what the object is to be, by path, as far as known: to ask "is it so?" may be cheaper.
        """
        return row

    @abstractmethod
    def live(self, row: R, names: IdIndex) -> ObservedResource:
        """Return one row of the server in the manifest's words."""

    @abstractmethod
    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        """Create an object with exactly these values; return it as the server answered."""

    @abstractmethod
    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        """Change an object in place; return it as the server answered."""

    @abstractmethod
    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        """Delete an object; one that is already gone is no error."""
