"""Values of a manifest that stand for something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Tag:
    """A value with a tag: `!file PATH`, `!image PATH`, `!secret NAME` or `!null`, whose argument is empty."""

    tag: str
    argument: str


class TaggedMapping(dict[str, Any]):
    """A mapping of tags that is one value: with one of them missing, none of it can be said."""
