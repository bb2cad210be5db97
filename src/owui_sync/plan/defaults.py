"""`!default` against the server: the value that its version starts with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from owui_sync.errors import Diagnostic
from owui_sync.kinds import KINDS
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import Entry
from owui_sync.plan import difference
from owui_sync.plan.snapshot import Snapshot
from owui_sync.values import ABSENT, SERVER_DEFAULT


def with_defaults(entries: Mapping[str, Entry], snapshot: Snapshot, problems: list[Diagnostic]) -> dict[str, Entry]:
    """Return the entries with the server's default in the place of each `!default`; problems for unknown ones."""
    return {address: _worked_out(entry, snapshot, problems) for address, entry in entries.items()}


def _worked_out(entry: Entry, snapshot: Snapshot, problems: list[Diagnostic]) -> Entry:
    asked = [path for path, value in entry.values.items() if value is SERVER_DEFAULT]
    if not asked:
        return entry
    live = next(iter(snapshot.objects.get(entry.address, ())), None)
    values = dict(entry.values)
    for path in asked:
        values[path] = _default(entry, live, path)
        if values[path] is ABSENT:
            del values[path]
            message = (
                f"{entry.address}: the environment of the server decides the default of `{path}`; no request tells it"
            )
            problems.append(Diagnostic(message, str(entry.where(path)), "write the value"))
    return replace(entry, values=values)


def _default(entry: Entry, live: ObservedResource | None, path: str) -> Any:
    return KINDS[entry.kind].default(path, entry.key) if live is None else difference.default(live, path)
