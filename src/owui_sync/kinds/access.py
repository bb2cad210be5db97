"""Who may see and change an object: the one piece that every shareable kind has in common.

The manifest speaks of `public`, `private` and names; the server of grants `{principal_type, principal_id, permission}`.
Between them stands a set of `(permission, principal type, name)`. On the server a write grant does not imply a read
grant, so both are written. A grant to one principal beside the same grant to everyone means nothing and is left out.

Before 0.8.0 a row has `access_control` instead: null lets everyone read and nobody but the owner write, `{}` is
private, and `{"read": {"group_ids", "user_ids"}, "write": ...}` names ids. So there is no way to let everyone read and
some write (utils/access_control.py, `has_access`). Only this file knows both forms. Three rules make a write right on
every version: each update sends the whole access (`part`), because some versions reset what is left out; the answer is
compared (`settle`), because others ignore what is sent; and then the call that only sets access does it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any

from owui_sync.client.capabilities import Feature, can
from owui_sync.client.reader import Reader
from owui_sync.errors import OwuiSyncError
from owui_sync.kinds.base import Field, Names, Reference, Row
from owui_sync.values import Json

Grant = tuple[str, str, str]
"""Permission (`read` or `write`), principal type (`user` or `group`), and its name or `*` for everyone."""

EVERYONE: tuple[str, str] = ("user", "*")

PRIVATE: Row = {"access_grants": [], "access_control": {}}
"""The part of a body that makes an object private on every version: each takes the key it knows and drops the other."""

_PERMISSIONS = ("read", "write")
_IDS = (("group", "group_ids"), ("user", "user_ids"))


class NotShareable(OwuiSyncError):
    """The server is too old to keep such access."""


_WHO: Json = {
    "description": "`everyone` (every signed-in user), or a mapping with `groups` (names) and `users` (e-mails).",
    "oneOf": [
        {"const": "everyone"},
        {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {
                "groups": {"type": "array", "items": {"type": "string", "minLength": 1}, "description": "Group names."},
                "users": {"type": "array", "items": {"type": "string", "minLength": 1}, "description": "User e-mails."},
            },
        },
    ],
}

SCHEMA: Json = {
    "description": "Who may use the object. `public`: every user reads. `private`: only the owner and administrators. "
    "Or a mapping of `read` and `write`; whoever may write may also read. Not written: not managed, and private when "
    "the object is new.",
    "examples": ["public", {"read": {"groups": ["Support"]}}],
    "oneOf": [
        {"enum": ["public", "private"]},
        {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {"read": _WHO, "write": _WHO},
        },
    ],
}


def _who(permission: str, who: Any) -> Iterator[Grant]:
    if who == "everyone":
        yield (permission, *EVERYONE)
    elif who:
        yield from ((permission, "group", name) for name in who.get("groups", ()))
        yield from ((permission, "user", email.lower()) for email in who.get("users", ()))


def grants_of(access: Any) -> frozenset[Grant]:
    """The grants that an access value of a manifest means."""
    if access == "private":
        return frozenset()
    if access == "public":
        return frozenset({("read", *EVERYONE)})
    write = set(_who("write", access.get("write")))
    read = set(_who("read", access.get("read"))) | {("read", kind, name) for _, kind, name in write}
    return _without_redundant(read | write)


def _without_redundant(grants: Iterable[Grant]) -> frozenset[Grant]:
    grants = set(grants)
    for_all = {permission for permission, *principal in grants if tuple(principal) == EVERYONE}
    return frozenset(g for g in grants if g[0] not in for_all or g[1:] == EVERYONE)


def access_of(grants: Iterable[Grant]) -> Any:
    """The shortest manifest value with exactly these grants: the normal form in which access is compared."""
    grants = _without_redundant(grants)
    if not grants:
        return "private"
    if grants == {("read", *EVERYONE)}:
        return "public"
    return {
        permission: _mapping({g[1:] for g in grants if g[0] == permission})
        for permission in ("read", "write")
        if any(g[0] == permission for g in grants)
    }


def _mapping(principals: set[tuple[str, str]]) -> Any:
    if EVERYONE in principals:
        return "everyone"
    named = {
        "groups": sorted(name for kind, name in principals if kind == "group"),
        "users": sorted(name for kind, name in principals if kind == "user"),
        "others": sorted(f"{kind}:{name}" for kind, name in principals if kind not in ("group", "user")),
    }
    return {kind: names for kind, names in named.items() if names}


def normal(access: Any) -> Any:
    """Normal form of an access value."""
    return access_of(grants_of(access))


def without(access: Any, missing: set[str]) -> Any:
    """The access value without these users."""
    return access_of(grant for grant in grants_of(access) if not (grant[1] == "user" and grant[2] in missing))


def refers(access: Any) -> list[Reference]:
    """The groups and users that an access value names."""
    return sorted({(kind, name) for _, kind, name in grants_of(access) if (kind, name) != EVERYONE})


def from_rows(rows: Iterable[Mapping[str, Any]] | None, names: Names) -> Any:
    """The access value behind the server's grant rows.

    The server keeps the grants of users and groups that are deleted. They let nobody in, so they are left out; where
    users and groups were not read, an id stands for its name.
    """
    return access_of(
        (row["permission"], row["principal_type"], name)
        for row in rows or ()
        if (name := _name(row["principal_type"], row["principal_id"], names)) is not None
    )


def _name(kind: str, id: str, names: Names) -> str | None:
    if id == "*" or kind not in ("user", "group"):
        return id
    return names.key(kind, id) or (None if names.has("user") else id)


def to_rows(access: Any, names: Names) -> list[Row]:
    """The grant rows to send for an access value. Raises KeyError for a name that the server does not have."""
    return [
        _row(permission, kind, name if (kind, name) == EVERYONE else names.id(kind, name))
        for permission, kind, name in sorted(grants_of(access))
    ]


def bare(rows: Iterable[Mapping[str, Any]] | None) -> list[Row]:
    """Grant rows of the server as they are sent back: without ids, which change on every write."""
    return [{key: row[key] for key in ("principal_type", "principal_id", "permission")} for row in rows or ()]


def of_row(row: Mapping[str, Any], names: Names) -> Any:
    """The access value of a row of the server in either form, see `from_rows`."""
    return from_rows(rows_of(row), names)


def rows_of(row: Mapping[str, Any]) -> list[Row]:
    """The grant rows of a row of the server in either form, without ids, which change on every write."""
    if "access_control" in row:
        return _from_control(row["access_control"])
    return bare(row.get("access_grants"))


async def part(reader: Reader, rows: Iterable[Row]) -> Row:
    """The part of a body that sets access, in the form of the server's version. No request once the version is known.

    Args:
        rows: all grant rows that the object must have.

    Raises:
        NotShareable: the server is older than 0.8.0, and everyone may read while some may write, or everyone may write.
    """
    if await can(reader, Feature.GRANTS):
        return {"access_grants": list(rows)}
    return {"access_control": _to_control(rows)}


def since(access: Any) -> str | None:
    """The first version of the server that can keep an access value; None when all can."""
    grants = grants_of(access)
    mixed = any(grant[1:] == EVERYONE for grant in grants) and grants != {("read", *EVERYONE)}
    return str(Feature.GRANTS.since) if mixed else None


def _from_control(control: Mapping[str, Any] | None) -> list[Row]:
    if control is None:
        return [_row("read", *EVERYONE)]
    return [
        _row(permission, kind, id)
        for permission in _PERMISSIONS
        for kind, key in _IDS
        for id in (control.get(permission) or {}).get(key) or ()
    ]


def _to_control(rows: Iterable[Row]) -> Row | None:
    grants = _without_redundant((row["permission"], row["principal_type"], row["principal_id"]) for row in rows)
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


def _row(permission: str, kind: str, id: str) -> Row:
    return {"principal_type": kind, "principal_id": id, "permission": permission}


async def settle(row: Row, wanted: list[Row], set_access: Callable[[list[Row]], Awaitable[Row]]) -> Row:
    """Makes the grants of a just written object right: most calls ignore them on some versions of the server.

    Args:
        row: what the server answered to the write.
        wanted: the grant rows that it must have.
        set_access: sends the grants through the call that only does that, and gives the server's new row. Versions
            with `access_control` have no such call, and no need of it: every write sets what it is sent.
    """
    have = {tuple(sorted(grant.items())) for grant in rows_of(row)}
    want = {tuple(sorted(grant.items())) for grant in wanted}
    return row if have == want or "access_control" in row else await set_access(wanted)


FIELD = Field(
    name="access",
    schema=SCHEMA,
    default="private",
    normal=normal,
    refers=refers,
    without=without,
    since_of=since,
    reads=frozenset({"group", "user"}),
)
"""The `access` field, for every kind that can be shared."""
