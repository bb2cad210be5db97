"""`notify` of the configuration: who is told when a command ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from owui_sync.errors import ManifestError
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.tags.environment import read_secret
from owui_sync.manifest.tags.resolver import Resolver
from owui_sync.manifest.yaml.nodes import LocatedList, LocatedMap, Tagged
from owui_sync.values import Position, reveal

KEY = "notify"
EVENTS = ("failed", "drift", "applied")
"""What a receiver can be told of."""
FORMATS = ("json", "slack", "teams")


@dataclass(frozen=True, slots=True)
class Receiver:
    """A web hook.

    Args:
        at: where it is written; messages name it by that.
        when: the events that it is told of.
        format: of the request's body, one of `FORMATS`.
        row: the entry as written.
        variables: for the tags of its address.
    """

    at: Position
    when: tuple[str, ...]
    format: str
    row: LocatedMap = field(repr=False)
    variables: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def address(self, secret: Callable[[str], str] = read_secret) -> str:
        """Return its address, whose tag is only worked out now: a run with nothing to tell does not need it.

        Raises:
            ManifestError: it is not set, or is no address of a web server.
        """
        problems = Diagnostics()
        written = LocatedMap(self.row.at)
        written.take("url", self.row)
        url = reveal(Resolver(self.variables, problems, Diagnostics(), secret=secret).resolve(written).get("url"))
        problems.raise_any()
        if not isinstance(url, str) or not url.startswith(("https://", "http://")):
            raise ManifestError("its address does not begin with https:// or http://", where=str(self.at))
        return url


def receivers_of(raw: LocatedMap, variables: Mapping[str, Any]) -> tuple[Receiver, ...]:
    """Return the receivers that a target, or the common part of a configuration, lists."""
    return tuple(
        Receiver(row.at, tuple(row.get("when", EVENTS)), row.get("format", FORMATS[0]), row, variables)
        for row in raw.get(KEY, ())
    )


def check_receivers(place: LocatedMap, problems: Diagnostics) -> None:
    """Refuse an address that is written out, and tags in the place of anything else."""
    for row, at in _rows(place):
        if not isinstance(row, LocatedMap):
            problems.add(f"an item of `{KEY}` must be written out, not be a tag", at)
            continue
        if isinstance(row.get("url"), str):
            problems.add(
                f"the address of a receiver in `{KEY}` is written out: who knows it can write there",
                row.values_at["url"],
                "write `url: !secret NAME` and set that environment variable",
            )
        for key in ("when", "format"):
            events = row.get(key)
            if isinstance(events, Tagged) or (
                isinstance(events, list) and any(isinstance(event, Tagged) for event in events)
            ):
                problems.add(f"`{key}` must be written out, not be a tag", row.values_at[key])


def _rows(place: LocatedMap) -> Iterator[tuple[Any, Position]]:
    rows = place.get(KEY)
    if isinstance(rows, LocatedList):
        yield from zip(rows, rows.items_at, strict=True)
