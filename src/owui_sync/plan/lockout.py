"""Plans that lock people out of the server: an administrator loses the role who must not, or a way in is closed.

The account of the token could not apply another plan, and the first account of a server is its primary administrator,
which no other one can replace.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from owui_sync.errors import Diagnostic
from owui_sync.kinds import KINDS
from owui_sync.kinds.credential import Credential
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.user import first_accounts
from owui_sync.manifest.desired import AbsentEntry, Entry
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, Change
from owui_sync.values import reveal

_ADMIN = "admin"
_ALLOW = "take it out of the manifests; if it is meant, pass --allow-lockout"
_HINT = "take it out of the manifests, or write `role: admin`; if it is meant, pass --allow-lockout"


def may_lock_out(entries: Mapping[str, Entry], absent: Iterable[AbsentEntry], snapshot: Snapshot) -> bool:
    """Return whether a plan of these entries may take the role from an administrator.

    If it may, it matters whose token is used.
    """
    named = [entry.address for entry in entries.values() if entry.kind == "user" and _loses_role(entry, snapshot)]
    named += [gone.address for gone in absent if gone.kind == "user"]
    return any(_is_admin(live) for address in named for live in snapshot.objects.get(address, ()))


def _loses_role(entry: Entry, snapshot: Snapshot) -> bool:
    record = snapshot.inventory.records.get(entry.address)
    written = "role" in entry.values or (record is not None and "role" in record.fields)
    return written and reveal(entry.values.get("role")) != _ADMIN


def lockouts(changes: Iterable[Change], snapshot: Snapshot) -> Iterator[Diagnostic]:
    """Yield a problem for each change that takes the role from an administrator who must keep it."""
    users = [live for lives in snapshot.objects.values() for live in lives if live.kind == "user"]
    admins = {live.id for live in users if _is_admin(live)}
    losing = [change for change in changes if change.kind == "user" and change.id in admins and _takes_role(change)]
    first = first_accounts(live.row for live in users)
    for change in losing:
        if why := _why_needed(change.id or "", first, snapshot.account):
            what = "deletes" if change.action is Action.DELETE else f"takes the role `{_ADMIN}` from"
            message = f"the plan {what} {change.address}, {why}: a lockout"
            yield Diagnostic(message, str(change.source) if change.source else None, _HINT)
    if losing and not admins - {change.id for change in losing}:
        message = "the plan leaves no administrator on the server"
        yield Diagnostic(message, str(losing[0].source) if losing[0].source else None, _HINT)


def closed_doors(changes: Iterable[Change], snapshot: Snapshot) -> dict[str, list[Diagnostic]]:
    """Return address -> a problem for each change of it after which somebody no longer gets in."""
    token = Credential(snapshot.uses_key, snapshot.server.version)
    found: dict[str, list[Diagnostic]] = {}
    for change in changes:
        live = snapshot.find(change.live_address, change.id) if change.id else None
        if live is None or change.action is Action.DELETE:
            continue
        values = {field.path: reveal(field.after) for field in change.fields}
        for path, why in KINDS[change.kind].lockouts(live, values, token):
            where = str(change.source) if change.source else None
            message = f"{change.address}: `{path}` is a lockout: {why}"
            found.setdefault(change.address, []).append(Diagnostic(message, where, _ALLOW))
    return found


def _why_needed(id: str, first: Collection[str], account: str | None) -> str | None:
    if id == account:
        return "the account of the token that is used"
    if id in first:
        return "the first account of the server and its primary administrator"
    return (
        None if account else "which may be the account of the token that is used: the server does not tell whose it is"
    )


def _is_admin(live: ObservedResource) -> bool:
    return live.values.get("role") == _ADMIN


def _takes_role(change: Change) -> bool:
    return change.action is Action.DELETE or any(
        field.path == "role" and reveal(field.after) != _ADMIN for field in change.fields
    )
