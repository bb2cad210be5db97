"""Groups: users with common permissions. Names are not unique on the server; membership is written by its own calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from owui_sync.address import FieldPath
from owui_sync.client.api import groups
from owui_sync.client.api.groups import GroupRow
from owui_sync.client.capabilities import Feature
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds import permission_names
from owui_sync.kinds.base import Fault, Kind
from owui_sync.kinds.fields import Field, key_schema, mapping, text
from owui_sync.kinds.lifecycle import Lifecycle
from owui_sync.kinds.names import BY_ID, IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row, set_besides
from owui_sync.kinds.settings import caution
from owui_sync.kinds.unfinished import finishing
from owui_sync.kinds.write import WriteRequest
from owui_sync.values import ABSENT

_PERMISSIONS = "permissions."
"""How the path of a permission begins."""
_CONFIGURED = ("share", "default_models")
"""Fields that the server keeps in `data.config`."""
_PLACED = ("parent", *_CONFIGURED)


def _emails(value: Any) -> Any:
    return sorted({email.lower() for email in value})


class Group(Kind[GroupRow]):
    name = "group"
    section = "groups"
    summary = "Groups of users, with permissions that their members have beside the default ones."
    key = key_schema("The group's name.", "Support")
    fields = (
        text("description", "What the group is for.", "People who answer tickets", default=""),
        mapping(
            "permissions",
            "What members may do, by section, such as `workspace: {knowledge: true}`. Partial: only what is written is "
            "managed.",
            {"workspace": {"knowledge": True, "prompts": True}},
            {
                "propertyNames": {"pattern": r"^[^.]+$", "x-error": "a section's name has no dot"},
                "additionalProperties": {
                    "type": "object",
                    "propertyNames": {"minLength": 1},
                    "additionalProperties": {"type": "boolean"},
                },
            },
            depth=2,
            reads=frozenset({permission_names.NAMES}),
        ),
        Field(
            name="members",
            schema={
                "type": "array",
                "description": "E-mail addresses of the members: the exact list. Not written: members are not managed.",
                "items": {"type": "string", "minLength": 1},
                "examples": [["bob@example.com"]],
            },
            default=[],
            normal=_emails,
            refers=lambda value: [("user", email) for email in _emails(value)],
            reads=frozenset({"user", "membership"}),
            stays=True,
            without=lambda value, missing: [email for email in value if email not in missing],
        ),
        text(
            "parent",
            "The group that it lies in: its members have what members of that one have. Empty for none.",
            "Staff",
            default="",
            refers=lambda value: [("group", value)] if value else [],
            since="0.12.4",
        ),
        Field(
            name="share",
            schema={
                "enum": ["members", True, False],
                "description": "Who may share things with the group: its `members`, all (true) or nobody (false).",
                "examples": ["members"],
            },
            default="members",
            # Before 0.8 the default is true, and nothing tells of a row which version it is from.
            stays=True,
            since_of=lambda value: str(Feature.GRANTS.since) if value == "members" else None,
        ),
        Field(
            name="default_models",
            schema={
                "type": "array",
                "items": {"type": "string", "minLength": 1},
                "description": "Ids of the models with which new chats of its members begin, in their order; empty for "
                "those of the settings.",
                "examples": [["gpt-4.1"]],
            },
            default=[],
            normal=list,
            since="0.12.4",
        ),
    )
    lifecycle = Lifecycle(unique=False, rename_since="0.6.43")

    def unsaid(self, row: GroupRow) -> Iterable[str]:
        inner = set_besides(_config(row), "share", "default_models")
        outer = set_besides(row.get("data"), "config")
        return [*(f"data.config.{name}" for name in inner), *(f"data.{name}" for name in outer)]

    def problems(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[Fault]:
        known = names.keys(permission_names.NAMES)
        for path in _unknown(values, known):
            if not _is_so(path, values, live):
                name = path.removeprefix(_PERMISSIONS)
                yield path, permission_names.unknown(name), permission_names.meant(name, known)

    def remarks(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[str]:
        """Return nothing: the server keeps whatever it is sent, and what an older version knew, which does no harm."""
        known = names.keys(permission_names.NAMES)
        for path in _unknown(values, known):
            if _is_so(path, values, live):
                name = path.removeprefix(_PERMISSIONS)
                hint = permission_names.meant(name, known)
                yield f"group/{key} has it already, but {permission_names.unknown(name)}: it does nothing; {hint}"

    def is_known(self, path: str, names: IdIndex) -> bool:
        name = path.removeprefix(_PERMISSIONS)
        return name == path or permission_names.is_known(name, names)

    async def cautions(self, reader: Reader, changes: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """Warn of what changes members elsewhere. Requests: two where members change, one before 0.10."""
        groups = [key for key, values in changes.items() if "members" in values]
        return await caution.of_groups(reader, groups) if groups else []

    def identity(self, row: GroupRow) -> tuple[str, str]:
        return row["name"], row["id"]

    async def read(self, reader: Reader) -> list[GroupRow]:
        """Read all with one request; memberships come with the users (`IdIndex.members`)."""
        return await groups.list_all(reader)

    def live(self, row: GroupRow, names: IdIndex) -> ObservedResource:
        parent, config = row.get("parent_group_id"), _config(row)
        values: dict[str, Any] = {
            "description": row.get("description") or "",
            "parent": names.called("group", parent) if parent else "",
            "share": config.get("share", "members"),
            "default_models": list(config.get("default_models") or []),
        }
        for section, some in (row.get("permissions") or {}).items():
            if isinstance(some, dict):
                values.update({f"{_PERMISSIONS}{section}.{name}": allowed for name, allowed in some.items()})
        if names.members is not None:
            ids = names.members.get(row["id"], [])
            values["members"] = sorted(names.called("user", id) for id in ids)
        return ObservedResource(self.name, *self.identity(row), values, row)

    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        row = await groups.create(writer, self._body({"id": "", "name": write.key}, write))
        return await self._with_members(writer, replace(self.live(row, write.names), key=write.key), write)

    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        if write.renames(live) or write.touches("description", "permissions", *_PLACED):
            row = await groups.update(writer, live.id, self._body(live.row, write))
            answered = self.live(row, write.names)
            live = replace(answered, values={**answered.values, **_kept(live)})
        return await self._with_members(writer, live, write)

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        await groups.delete(writer, live.id)

    def _body(self, row: GroupRow, write: WriteRequest) -> Row:
        allowed = {key: dict(value) for key, value in (row.get("permissions") or {}).items()}
        for (field, rest), value in write.paths():
            section, name = FieldPath.parse(rest)
            if field != "permissions":
                continue
            if value is ABSENT:
                allowed.get(section, {}).pop(name, None)
            elif name:
                allowed.setdefault(section, {})[name] = value
        config = {name: write.values[name] for name in _CONFIGURED if name in write.values}
        parent = write.values.get("parent")
        return {
            "name": write.key,
            "description": write.get("description", row.get("description") or ""),
            "permissions": {section: names for section, names in allowed.items() if names},
            "parent_group_id": row.get("parent_group_id") if parent is None else _id(parent, write.names),
            **({"data": {**(row.get("data") or {}), "config": {**_config(row), **config}}} if config else {}),
        }

    async def _with_members(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        if "members" not in write.values:
            return live
        wanted = list(write.values["members"])
        have = set(live.values.get("members", ()))
        ids = write.names
        with finishing(live):
            if added := [ids.id("user", email) for email in wanted if email not in have]:
                await groups.add_members(writer, live.id, added)
            if removed := [_user_id(ids, email) for email in sorted(have - set(wanted))]:
                await groups.remove_members(writer, live.id, removed)
        return replace(live, values={**live.values, "members": wanted})


def _config(row: GroupRow) -> dict[str, Any]:
    return (row.get("data") or {}).get("config") or {}


def _id(parent: str, names: IdIndex) -> str | None:
    return names.id("group", parent) if parent else None


def _unknown(values: Mapping[str, Any], known: list[str]) -> Iterator[str]:
    """Return the paths of permissions that the server does not know, as far as it was asked."""
    asked = {f"{_PERMISSIONS}{name}" for name in known}
    return (path for path in values if path.startswith(_PERMISSIONS) and asked and path not in asked)


def _is_so(path: str, values: Mapping[str, Any], live: ObservedResource | None) -> bool:
    return live is not None and live.values.get(path) == values[path]


def _kept(live: ObservedResource) -> dict[str, Any]:
    """Return what an answer to an update does not tell: the members."""
    return {"members": live.values["members"]} if "members" in live.values else {}


def _user_id(ids: IdIndex, email: str) -> str:
    """Return the id of a member; one whose account is gone is known by its id alone."""
    return ids.id("user", email) if ids.ids("user", email) else email.removeprefix(BY_ID)
