"""What a resource kind is: the vocabulary that every station speaks, without knowing any kind by name.

A kind says what its section looks like (`fields`), how all of its objects are read at once, how one row of the server
reads in the manifest's words (`live`), and how one object is written. All else is derived from that.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING, Any, ClassVar

from owui_sync.kinds.names import IdIndex as IdIndex
from owui_sync.kinds.names import Reference as Reference
from owui_sync.values import ABSENT, Json, Secret, has_secret

if TYPE_CHECKING:
    from owui_sync.client.reader import Reader
    from owui_sync.client.writer import Writer

Row = dict[str, Any]
Fault = tuple[str, str, str | None]
"""What is wrong with an entry: path, message, and hint or None."""


def unordered(value: Any) -> Any:
    """Normal form of a list whose order means nothing: sorted, each item once."""
    return sorted(set(value)) if isinstance(value, list | tuple) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a kind.

    Args:
        name: its key in the manifest.
        schema: JSON Schema of its value, with a `description` that says what it means.
        default: what the server has when nobody ever set it, in the manifest's words. A field that is no longer written
            goes back to this.
        depth: 0 for a value that is compared as a whole; n for a mapping whose leaves n levels down are managed one by
            one (`params.temperature` is depth 1, `permissions.workspace.models` depth 2).
        normal: brings a value to the form in which both sides are compared.
        refers: the objects that a value names.
        without: takes keys out of a value that names them, for objects that are not there yet.
        reads: what must be read from the server to understand the field, beside the kind's own objects: kinds, or the
            directories of `owui_sync.observe.catalog`.
        elsewhere: a directory with further names; it is never complete, so a name that is nowhere is only a warning.
        required: a new object cannot be created without it.
        immutable: the server cannot change it in place; a change replaces the object.
        since: the first server version that knows it, or None for all.
        since_of: the first server version that can keep a certain value, for fields that all versions know.
        create_only: it is only used to create an object: later it is neither compared, changed nor remembered.
        stays: no longer written, it stays as it is instead of going back to the default.
        secret: its value is never shown, even where it is written in clear.
        held: for a set of stored files: the id and the value of each, from the object's row read in full.
        cosmetic: models answer alike whatever it is, so that no job runs again for it.
    """

    name: str
    schema: Json
    default: Any = ABSENT
    depth: int = 0
    normal: Callable[[Any], Any] | None = None
    refers: Callable[[Any], Iterable[Reference]] | None = None
    without: Callable[[Any, set[str]], Any] | None = None
    reads: frozenset[str] = frozenset()
    elsewhere: str | None = None
    required: bool = False
    immutable: bool = False
    since: str | None = None
    since_of: Callable[[Any], str | None] | None = None
    create_only: bool = False
    stays: bool = False
    secret: bool = False
    held: Callable[[Row], list[tuple[str, Row]]] | None = None
    cosmetic: bool = False

    def needs(self, value: Any) -> str | None:
        """The first server version that can keep a written value, or None when all can."""
        if self.since_of is None or has_secret(value):
            return self.since
        return self.since_of(value)

    def references(self, value: Any) -> list[Reference]:
        """The objects that a written value names; a value with a secret inside names none."""
        if self.refers is None or value is ABSENT or value is None or has_secret(value):
            return []
        return list(self.refers(value))

    def paths(self, value: Any) -> Iterator[tuple[str, Any]]:
        """The managed paths of a written value with their values: itself, or its leaves."""
        yield from _leaves(self.name, value, self.depth)

    def normalise(self, value: Any) -> Any:
        """`value` in its normal form; a secret is its own normal form."""
        return value if self.normal is None or value is ABSENT or isinstance(value, Secret) else self.normal(value)


