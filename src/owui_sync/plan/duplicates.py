"""Several objects of one name, where the server allows that: said in every plan that is about one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from owui_sync.kinds.observed import ObservedResource
from owui_sync.plan.snapshot import Snapshot


def doubles(addresses: Iterable[str], snapshot: Snapshot) -> Iterator[str]:
    """Yield a warning for each of these addresses that more than one object has, with the ids."""
    for address in addresses:
        lives = snapshot.objects.get(address, ())
        if len(lives) > 1:
            whose = ", ".join(_whose(live, snapshot) for live in lives)
            yield f"the server has {len(lives)} objects {address}: {whose}; rename or delete all but one of them"


def _whose(live: ObservedResource, snapshot: Snapshot) -> str:
    record = snapshot.inventory.records.get(live.address)
    if record and record.id == live.id:
        return f"{live.id} (this stack's)"
    owner = snapshot.owner(live.address, live.id)
    return f"{live.id} (of stack {owner!r})" if owner else live.id
