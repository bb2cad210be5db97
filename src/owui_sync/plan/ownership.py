"""Refusals to touch what belongs to another stack, told once for each stack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from owui_sync.errors import Diagnostic
from owui_sync.values import Position
from owui_sync.wording import listed_briefly

_LISTED = 10


@dataclass(frozen=True, slots=True)
class OwnershipConflict:
    """An object that the manifests name and another stack owns.

    Args:
        address: `kind/key`.
        owner: the stack.
        source: where the manifests name it.
    """

    address: str
    owner: str
    source: Position


def conflicts(foreign: Iterable[OwnershipConflict]) -> Iterator[Diagnostic]:
    """Yield one problem for each stack that owns some of the objects, with the places of the first ten."""
    owners: dict[str, list[OwnershipConflict]] = {}
    for each in foreign:
        owners.setdefault(each.owner, []).append(each)
    for owner, objects in owners.items():
        yield _problem(owner, objects)


def _problem(owner: str, objects: Sequence[OwnershipConflict]) -> Diagnostic:
    first, *others = objects
    forget = f"owui-sync state forget {'KIND/KEY' if others else first.address} --stack {owner}"
    hint = f"remove {'them' if others else 'it'} there first (`{forget}`), or pass --take-over"
    if not others:
        return Diagnostic(f"{first.address} belongs to stack {owner!r}", str(first.source), hint)
    listed = listed_briefly([f"{each.address} at {each.source}" for each in objects], _LISTED, "\n")
    return Diagnostic(f"{len(objects):,} objects belong to stack {owner!r}:\n{listed}", None, hint)
