"""Who may see and change an object, as the server says it: the two forms of it, and how to set it on every version.

A grant is `{principal_type, principal_id, permission}`. On the server a write grant does not imply a read grant. A
grant to one principal beside the same grant to everyone means nothing.

Before 0.8.0 a row has `access_control` instead: null lets everyone read and nobody but the owner write, `{}` is
private, and `{"read": {"group_ids", "user_ids"}, "write": ...}` names ids. So there is no way to let everyone read and
some write (utils/access_control.py, `has_access`). Only this file knows both forms. Three rules make a write right on
every version: each update sends the whole access (`part`), because some versions reset what is left out; the answer is
compared (`settle`), because others ignore what is sent; and then the call that only sets access does it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

from owui_sync.client.capabilities import Feature, TooOld, can
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row

R = TypeVar("R", bound=Mapping[str, Any])

Grant = tuple[str, str, str]
"""Permission (`read` or `write`), principal type (`user` or `group`), and its name or id, or `*` for everyone."""

EVERYONE: tuple[str, str] = ("user", "*")

_PERMISSIONS = ("read", "write")
_IDS = (("group", "group_ids"), ("user", "user_ids"))


class NotShareable(TooOld):
    """The server is too old to keep such access."""


def without_redundant(grants: Iterable[Grant]) -> frozenset[Grant]:
    """Return the grants without those that the same grant to everyone makes meaningless."""
    grants = set(grants)
    for_all = {permission for permission, *principal in grants if tuple(principal) == EVERYONE}
    return frozenset(g for g in grants if g[0] not in for_all or g[1:] == EVERYONE)


def rows_of(row: Mapping[str, Any]) -> list[Row]:
    """Return the grant rows of a row of the server in either form, without ids, which change on every write."""
    if "access_control" in row:
        return of_control(row["access_control"])
    return _bare(row.get("access_grants"))


def _bare(rows: Iterable[Mapping[str, Any]] | None) -> list[Row]:
    """Return grant rows of the server as they are sent back: without ids, which change on every write."""
    return [{key: row[key] for key in ("principal_type", "principal_id", "permission")} for row in rows or ()]


async def part(reader: Reader, rows: Iterable[Row]) -> Row:
    """Return the part of a body that sets access, in the form of the server's version.

    No request is sent once the version is known.

    Args:
        rows: all grant rows that the object must have.

    Raises:
        NotShareable: the server is older than 0.8.0, and everyone may read while some may write, or everyone may write.
    """
    if await can(reader, Feature.GRANTS):
        return {"access_grants": list(rows)}
    return {"access_control": to_control(rows)}


def of_control(control: Mapping[str, Any] | None) -> list[Row]:
    """Return the grant rows that an `access_control` means."""
    if control is None:
        return [grant_row("read", *EVERYONE)]
    return [
        grant_row(permission, kind, id)
        for permission in _PERMISSIONS
        for kind, key in _IDS
        for id in (control.get(permission) or {}).get(key) or ()
    ]


def to_control(rows: Iterable[Row]) -> Row | None:
    """Return the `access_control` that means these grant rows; raises `NotShareable` when none does."""
    grants = without_redundant((row["permission"], row["principal_type"], row["principal_id"]) for row in rows)
    if grants == {("read", *EVERYONE)}:
        return None
    if any(grant[1:] == EVERYONE for grant in grants):
        raise NotShareable(
            f"before Open WebUI {Feature.GRANTS.since} a server can let everyone read only where nobody else may write",
            hint="write `access: public`, or name who may read, or upgrade the server",
        )
    return {
        permission: {
            key: sorted(id for granted, principal, id in grants if (granted, principal) == (permission, kind))
            for kind, key in _IDS
        }
        for permission in (_PERMISSIONS if grants else ())
    }


def grant_row(permission: str, kind: str, id: str) -> Row:
    """Return one grant as it is sent."""
    return {"principal_type": kind, "principal_id": id, "permission": permission}


async def settle(row: R, wanted: list[Row], set_access: Callable[[list[Row]], Awaitable[R]]) -> R:
    """Make the grants of a just written object right: most calls ignore them on some versions of the server.

    Args:
        row: what the server answered to the write.
        wanted: the grant rows that it must have.
        set_access: sends the grants through the call that only does that, and gives the server's new row. Versions
            with `access_control` have no such call, and no need of it: every write sets what it is sent.
    """
    return row if same(rows_of(row), wanted) or "access_control" in row else await set_access(wanted)


def same(one: Iterable[Row], other: Iterable[Row]) -> bool:
    """Return whether two lists have the same grants, in whatever order."""
    return {tuple(sorted(grant.items())) for grant in one} == {tuple(sorted(grant.items())) for grant in other}
