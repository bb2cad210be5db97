"""Who may see and change an object: the one piece that every shareable kind has in common.

The manifest speaks of `public`, `private` and names; the server of grants with ids, in one of two forms (see
`owui_sync.client.access`, which also says how a write goes right on every version). Between them stands a set of
`(permission, principal type, name)`. On the server a write grant does not imply a read grant, so both are written, but
for `write_only`. A grant to one principal beside the same grant to everyone means nothing and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from owui_sync.client.access import EVERYONE as EVERYONE
from owui_sync.client.access import Grant, grant_row, without_redundant
from owui_sync.client.access import NotShareable as NotShareable
from owui_sync.client.access import part as part
from owui_sync.client.access import rows_of as rows_of
from owui_sync.client.access import settle as settle
from owui_sync.client.capabilities import Feature
from owui_sync.kinds.fields import Field
from owui_sync.kinds.names import IdIndex, Reference
from owui_sync.kinds.rows import Row
from owui_sync.values import Json

PRIVATE: Row = {"access_grants": [], "access_control": {}}
"""The part of a body that makes an object private on every version: each takes the key it knows and drops the other."""

_WHO: Json = {
    "description": "`everyone` (every signed-in user), or a mapping with `groups` (names) and `users` (e-mails); "
    "`id:ID` is the one with that id, for two of one name.",
    "oneOf": [
        {"const": "everyone"},
        {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {
                "groups": {
                    "type": "array",
                    "items": {"type": "string", "minLength": 1},
                    "description": "Group names.",
                    "examples": [["Support"]],
                },
                "users": {
                    "type": "array",
                    "items": {"type": "string", "minLength": 1},
                    "description": "User e-mails.",
                    "examples": [["bob@example.com"]],
                },
            },
        },
    ],
}

SCHEMA: Json = {
    "description": "Who may use the object. `public`: every user reads. `private`: only the owner and administrators. "
    "Or a mapping of `read` and `write`; whoever may write may also read. Not written: not managed, and private when "
    "the object is new.",
    "examples": [
        "public",
        {"read": {"groups": ["Support"]}},
        {"read": "everyone", "write": {"users": ["alice@example.com"]}},
    ],
    "oneOf": [
        {"enum": ["public", "private"]},
        {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {
                "read": _WHO,
                "write": _WHO,
                "write_only": {
                    **_WHO,
                    "description": "Who may change it and is not shown it, as some servers have it. As for `read`.",
                },
            },
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
    """Return the grants that an access value of a manifest means."""
    if access == "private":
        return frozenset()
    if access == "public":
        return frozenset({("read", *EVERYONE)})
    write = set(_who("write", access.get("write")))
    read = set(_who("read", access.get("read"))) | {("read", kind, name) for _, kind, name in write}
    return without_redundant(read | write | set(_who("write", access.get("write_only"))))


def access_of(grants: Iterable[Grant]) -> Any:
    """Return the shortest manifest value with exactly these grants: the normal form in which access is compared."""
    grants = without_redundant(grants)
    if not grants:
        return "private"
    if grants == {("read", *EVERYONE)}:
        return "public"
    read, write = ({grant[1:] for grant in grants if grant[0] == permission} for permission in ("read", "write"))
    seen = write if EVERYONE in read else write & read
    said = {"read": read, "write": seen, "write_only": write - seen}
    return {key: _mapping(principals) for key, principals in said.items() if principals}


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
    """Return the normal form of an access value."""
    return access_of(grants_of(access))


def without(access: Any, missing: set[str]) -> Any:
    """Return the access value without these users."""
    return access_of(grant for grant in grants_of(access) if not (grant[1] == "user" and grant[2] in missing))


def refers(access: Any) -> list[Reference]:
    """Return the groups and users that an access value names."""
    return sorted({(kind, name) for _, kind, name in grants_of(access) if (kind, name) != EVERYONE})


def from_rows(rows: Iterable[Mapping[str, Any]] | None, names: IdIndex) -> Any:
    """Return the access value behind the server's grant rows.

    The server keeps the grants of users and groups that are deleted. They let nobody in, so they are left out; where
    users and groups were not read, an id stands for its name. So it does for one of several groups of a name.
    """
    return access_of(
        (row["permission"], row["principal_type"], name)
        for row in rows or ()
        if (name := _name(row["principal_type"], row["principal_id"], names)) is not None
    )


def _name(kind: str, id: str, names: IdIndex) -> str | None:
    if id == "*" or kind not in ("user", "group"):
        return id
    return None if names.has("user") and names.key(kind, id) is None else names.called(kind, id)


def to_rows(access: Any, names: IdIndex) -> list[Row]:
    """Return the grant rows to send for an access value. Raises KeyError for a name that the server does not have."""
    return [
        grant_row(permission, kind, name if (kind, name) == EVERYONE else names.id(kind, name))
        for permission, kind, name in sorted(grants_of(access))
    ]


def of_row(row: Mapping[str, Any], names: IdIndex) -> Any:
    """Return the access value of a row of the server in either form, see `from_rows`."""
    return from_rows(rows_of(row), names)


def since(access: Any) -> str | None:
    """Return the first version of the server that can keep an access value; None when all can."""
    grants = grants_of(access)
    mixed = any(grant[1:] == EVERYONE for grant in grants) and grants != {("read", *EVERYONE)}
    return str(Feature.GRANTS.since) if mixed else None


FIELD = Field(
    name="access",
    schema=SCHEMA,
    default="private",
    normal=normal,
    refers=refers,
    without=without,
    since_of=since,
    reads=frozenset({"group", "user"}),
    cosmetic=True,
)
"""The `access` field, for every kind that can be shared."""
