"""The kind `setting`: one object for each area of the system configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from owui_sync.address import field_of
from owui_sync.client.capabilities import Feature, can, version_of
from owui_sync.client.reader import Reader
from owui_sync.client.versions import Version
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError
from owui_sync.kinds.areas import AreaKind, area_of, entry_key, split
from owui_sync.kinds.base import Fault
from owui_sync.kinds.credential import Credential
from owui_sync.kinds.fields import Field
from owui_sync.kinds.lifecycle import Lifecycle
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row
from owui_sync.kinds.settings import caution, fields, limits, lockout, observe, schema, write_entry
from owui_sync.kinds.settings.entries import AREAS, identity, unsaid, values_of
from owui_sync.kinds.settings.listed import LISTS
from owui_sync.kinds.settings.table import BY_AREA, BY_EXPORT, CONFIG, DEFAULT_GROUP, SINCE
from owui_sync.kinds.settings.write import one_at_a_time, write_area
from owui_sync.kinds.write import WriteRequest
from owui_sync.values import ABSENT, Json, reveal, same


class Setting(AreaKind):
    """An area of the settings, which every server has, or an entry of one of its lists."""

    name = "setting"
    section = "settings"
    summary = "The system configuration, by area and with the server's own names of fields."
    key: ClassVar[Json] = {
        "type": "string",
        "pattern": rf"^({'|'.join(AREAS)})\..+$",
        "x-error": f"only entries of {', '.join(AREAS)} can be named here, as `tool_servers.clock`",
        "description": "Area and entry, for areas whose entries are objects.",
        "examples": ["tool_servers.clock"],
    }
    fields = fields.ALL
    lifecycle = Lifecycle(unique=False)
    provides = frozenset(map(observe.word, observe.ALL_AREAS))
    list_areas = frozenset(name for name, spec in LISTS.items() if spec.area == name)
    entry_areas = frozenset(AREAS)

    def field(self, path: str) -> Field:
        return fields.of_path(path)

    def fields_of(self, key: str, written: Iterable[str] = ()) -> Iterable[Field]:
        return fields.of_area(area_of(key), written)

    def is_secret(self, path: str, values: Mapping[str, Any], key: str = "") -> bool:
        return fields.in_area(area_of(key), path).secret

    def reads_of(self, key: str) -> frozenset[str]:
        return frozenset({observe.word(area_of(key))})

    def since_of(self, key: str) -> str | None:
        area = area_of(key)
        return AREAS[area].since if area in AREAS else SINCE.get(area)

    def section_schema(self, further: Mapping[str, Json]) -> Json:
        return schema.section(further)

    def default(self, path: str, key: str) -> Any:
        field = fields.in_area(area_of(key), path)
        return split(key)[1] if field.defaults_to_key else field.default

    def problems(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[Fault]:
        """Yield what this server does not have, and what its store would take without a look."""
        if live is None:
            if self.is_permanent(key):
                yield "", "this server has no such settings", None
            return
        listed = {name for name in LISTS if name in live.values}
        for path, value in values.items():
            if path not in live.values and field_of(path) not in listed:
                yield path, *_unknown(key, path)
            elif key == CONFIG and _is_other_type(reveal(value), live.values[path]):
                yield path, f"`{path}` is of another type than on the server, which would break on it", None

    def unsaid(self, row: Row) -> Iterable[str]:
        return unsaid(area_of(row["key"]), row["item"]) if "item" in row else row.get("unsaid", ())

    def lockouts(
        self, live: ObservedResource, values: Mapping[str, Any], token: Credential
    ) -> Iterable[tuple[str, str]]:
        return lockout.dangers(values, live.values, token) if self.is_permanent(live.key) else ()

    def narrows(self, path: str, before: Any, after: Any) -> bool:
        return limits.narrows(path, before, after)

    async def cautions(self, reader: Reader, changes: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """Warn of what makes settings void.

        Requests: one, one more each for `oauth` and tool servers; none before 0.10.
        """
        return await caution.of_settings(reader, frozenset(map(area_of, changes)))

    def identity(self, row: Row) -> tuple[str, str]:
        return row["key"], row["id"]

    async def read(self, reader: Reader) -> list[Row]:
        return await self.observe(reader, self.provides, IdIndex())

    async def observe(self, reader: Reader, want: frozenset[str], names: IdIndex) -> list[Row]:
        """Read the areas. Requests: one; before 0.10 one for each form of the areas in `want`."""
        found = await observe.read(reader, want)
        version = await version_of(reader)
        old = not await can(reader, Feature.GRANTS)
        rows: list[Row] = [
            {
                "key": area,
                "id": area,
                "values": values,
                "defaults": _defaults(area, values, version, found.untouched),
                "unsaid": found.unsaid.get(area, []),
            }
            for area, values in found.areas.items()
        ]
        for area, items in found.entries.items():
            for item in items:
                if known := identity(area, item):
                    rows.append({"key": entry_key(area, known[0]), "id": known[1], "item": item, "old": old})
                else:
                    names.unnamed.setdefault(self.name, []).append(f"{area}.{item.get('url', '')}")
        return rows

    def live(self, row: Row, names: IdIndex) -> ObservedResource:
        key = row["key"]
        if "item" in row:
            values = values_of(area_of(key), row["item"], names, old=row["old"])
            return ObservedResource(self.name, key, row["id"], values, row)
        values = dict(row["values"])
        if group := values.get(DEFAULT_GROUP):
            values[DEFAULT_GROUP] = names.called("group", group)
        return ObservedResource(self.name, key, key, values, row, row["defaults"])

    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        """Add an entry, and read what the server made of it. Three requests."""
        area, entry = split(write.key)
        async with one_at_a_time(writer):
            await write_entry.create(writer, area, entry, write)
            return await self._again(writer, write, write.key)

    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        """Write the changes. Requests: two for each form that changes, and one to read what the server made of it."""
        area, failed = area_of(live.key), None
        async with one_at_a_time(writer):
            if self.is_permanent(live.key):
                failed = await write_area(writer, live.key, write.values, write.names)
            else:
                await write_entry.update(writer, area, live.id, write)
            after = await self._again(writer, write, live.key, live.id)
        if failed and not all(same(after.values.get(path), value) for path, value in write.values.items()):
            raise failed
        return after

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        """Take an entry out. Two requests."""
        async with one_at_a_time(writer):
            await write_entry.delete(writer, area_of(live.key), live.id)

    async def _again(self, writer: Writer, write: WriteRequest, key: str, id: str | None = None) -> ObservedResource:
        """Read an object that was just written.

        Raises:
            OwuiSyncError: it is not there.
        """
        rows = await self.observe(writer, frozenset({observe.word(area_of(key))}), IdIndex())
        for row in rows:
            if row["key"] == key and id in (None, row["id"]):
                return self.live(row, write.names)
        raise OwuiSyncError(f"the server answered with success, but has no {self.name}/{key} now")


def _defaults(area: str, values: Mapping[str, Any], version: Version, untouched: frozenset[str]) -> Row:
    """Return path -> default of an area, as far as it is known.

    A field that nothing is known of counts as being at its default.
    """
    defaults = {spec.path: spec.default_on(version) for spec in BY_AREA.get(area, ()) if spec.path in values}
    if area == "suggestions" and version < Feature.NO_SUGGESTIONS.since:
        defaults["suggestions"] = ABSENT
    if area == CONFIG:
        defaults = {**values, **defaults}
    defaults |= {name: values[name] for name in untouched if name in values}
    return {path: default for path, default in defaults.items() if default is not ABSENT}


def _unknown(area: str, path: str) -> tuple[str, str | None]:
    """Return what is wrong with a field that the server does not have, and what to do."""
    if area != CONFIG:
        return f"this server has no setting `{area}.{path}`", "leave it out"
    if spec := BY_EXPORT.get(path):
        return f"`{path}` has a field of its own", f"write it as `{spec.area}: {{{spec.path}: ...}}`"
    return f"this server has no setting `{path}`, and would keep it for ever", "see GET /api/v1/configs/export"


def _is_other_type(value: Any, now: Any) -> bool:
    if value is None or now is None:
        return False
    kinds = (bool, int, float, str, list, dict)
    one, other = (next(kind for kind in kinds if isinstance(each, kind)) for each in (value, now))
    return one is not other and {one, other} != {int, float}
