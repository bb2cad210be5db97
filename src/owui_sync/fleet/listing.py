"""The instances of a fleet for people, for scripts, and for the engines that may start its shards."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from owui_sync.fleet.instance import Fleet, Instance
from owui_sync.fleet.prepare import waves_of
from owui_sync.fleet.select import Shard
from owui_sync.report.visible import dumps, visible
from owui_sync.values import Json


def _rows(fleet: Fleet, chosen: Sequence[Instance]) -> list[Json]:
    waves = {name: wave.name for wave, names in waves_of(fleet, chosen) for name in names}
    return [
        {
            "name": each.name,
            "url": each.url,
            "wave": waves[each.name],
            "labels": dict(each.labels),
            "stack": each.target.stack,
            "layers": [str(layer) for layer in each.target.layers],
        }
        for each in chosen
    ]


def _text(fleet: Fleet, chosen: Sequence[Instance], shards: int) -> str:
    rows = _rows(fleet, chosen)
    names = max((len(row["name"]) for row in rows), default=0)
    waves = max((len(row["wave"]) for row in rows), default=0)
    return "\n".join(
        f"{row['name'].ljust(names)}  {visible(row['wave']).ljust(waves)}  {visible(row['url'])}  "
        + " ".join(f"{label}={value}" for label, value in row["labels"].items())
        for row in rows
    )


def _json(fleet: Fleet, chosen: Sequence[Instance], shards: int) -> str:
    return dumps({"format": 1, "instances": _rows(fleet, chosen)})


def _matrix(fleet: Fleet, chosen: Sequence[Instance], shards: int) -> str:
    """Return the shards that are not empty, on one line: for `fromJSON` of GitHub, or a matrix of GitLab."""
    parts = [Shard(number, shards) for number in range(1, shards + 1)]
    used = [str(part) for part in parts if any(part.has(each.name) for each in chosen)]
    return json.dumps({"shard": used})


def _ansible(fleet: Fleet, chosen: Sequence[Instance], shards: int) -> str:
    """Return an inventory, one group for each value of each label; tasks are run on the machine of the play."""
    rows = _rows(fleet, chosen)
    groups: dict[str, dict[str, Json]] = {}
    for row in rows:
        for label, value in row["labels"].items():
            name = "".join(char if char.isalnum() else "_" for char in f"{label}_{value}")
            groups.setdefault(name, {})[row["name"]] = {}
    hosts = {
        row["name"]: {"ansible_connection": "local", "owui_url": row["url"], "owui_wave": row["wave"]} for row in rows
    }
    children = {name: {"hosts": members} for name, members in sorted(groups.items())}
    return dumps({"all": {"hosts": hosts, "children": children}})


def _argocd(fleet: Fleet, chosen: Sequence[Instance], shards: int) -> str:
    """Return the elements of a list generator of an ApplicationSet."""
    rows = _rows(fleet, chosen)
    return dumps([{"name": row["name"], "url": row["url"], "wave": row["wave"], **row["labels"]} for row in rows])


LISTINGS: dict[str, Callable[[Fleet, Sequence[Instance], int], str]] = {
    "text": _text,
    "json": _json,
    "matrix": _matrix,
    "ansible": _ansible,
    "argocd": _argocd,
}
"""Name of each format -> what makes a text of the chosen instances; the number is that of shards."""
