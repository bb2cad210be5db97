"""Documents as tables: each key is written down once, with its schema and its way into the document and back.

A `Codec` is a type of values, a `Key` a key with its codec, and a `Record` an object in a document: a table of keys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from operator import attrgetter
from typing import Any

from owui_sync.plan.file.inputs import Inputs
from owui_sync.values import ABSENT, Json, Position

PLACE: Json = {"pattern": ":[0-9]{1,1000}:[0-9]{1,1000}$"}
"""What a place in a manifest looks like: `file:line:column`."""


def _same(value: Any) -> Any:
    return value


def _as_it_is(value: Any, inputs: Inputs) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Codec:
    """A type of values in a document.

    Args:
        schema: its JSON Schema, with a description.
        dump: makes JSON of a value.
        load: makes a value of JSON that the schema allows.
    """

    schema: Json
    dump: Callable[[Any], Any] = _same
    load: Callable[[Any, Inputs], Any] = _as_it_is


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an object in a document.

    Args:
        name: the key; also the attribute that its value comes from, and the parameter that gets it back.
        codec: the type of its value.
        of: takes the value from somewhere else.
        is_loaded: it is read back; false for what only readers need.
        is_optional: it is left out where its value is `ABSENT`, and need not be there.
    """

    name: str
    codec: Codec
    of: Callable[[Any], Any] | None = None
    is_loaded: bool = True
    is_optional: bool = False

    def value(self, source: Any) -> Any:
        """Return the value that an object has for this key."""
        return self.of(source) if self.of else getattr(source, self.name)


def optional(name: str, codec: Codec) -> Key:
    """Return a key that is left out where its value is empty or false, which is what it stands for then."""
    return Key(name, codec, lambda source: getattr(source, name) or ABSENT, is_optional=True)


def shown(name: str, codec: Codec, of: Callable[[Any], Any] | None = None, is_optional: bool = False) -> Key:
    """Return a key that only readers need."""
    return Key(name, codec, of, is_loaded=False, is_optional=is_optional)


def through(attribute: str, keys: Sequence[Key]) -> tuple[Key, ...]:
    """Return keys whose values come from an attribute of the object, for readers only."""
    step = attrgetter(attribute)

    def value(key: Key, source: Any) -> Any:
        return key.value(step(source))

    return tuple(shown(key.name, key.codec, partial(value, key), key.is_optional) for key in keys)


@dataclass(frozen=True, slots=True)
class Record:
    """An object in a document, with exactly these keys.

    Args:
        name: under which the schema defines it.
        description: what it stands for.
        keys: in the order in which they are written.
        make: makes what it stands for of the loaded keys.
    """

    name: str
    description: str
    keys: tuple[Key, ...]
    make: Callable[..., Any] | None = None

    def schema(self) -> Json:
        """Return its JSON Schema."""
        return {
            "type": "object",
            "description": self.description,
            "required": [key.name for key in self.keys if not key.is_optional],
            "additionalProperties": False,
            "properties": {key.name: key.codec.schema for key in self.keys},
        }

    def dump(self, source: Any) -> Json:
        """Return the JSON object for what it stands for."""
        values = ((key, key.value(source)) for key in self.keys)
        return {key.name: key.codec.dump(value) for key, value in values if value is not ABSENT}

    def load(self, saved: Json, inputs: Inputs) -> Any:
        """Return what a JSON object stands for; what is missing for it is noted in `inputs`."""
        if self.make is None:
            raise TypeError(f"{self.name} is not read back")
        keys = (key for key in self.keys if key.is_loaded and key.name in saved)
        return self.make(**{key.name: key.codec.load(saved[key.name], inputs) for key in keys})


def text(description: str, **rules: Any) -> Codec:
    """Return the codec of a text, for which further keywords of JSON Schema may hold."""
    return Codec({"type": "string", "description": description, **rules})


def count(description: str) -> Codec:
    """Return the codec of a number of things."""
    return Codec({"type": "integer", "minimum": 0, "description": description})


def seconds(description: str) -> Codec:
    """Return the codec of a duration in seconds."""
    return Codec({"type": "number", "minimum": 0, "description": description}, lambda value: round(value, 3))


def flag(description: str) -> Codec:
    """Return the codec of a truth value."""
    return Codec({"type": "boolean", "description": description})


def mark(description: str) -> Codec:
    """Return the codec of what is true where it is there at all."""
    return Codec({"const": True, "description": description})


def maybe(type: str, description: str) -> Codec:
    """Return the codec of a value of a JSON type, or null."""
    return Codec({"type": [type, "null"], "description": description})


def texts(description: str) -> Codec:
    """Return the codec of a tuple of texts."""
    schema = {"type": "array", "items": {"type": "string"}, "description": description}
    return Codec(schema, list, lambda saved, _: tuple(saved))


def texts_by_name(description: str) -> Codec:
    """Return the codec of a mapping of names to texts."""
    return Codec({"type": "object", "additionalProperties": {"type": "string"}, "description": description}, dict)


def choice(values: type[StrEnum], description: str) -> Codec:
    """Return the codec of an enumeration."""
    schema = {"enum": [each.value for each in values], "description": description}
    return Codec(schema, lambda value: value.value, lambda saved, _: values(saved))


def position(description: str) -> Codec:
    """Return the codec of a place in a manifest."""
    return Codec({"type": "string", "description": description} | PLACE, str, lambda saved, _: parse_position(saved))


def maybe_position(description: str) -> Codec:
    """Return the codec of a place in a manifest, or null."""
    schema = {"type": ["string", "null"], "description": description} | PLACE
    return Codec(
        schema,
        lambda value: str(value) if value else None,
        lambda saved, _: parse_position(saved) if saved else None,
    )


def parse_position(saved: str) -> Position:
    """Return the place in a manifest that a document names."""
    file, line, column = saved.rsplit(":", 2)
    return Position(file, int(line), int(column))


def one(record: Record, description: str = "") -> Codec:
    """Return the codec of what a record stands for, with a description where the record's own does not do."""
    schema: Json = {"$ref": f"#/$defs/{record.name}"}
    return Codec(schema | ({"description": description} if description else {}), record.dump, record.load)


def maybe_one(record: Record, description: str) -> Codec:
    """Return the codec of what a record stands for, or null."""
    return Codec(
        {"anyOf": [{"$ref": f"#/$defs/{record.name}"}, {"type": "null"}], "description": description},
        lambda value: None if value is None else record.dump(value),
        lambda saved, inputs: None if saved is None else record.load(saved, inputs),
    )


def several(record: Record, description: str) -> Codec:
    """Return the codec of a tuple of what a record stands for."""
    return Codec(
        {"type": "array", "items": {"$ref": f"#/$defs/{record.name}"}, "description": description},
        lambda values: [record.dump(value) for value in values],
        lambda saved, inputs: tuple(record.load(each, inputs) for each in saved),
    )


def inline(record: Record) -> Codec:
    """Return the codec of what a record stands for, whose schema is written where it is used."""
    return Codec(record.schema(), record.dump, record.load)
