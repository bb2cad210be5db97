"""Fields of a kind, and constructors for the usual ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from owui_sync.kinds.names import Reference
from owui_sync.values import ABSENT, SERVER_DEFAULT, Json, Secret, has_secret


def unordered(value: Any) -> Any:
    """Return the normal form of a list whose order means nothing: sorted, each item once."""
    return sorted(set(value)) if isinstance(value, list | tuple) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a kind.

    Args:
        name: its key in the manifest.
        schema: JSON Schema of its value, with a `description` that says what it means.
        default: what the server has when nobody ever set it, in the manifest's words. A field that is no longer written
            goes back to this.
        defaults_to_key: whether the default is the key of the object.
        depth: 0 for a value that is compared as a whole; n for a mapping whose leaves n levels down are managed one by
            one (`params.temperature` is depth 1, `permissions.workspace.models` depth 2).
        normal: brings a value to the form in which both sides are compared.
        refers: the objects that a value names.
        without: takes keys out of a value that names them, for objects that are not there yet.
        reads: what must be read from the server to understand the field, besides the kind's own objects: kinds, or the
            catalogs of `owui_sync.observe.catalog`.
        elsewhere: a catalog with further names; it is never complete, so a name that is nowhere is only a warning.
        required: a new object cannot be created without it.
        since: the first server version that knows it, or None for all.
        since_of: the first server version that can keep a certain value, for fields that all versions know.
        stays: no longer written, it stays as it is instead of going back to the default.
        secret: its value is never shown, even where it is written in clear.
        file_ending: how the name of a file ends in which an export puts a long text.
        cosmetic: models answer alike whatever it is, so that no job runs again for it.
        split: takes a list apart, for one whose items are managed one by one; gives paths with their values, the first
            of which is the list itself, as the names of its items.
    """

    name: str
    schema: Json
    default: Any = ABSENT
    defaults_to_key: bool = False
    depth: int = 0
    normal: Callable[[Any], Any] | None = None
    refers: Callable[[Any], Iterable[Reference]] | None = None
    without: Callable[[Any, set[str]], Any] | None = None
    reads: frozenset[str] = frozenset()
    elsewhere: str | None = None
    required: bool = False
    since: str | None = None
    since_of: Callable[[Any], str | None] | None = None
    stays: bool = False
    secret: bool = False
    cosmetic: bool = False
    file_ending: str = ".md"
    split: Callable[[Any], Iterable[tuple[str, Any]]] | None = None

    def needs(self, value: Any) -> str | None:
        """Return the first server version that can keep a written value, or None when all can."""
        if self.since_of is None or has_secret(value):
            return self.since
        return self.since_of(value)

    def references(self, value: Any) -> list[Reference]:
        """Return the objects that a written value names; a value with a secret inside names none."""
        if self.refers is None or value is ABSENT or value is None or has_secret(value):
            return []
        return list(self.refers(value))

    def paths(self, value: Any) -> Iterator[tuple[str, Any]]:
        """Yield the managed paths of a written value with their values: itself, or its leaves."""
        if self.split is not None and (value is None or isinstance(value, list | tuple)):
            yield from self.split(value)
        else:
            yield from _leaves(self.name, value, self.depth)

    def normalise(self, value: Any) -> Any:
        """Return `value` in its normal form; a secret is its own normal form."""
        as_it_is = self.normal is None or value is ABSENT or value is SERVER_DEFAULT or isinstance(value, Secret)
        return value if as_it_is or self.normal is None else self.normal(value)


def _leaves(path: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    if depth == 0 or not isinstance(value, Mapping):
        yield path, value
        return
    for key, item in value.items():
        yield from _leaves(f"{path}.{key}", item, depth - 1)


def references_to(kind: str) -> Callable[[Any], Iterable[Reference]]:
    """Return a `Field.refers` for a value that is a key of `kind`, or a list of such keys."""

    def refers(value: Any) -> Iterable[Reference]:
        items = value if isinstance(value, list | tuple) else [value]
        return [(kind, item) for item in items if isinstance(item, str)]

    return refers


def key_schema(description: str, example: str, *, pattern: str | None = None, error: str | None = None) -> Json:
    """Return the schema of a key: any text that is not empty, or one that fits `pattern`, else `error` is shown."""
    form = {"minLength": 1} if pattern is None else {"pattern": pattern}
    told = {} if error is None else {"x-error": error}
    return {"type": "string", **form, "description": description, **told, "examples": [example]}


def text(name: str, description: str, example: str, *, least: int | None = None, **options: Any) -> Field:
    """Return a field for a text.

    Args:
        least: how many characters it must have.
        options: further arguments of `Field`, here as in the other constructors.
    """
    length = {} if least is None else {"minLength": least}
    schema = {"type": "string", **length, "description": description, "examples": [example]}
    return Field(name=name, schema=schema, **options)


def texts(name: str, description: str, example: str, **options: Any) -> Field:
    """Return a field for a list of texts whose order means nothing."""
    schema = {
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "description": description,
        "examples": [[example]],
    }
    return Field(name=name, schema=schema, **{"default": [], "normal": unordered, **options})


def names(name: str, description: str, example: str, of: str, **options: Any) -> Field:
    """Return a field for the keys of objects of the kind or catalog `of`; their order means nothing."""
    return texts(name, description, example, **{"refers": references_to(of), "reads": frozenset({of}), **options})


def flag(name: str, description: str, *, default: bool | None, **options: Any) -> Field:
    """Return a field for a switch; `default` is None where the server has neither value by itself."""
    return Field(name=name, schema={"type": "boolean", "description": description}, default=default, **options)


def mapping(name: str, description: str, example: Json, schema: Json, *, depth: int = 1, **options: Any) -> Field:
    """Return a field for a mapping whose leaves are managed one by one; `schema` says what is in it."""
    full = {"type": "object", "description": description, "examples": [example], **schema}
    return Field(name=name, schema=full, depth=depth, **options)
