"""The default permissions of users: one object that every server has, of which a manifest says only a part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, ClassVar

from owui_sync.client.api import users
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds.base import Fault, Field, IdIndex, Kind, ObservedResource, Row, WriteRequest
from owui_sync.values import Json

KEY = "default"
"""Key and id of the one object."""

NAMES = "permission"
"""What `IdIndex` calls the permissions that the server knows: `chat.delete` is key and id."""

SINCE: dict[str, str] = {
    **dict.fromkeys(
        (
            *("workspace.skills", "sharing.skills", "sharing.public_skills", "access_grants.allow_users"),
            *("chat.web_upload", "features.memories", "settings.interface"),
        ),
        "0.8.12",
    ),
    **dict.fromkeys(
        (
            *("workspace.skills_import", "workspace.skills_export", "sharing.public_chats", "chat.import"),
            *("sharing.public_calendars", "features.automations", "features.calendar", "features.webhooks"),
        ),
        "0.10.2",
    ),
    **dict.fromkeys(("sharing.folders", "sharing.open_chats", "access_grants.allow_groups"), "0.11.4"),
    **dict.fromkeys(("workspace.models_hidden", "features.encrypted_channels"), "0.12.4"),
}
"""Permission -> the first tested version that knows it, for those that not all tested versions know. Only for messages:
what a server knows is what it answers."""

_OFF_AT_FIRST = ("chat.temporary_enforced", "features.api_keys", "features.direct_tool_servers")
"""With all of `workspace` and `sharing`: what 0.6.43 and 0.8.12 start with switched off when their environment does not
say otherwise (config.py, DEFAULT_USER_PERMISSIONS). They have no route that tells."""


def _section(name: str, description: str, example: str, *, note: str = "") -> Field:
    return Field(
        name=name,
        schema={
            "type": "object",
            "description": f"{description} Partial: only what is written is managed. {note}".rstrip(),
            "examples": [{example: False}],
            "additionalProperties": {"type": "boolean"},
        },
        depth=1,
    )


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
    singleton = True
    offers = frozenset({NAMES})

    def problems(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[Fault]:
        known = list(live.values if live else values)
        yield from ((path, unknown(path), meant(path, known)) for path in values if path not in known)

    def identity(self, row: Row) -> tuple[str, str]:
        return KEY, KEY

    async def read(self, reader: Reader) -> list[Row]:
        """One row, `{current, defaults}`. Two requests, one before 0.10, where `_OFF_AT_FIRST` says the defaults."""
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
        name_all(rows[0]["current"], names)
        return rows

    def live(self, row: Row, names: IdIndex) -> ObservedResource:
        values, defaults = dict(_flat(row["current"])), dict(_flat(row["defaults"]))
        return ObservedResource(self.name, KEY, KEY, values, row, defaults)

    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        """Never asked for: the object is always there."""
        raise TypeError("default permissions cannot be created")

    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        """Reads what the server has now, changes what is asked for, and writes all of it back. Two requests."""
        now = await users.default_permissions(writer)
        body = {section: write.merged(section, some) for section, some in now.items()}
        answer = await users.set_default_permissions(writer, body)
        return self.live({**live.row, "current": answer}, write.names)

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        """Never asked for: the object is always there."""
        raise TypeError("default permissions cannot be deleted")


def _flat(sections: Mapping[str, Mapping[str, bool]]) -> Iterator[tuple[str, bool]]:
    for section, some in sections.items():
        for name, allowed in some.items():
            yield f"{section}.{name}", allowed


def _at_first(section: str, name: str) -> bool:
    return section not in ("workspace", "sharing") and f"{section}.{name}" not in _OFF_AT_FIRST


def name_all(sections: Mapping[str, Mapping[str, bool]], names: IdIndex) -> None:
    """Makes the permissions known that a server has: what is no default permission means nothing in a group either."""
    for path, _ in _flat(sections):
        names.add(NAMES, path, path)


def unknown(path: str) -> str:
    """What is wrong with a permission that the server does not have."""
    return f"the server knows no permission `{path}`"


def meant(path: str, known: list[str]) -> str:
    """Which version knows it, or what was meant, and in any case what this server knows."""
    section, _, _ = path.partition(".")
    beside = [other.partition(".")[2] for other in known if other.startswith(f"{section}.")]
    sections = ", ".join(sorted({other.partition(".")[0] for other in known}))
    here = f"in `{section}` it knows {', '.join(sorted(beside))}" if beside else f"it knows the sections {sections}"
    if path in SINCE:
        return f"Open WebUI {SINCE[path]} knows it; of this server: {here}"
    close = get_close_matches(path, known, 1)
    return f"did you mean `{close[0]}`? Of this server: {here}" if close else here
