"""The default permissions of users: one object that every server has, of which a manifest says only a part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from owui_sync.client.api import users
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.reader import Reader
from owui_sync.client.versions import Version
from owui_sync.client.writer import Writer
from owui_sync.kinds import permission_names
from owui_sync.kinds.base import Fault, Kind
from owui_sync.kinds.credential import Credential
from owui_sync.kinds.fields import Field, mapping
from owui_sync.kinds.lifecycle import Lifecycle, Removal
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.permission_names import flat
from owui_sync.kinds.rows import Row
from owui_sync.kinds.write import WriteRequest
from owui_sync.values import Json

KEY = "default"
"""Key and id of the one object."""

KEYS_OF_ADMINS = Version(0, 8)
"""The version since which administrators need no permission to use API keys."""

_OFF_AT_FIRST = (
    *("chat.temporary_enforced", "features.api_keys", "features.automations"),
    "features.direct_tool_servers",
)
"""With all of `workspace` and `sharing`: what 0.6.43 to 0.9.6 start with switched off when their environment does not
say otherwise (config.py, DEFAULT_USER_PERMISSIONS). They have no route that tells."""


def _section(name: str, description: str, example: str, *, note: str = "") -> Field:
    told = f"{description} Partial: only what is written is managed. {note}".rstrip()
    return mapping(name, told, {example: False}, {"additionalProperties": {"type": "boolean"}})


class Permissions(Kind):
    name = "permissions"
    section = "permissions"
    summary = "What users may do by default on the whole server; groups can allow their members more."
    key: ClassVar[Json] = {
        "const": KEY,
        "description": f"Always `{KEY}`: a server has these permissions once.",
        "examples": [KEY],
    }
    fields = (
        _section("workspace", "What users may make, import and export in the workspace.", "models"),
        _section("sharing", "What users may share: with some (`notes`), with all (`public_notes`).", "models"),
        _section("access_grants", "Whom users may share with.", "allow_users", note="Open WebUI 0.6 has none."),
        _section("chat", "What users may do in chats.", "delete"),
        _section("features", "Which features users may use.", "web_search"),
        _section(
            "settings", "Which of their own settings users may change.", "interface", note="Open WebUI 0.6 has none."
        ),
    )
    lifecycle = Lifecycle(removal=Removal.RESET)
    provides = frozenset({permission_names.NAMES})

    def problems(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[Fault]:
        known = list(live.values if live else values)
        yield from (
            (path, permission_names.unknown(path), permission_names.meant(path, known))
            for path in values
            if path not in known
        )

    def lockouts(
        self, live: ObservedResource, values: Mapping[str, Any], token: Credential
    ) -> Iterable[tuple[str, str]]:
        if token.is_key and values.get("features.api_keys") is False and Version.parse(token.version) < KEYS_OF_ADMINS:
            yield "features.api_keys", "on this version the API keys of administrators stop working as well"

    def identity(self, row: Row) -> tuple[str, str]:
        return KEY, KEY

    async def read(self, reader: Reader) -> list[Row]:
        """Return one row, `{current, defaults}`.

        Requests: two; before 0.10 one, and `_OFF_AT_FIRST` gives the defaults.
        """
        if await can(reader, Feature.PERMISSION_DEFAULTS):
            current, defaults = await gather_or_cancel(
                users.default_permissions(reader), users.initial_permissions(reader)
            )
        else:
            current = await users.default_permissions(reader)
            defaults = {section: {name: _at_first(section, name) for name in some} for section, some in current.items()}
        return [{"current": current, "defaults": defaults}]

    async def observe(self, reader: Reader, want: frozenset[str], names: IdIndex) -> list[Row]:
        """As `read`; the names of all permissions come along."""
        rows = await self.read(reader)
        permission_names.name_all(rows[0]["current"], names)
        return rows

    def live(self, row: Row, names: IdIndex) -> ObservedResource:
        values, defaults = dict(flat(row["current"])), dict(flat(row["defaults"]))
        return ObservedResource(self.name, KEY, KEY, values, row, defaults)

    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        """Never asked for: the object is always there."""
        raise TypeError("default permissions cannot be created")

    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        """Read what the server has now, change what is asked for, and write all of it back. Two requests."""
        now = await users.default_permissions(writer)
        body = {section: write.merged(section, some) for section, some in now.items()}
        answer = await users.set_default_permissions(writer, body)
        return self.live({**live.row, "current": answer}, write.names)

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        """Never asked for: the object is always there."""
        raise TypeError("default permissions cannot be deleted")


def _at_first(section: str, name: str) -> bool:
    return section not in ("workspace", "sharing") and f"{section}.{name}" not in _OFF_AT_FIRST
