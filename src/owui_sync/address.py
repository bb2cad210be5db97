"""The two kinds of names inside a stack: addresses of objects (`prompt/triage`) and paths of fields (`params.seed`).

JSON documents and the inventory have both as plain texts.
"""

from __future__ import annotations

from typing import NamedTuple


class Address(NamedTuple):
    """The kind and the key of an object. A key may hold slashes, a kind does not."""

    kind: str
    key: str

    @classmethod
    def parse(cls, text: str) -> Address:
        """Return the address in `kind/key`; the key of a text without a slash is empty."""
        kind, _, key = text.partition("/")
        return cls(kind, key)

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"


class FieldPath(NamedTuple):
    """The field of a kind and the rest of a path below it, empty for the whole field."""

    field: str
    leaf: str

    @classmethod
    def parse(cls, text: str) -> FieldPath:
        """Return the path in `field` or `field.leaf`; a leaf may hold dots."""
        field, _, leaf = text.partition(".")
        return cls(field, leaf)


def field_of(path: str) -> str:
    """Return the name of the field that a path belongs to."""
    return FieldPath.parse(path).field