def _leaves(path: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    if depth == 0 or not isinstance(value, Mapping):
        yield path, value
        return
    for key, item in value.items():
        yield from _leaves(f"{path}.{key}", item, depth - 1)


def set_among(bag: Mapping[str, Any] | None, *names: str) -> list[str]:
    """Those of the names under which a bag holds anything."""
    return [name for name in names if (bag or {}).get(name)]


def set_besides(bag: Mapping[str, Any] | None, *names: str) -> list[str]:
    """The names under which a bag holds anything, without these."""
    return [name for name, value in (bag or {}).items() if value and name not in names]


def names(kind: str) -> Callable[[Any], Iterable[Reference]]:
    """`Field.refers` for a value that is a key of `kind`, or a list of such keys."""

    def refers(value: Any) -> Iterable[Reference]:
        items = value if isinstance(value, list | tuple) else [value]
        return [(kind, item) for item in items if isinstance(item, str)]

    return refers


@dataclass(frozen=True, slots=True)
class ObservedResource:
    """An object as it is on the server.

    Args:
        values: what it is set to, by path, in the manifest's words and normal form; what is missing is at its default.
        row: the server's own row, for a write that must send everything back.
        defaults: path -> what the field goes back to, where only the server knows; wins over `Kind.default`.
        unknown: fields that the list does not tell; `Kind.whole` reads the object with them.
        marker: what the server changes whenever one of these fields changes; empty where it has no such thing.
    """

    kind: str
    key: str
    id: str
    values: Mapping[str, Any]
    row: Row
    defaults: Mapping[str, Any] = dataclass_field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    marker: str = ""

    @property
    def address(self) -> str:
        """`kind/key`."""
        return f"{self.kind}/{self.key}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the files of one object are.

    Args:
        files: files that are done, failed ones included.
        total: files to do.
        bytes: bytes sent so far, those of files under way included.
        total_bytes: bytes to send.
        file: the place of the file that is done now; None when nothing but the numbers changed.
        status: what became of it: `uploaded`, `moved`, `removed` or `failed`; empty without a file.
    """

    files: int
    total: int
    bytes: int
    total_bytes: int
    file: str | None = None
    status: str = ""


def ignore_progress(progress: Progress) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """What a kind has to write.

    Args:
        key: the object's key.
        values: path -> value: all managed ones for a create, the changed ones for an update; `ABSENT` removes a leaf.
        names: ids of everything that the values name.
        message: for the server's histories.
        tell: told how far the object's files are: with the totals at the start, then as they are done.
        halted: asked before each file: why no more is begun, or None.
    """

    key: str
    values: Mapping[str, Any]
    names: IdIndex
    message: str
    tell: Callable[[Progress], None] = ignore_progress
    halted: Callable[[], str | None] = lambda: None

    def get(self, path: str, otherwise: Any) -> Any:
        """The value to write at `path`, or `otherwise` when it is not to be changed."""
        return self.values.get(path, otherwise)

    def merged(self, field: str, current: Mapping[str, Any]) -> dict[str, Any]:
        """`current` with the leaves of a depth-1 field put in or taken away."""
        result = dict(current)
        for path, value in self.values.items():
            name, _, leaf = path.partition(".")
            if name != field or not leaf:
                continue
            if value is ABSENT:
                result.pop(leaf, None)
            else:
                result[leaf] = value
        return result

    def renames(self, live: ObservedResource) -> bool:
        """Whether the object gets another key."""
        return self.key != live.key

    def touches(self, *fields: str) -> bool:
        """Whether any of the fields is among the values."""
        return any(path.partition(".")[0] in fields for path in self.values)


class Kind(ABC):
    """A resource kind. One instance each, in `owui_sync.kinds.KINDS`."""

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
    since: ClassVar[str | None] = None
    """The first server version that has such objects, or None for all."""
    offers: ClassVar[frozenset[str]] = frozenset()
    """Further words of `Field.reads` that `observe` serves, beside the kind's own name."""
    released: ClassVar[bool] = False
    """An object that no manifest names any more is let go, never deleted; only `absent` deletes it."""
    singleton: ClassVar[bool] = False
    """The section is the one entry, with the key `default`. Its object is always there; unnamed, it is reset."""
    repeatable: ClassVar[bool] = False
    """Whether the server takes several objects with one key, if only when they are made at the same moment."""
    personal: ClassVar[bool] = False
    """Its objects belong to the user of the token, who sees no others; a row tells whose it is by `user_id`."""
    rename_since: ClassVar[str | None] = None
    """The first server version that can change the key of an object in place; None: none can."""
    untracked_fields: ClassVar[frozenset[str]] = frozenset()
    """Fields that change on the server without a new `ObservedResource.marker`."""
    create_requires: ClassVar[str | None] = None
    """The field without which a new object is not made but waited for: it comes to be by other ways."""

    def field(self, path: str) -> Field:
        """The field that a path such as `params.temperature` belongs to. Raises KeyError for an unknown one."""
        for field in self.fields:
            if field.name == path.partition(".")[0]:
                return field
        raise KeyError(path)

    def default(self, path: str, key: str) -> Any:
        """What the object `key` has at `path` when nobody set it: the field's default, `ABSENT` for a leaf."""
        return field.default if (field := self.field(path)).depth == 0 else ABSENT

    def normal_key(self, key: str) -> str:
        """The spelling of a key in which it is compared (e-mail addresses: lower case)."""
        return key

    def parents(self, key: str) -> Iterable[Reference]:
        """The objects that a key itself names."""
        return ()

    def carried(self, key: str, old: str, new: str) -> str | None:
        """What `key` becomes when `old` becomes `new`, because its object lies in that one; None when it stays."""
        return None

    def move_blocker(self, old: str, new: str) -> str | None:
        """Why no server can ever change the key `old` into `new`; None when nothing speaks against it."""
        return None

    def overlays(self, live: ObservedResource) -> bool:
        """Whether an object only adds settings to what is there without it, and others may have set some of them."""
        return False

    def remarks(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[str]:
        """Warnings about an entry that only the server's state can tell; its arguments are those of `problems`."""
        return ()

    def problems(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[Fault]:
        """What is wrong with an entry that only the server's state can tell.

        Args:
            values: path -> value as written; may hold a `Secret`.
            live: the object as it is on the server; None when it is not there.
        """
        return ()

    def unsaid(self, row: Row) -> Iterable[str]:
        """What is set in a row of the server and no field says: an export warns of it."""
        return ()

    @abstractmethod
    def identity(self, row: Row) -> tuple[str, str]:
        """Key and id of one row of the server."""

    @abstractmethod
    async def read(self, reader: Reader) -> list[Row]:
        """All objects of this kind, in as few requests as the server allows."""

    async def observe(self, reader: Reader, want: frozenset[str], names: IdIndex) -> list[Row]:
        """All objects for a plan: `read`, and whatever else comes with one of `offers`, which goes into `names`.

        Args:
            want: what the plan needs, in the words of `Field.reads`.
        """
        return await self.read(reader)

    async def whole(self, reader: Reader, row: Row, wanted: Mapping[str, Any]) -> Row:
        """The row with everything that the list left out. Only asked of an object with unknown fields.

        Args:
            wanted: what the object is to be, by path, as far as known: to ask "is it so?" may be cheaper.
        """
        return row

    def is_reliable_token(self, marker: str, now: float) -> bool:
        """Whether an object that has this marker later on is sure to be as it is now.

        Args:
            now: by the server's clock, in seconds since 1970. A marker in seconds hides a second change in one.
        """
        return bool(marker)

    @abstractmethod
    def live(self, row: Row, names: IdIndex) -> ObservedResource:
        """One row of the server in the manifest's words."""

    @abstractmethod
    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        """Creates an object with exactly these values; returns it as the server answered."""

    @abstractmethod
    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        """Changes an object in place; returns it as the server answered."""

    @abstractmethod
    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        """Deletes an object; one that is already gone is no error."""
