"""Access as the methods of a client take it, as the grants of the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from owui_sync.client.access import EVERYONE, grant_row, of_control
from owui_sync.client.api import groups
from owui_sync.client.api.groups import GroupRow
from owui_sync.client.errors import Missing, WrongValue
from owui_sync.client.facade.values import shown, taken
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row

Access = Mapping[str, Any] | Sequence[Mapping[str, Any]] | str
"""`"public"` (everyone may read), `"private"`, `{"read": {"group_ids": [...], "user_ids": [...]}, "write": ...}`
(`{}` is private), or a list of grants `{"principal_type", "principal_id", "permission"}`; each on every version."""

_GRANT = ("principal_type", "principal_id", "permission")
_FORMS = 'write "public", "private", or {"read": {"group_ids": [...], "user_ids": [...]}}'
_KINDS = ("public", "private", "group")
_PUBLIC = [grant_row("read", *EVERYONE)]


def grants_of(access: Access) -> list[Row]:
    """Return the grants that a parameter `access_control` means.

    Raises:
        WrongType: something in it has a type that means nothing.
        WrongValue: it means nothing.
    """
    match access:
        case "public":
            return _PUBLIC
        case "private":
            return []
        case Mapping() if access.keys() <= {"read", "write"}:
            return of_control({key: _members(f"access_control[{key!r}]", access[key]) for key in access})
        case list() | tuple() if all(set(_GRANT) <= grant.keys() for grant in access):
            return [{key: taken(grant[key], str, f"`{key}` in access_control") for key in _GRANT} for grant in access]
    raise WrongValue(f"access_control is {shown(access)}, which is no access", hint=_FORMS)


def _members(name: str, given: Any) -> Mapping[str, Any]:
    members: dict[str, Any] = taken(given, Mapping[str, list[str] | None] | None, name) or {}
    if not members.keys() <= {"group_ids", "user_ids"}:
        raise WrongValue(f"{name} has keys that mean nothing: {', '.join(members)}", hint=_FORMS)
    return members


async def grants_for(
    reader: Reader,
    permission_type: str | None,
    group_identifiers: Sequence[str] | None,
    user_ids: Sequence[str] | None,
) -> list[Row] | None:
    """Return the grants that these three parameters mean together; None when none of them is given.

    Args:
        reader: the client.
        permission_type: `public`, `private` (the users who are named) or `group` (the groups, and those users).
        group_identifiers: names or ids of groups. One request when there are any.
        user_ids: ids of users.

    Raises:
        Missing: no group has that id or name.
        WrongValue: the parameters do not fit together, or two groups have that name.
    """
    kind = check_permission(permission_type, group_identifiers, user_ids)
    if kind is None:
        return None
    if kind == "public":
        return _PUBLIC
    named = [("group", id) for id in await _ids(reader, group_identifiers or ())] + [
        ("user", id) for id in user_ids or ()
    ]
    return [grant_row(permission, *principal) for permission in ("read", "write") for principal in named]


def check_permission(
    permission_type: str | None, group_identifiers: Sequence[str] | None, user_ids: Sequence[str] | None
) -> str | None:
    """Return the `permission_type` that these three parameters mean together; None when none of them is given.

    Raises:
        WrongValue: they do not fit together.
    """
    kind = permission_type
    if kind is None:
        kind = "group" if group_identifiers else "private" if user_ids else None
    if kind not in (None, *_KINDS):
        raise WrongValue(f"permission_type is {shown(kind)}", hint="it has to be public, private or group")
    if (kind == "group") != bool(group_identifiers):
        raise WrongValue("permission_type `group` and group_identifiers need each other", hint="pass both, or neither")
    return kind


async def _ids(reader: Reader, identifiers: Sequence[str]) -> list[str]:
    rows = await groups.list_all(reader) if identifiers else []
    return [_id(identifier, rows) for identifier in identifiers]


def _id(identifier: str, rows: list[GroupRow]) -> str:
    found = {row["id"] for row in rows if identifier == row["id"]} or {r["id"] for r in rows if identifier == r["name"]}
    if not found:
        raise Missing("group", identifier, "/api/v1/groups/", sorted(row["name"] for row in rows))
    if len(found) > 1:
        raise WrongValue(f"{len(found)} groups have the name {identifier!r}", hint="give the id of one of them")
    return str(found.pop())
