"""Who may see and change an object: the one piece that every shareable kind has in common.

The manifest speaks of `public`, `private` and names; the server of grants `{principal_type, principal_id, permission}`.
Between them stands a set of `(permission, principal type, name)`. On the server a write grant does not imply a read
grant, so both are written. A grant to one principal beside the same grant to everyone means nothing and is left out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any

from owui_sync.kinds.base import Field, Names, Reference, Row
from owui_sync.values import Json

Grant = tuple[str, str, str]
"""Permission (`read` or `write`), principal type (`user` or `group`), and its name or `*` for everyone."""

EVERYONE: tuple[str, str] = ("user", "*")

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


def refers(access: Any) -> list[Reference]:
    """The groups and users that an access value names."""
    return sorted({(kind, name) for _, kind, name in grants_of(access) if (kind, name) != EVERYONE})


def from_rows(rows: Iterable[Mapping[str, Any]] | None, names: Names) -> Any:
    """The access value behind the server's grant rows; a principal that no longer exists keeps its id as its name."""
    return access_of(
        (row["permission"], row["principal_type"], _name(row["principal_type"], row["principal_id"], names))
        for row in rows or ()
    )


def _name(kind: str, id: str, names: Names) -> str:
    return id if id == "*" else names.key(kind, id) or id


def to_rows(access: Any, names: Names) -> list[Row]:
    """The grant rows to send for an access value. Raises KeyError for a name that the server does not have."""
    return [
        {
            "principal_type": kind,
            "principal_id": name if (kind, name) == EVERYONE else names.id(kind, name),
            "permission": permission,
        }
        for permission, kind, name in sorted(grants_of(access))
    ]


def bare(rows: Iterable[Mapping[str, Any]] | None) -> list[Row]:
    """Grant rows of the server as they are sent back: without ids, which change on every write."""
    return [{key: row[key] for key in ("principal_type", "principal_id", "permission")} for row in rows or ()]


async def settle(row: Row, wanted: list[Row], set_access: Callable[[list[Row]], Awaitable[Row]]) -> Row:
    """Makes the grants of a just written object right: most calls ignore them on some versions of the server.

    Args:
        row: what the server answered to the write.
        wanted: the grant rows that it must have.
        set_access: sends the grants through the call that only does that, and gives the server's new row.
    """
    have = {tuple(sorted(grant.items())) for grant in bare(row.get("access_grants"))}
    want = {tuple(sorted(grant.items())) for grant in wanted}
    return row if have == want else await set_access(wanted)


FIELD = Field(
    name="access",
    schema=SCHEMA,
    default="private",
    normal=normal,
    refers=refers,
    reads=frozenset({"group", "user"}),
)
"""The `access` field, for every kind that can be shared."""
