"""Values of a manifest that stand for something else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tag:
    """A value with a tag: `!file PATH`, `!image PATH`, `!secret NAME` or `!null`, whose argument is empty."""

    tag: str
    argument: str
