"""What else decides about settings, groups and roles, so that a change may not last: told before it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from owui_sync.client.api import configs, system
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.reader import Reader
from owui_sync.values import load_json

_NOT_KEPT = (
    "settings are not kept: the server runs with ENABLE_PERSISTENT_CONFIG=false, so they are gone when it restarts"
)
_OAUTH_NOT_KEPT = (
    "`oauth` is not kept: the server runs with ENABLE_OAUTH_PERSISTENT_CONFIG=false, so it is gone when it restarts"
)
_SCIM = (
    "an identity provider can write accounts and groups (ENABLE_SCIM): leave `role` and `members` out for those that "
    "it provides"
)
_PLUGINS = ("enable_plugins", "enable_tools", "enable_functions", "enable_tool_servers")


async def of_settings(reader: Reader, areas: frozenset[str]) -> list[str]:
    """Warn of changes in these areas that a restart undoes, or that do nothing. One to three requests."""
    if not await can(reader, Feature.FLAT_CONFIG):
        return []
    found = [] if await configs.are_kept(reader) else [_NOT_KEPT]
    if "oauth" in areas and not (await configs.read(reader, "oauth")).get("ENABLE_OAUTH_PERSISTENT_CONFIG"):
        found.append(_OAUTH_NOT_KEPT)
    if "tool_servers" in areas:
        found += await of_plugins(reader, ("enable_plugins", "enable_tool_servers"))
    return found


async def of_plugins(reader: Reader, switches: Iterable[str] = _PLUGINS) -> list[str]:
    """Warn of parts of the server that its environment switches off: their lists look empty. One request."""
    features = (await system.config(reader)).get("features") or {}
    off = [switch for switch in switches if features.get(switch) is False]
    return [
        f"the server runs with {switch.upper()}=false: what depends on it is hidden and does nothing" for switch in off
    ]


async def of_groups(reader: Reader, groups: Sequence[str]) -> list[str]:
    """Warn of groups whose members somebody else sets. Two requests; one before 0.10."""
    stored = await _stored(reader)
    blocked = _patterns(stored.get("oauth.blocked_groups"))
    free = [group for group in groups if not any(fnmatchcase(group, pattern) for pattern in blocked)]
    ways = [
        ("oauth.enable_group_mapping", "single sign-on", free, ", or add them to OAUTH_BLOCKED_GROUPS"),
        ("ldap.group.enable_management", "LDAP", groups, ""),
    ]
    found = [
        f"{way} sets the members of groups at each sign-in, and will undo `members` of "
        f"{', '.join(some)}: leave `members` out{advice}"
        for key, way, some, advice in ways
        if stored.get(key) and some
    ]
    if groups and await system.has_scim(reader):
        found.append(
            f"the server takes groups from an identity provider (ENABLE_SCIM), which may undo `members` of "
            f"{', '.join(groups)}: leave `members` out for groups that it provides"
        )
    return found


async def of_roles(reader: Reader) -> list[str]:
    """Warn of roles that somebody else sets. Two requests; one before 0.10."""
    found = []
    if (await _stored(reader)).get("oauth.enable_role_mapping"):
        found.append("single sign-on sets roles at each sign-in, and will undo `role` of users: leave `role` out")
    if await system.has_scim(reader):
        found.append(
            "the server takes accounts from an identity provider (ENABLE_SCIM), which sets `role` to `user` or "
            "`pending`: leave `role` out for accounts that it provides, except administrators"
        )
    return found


async def of_server(reader: Reader) -> list[str]:
    """Everything that `doctor` tells of these. Four requests; one before 0.10."""
    scim = [_SCIM] if await system.has_scim(reader) else []
    if not await can(reader, Feature.FLAT_CONFIG):
        return scim
    found = [*await of_settings(reader, frozenset()), *await of_plugins(reader)]
    stored = await configs.export(reader)
    if stored.get("oauth.enable_group_mapping") or stored.get("ldap.group.enable_management"):
        found.append("single sign-on or LDAP sets the members of groups at each sign-in: leave `members` out")
    if stored.get("oauth.enable_role_mapping"):
        found.append("single sign-on sets roles at each sign-in: leave `role` of users out")
    return found + scim


async def _stored(reader: Reader) -> Mapping[str, Any]:
    return await configs.export(reader) if await can(reader, Feature.FLAT_CONFIG) else {}


def _patterns(value: Any) -> list[str]:
    """`OAUTH_BLOCKED_GROUPS`: a JSON list as a text, or names with commas between them."""
    if isinstance(value, str):
        try:
            value = load_json(value)
        except ValueError:
            value = value.split(",")
    return [str(item).strip() for item in value] if isinstance(value, list) else []
