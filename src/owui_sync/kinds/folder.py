"""Folders for chats: a tree that belongs to the token's user. A key is a path; the server keeps name and parent.

Names are unique below one parent without regard to case. A folder whose name holds a slash cannot be written as a path:
it is passed over, with everything below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from owui_sync.client.api import folders
from owui_sync.client.api.folders import FolderRow
from owui_sync.client.capabilities import Feature
from owui_sync.client.errors import ApiError
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError
from owui_sync.kinds import access, attached, well_known
from owui_sync.kinds.base import Fault
from owui_sync.kinds.fields import key_schema, mapping, text
from owui_sync.kinds.lifecycle import Lifecycle, VersionToken, Visibility
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row, set_besides
from owui_sync.kinds.tree import TreeKind, split
from owui_sync.kinds.unfinished import finishing
from owui_sync.kinds.write import WriteRequest
from owui_sync.values import ABSENT


class PlacedFolder(FolderRow, total=False):
    """A folder and its way from the top, with slashes."""

    path: str


class Folder(TreeKind[PlacedFolder]):
    name = "folder"
    section = "folders"
    summary = "Folders for the chats of the user whose token is used; folders of others are never touched."
    key = key_schema(
        "The path; what a folder lies in exists or has an entry.",
        "Support/Escalations",
        pattern=r"^[^/]+(/[^/]+)*$",
        error="a path has names with one `/` between them, and none at its ends",
    )
    fields = (
        text("system", "System prompt of the chats in it, byte for byte.", "Always be brief.", default=""),
        attached.FIELD,
        mapping(
            "meta",
            "Keys of the server's `meta`, such as `icon` (the name of an emoji). Only those that are written are "
            "managed.",
            {"icon": "fire"},
            well_known.known(well_known.FOLDER_META, {"not": {"type": "null"}}),
        ),
        replace(access.FIELD, since=str(Feature.FOLDER_ACCESS.since), since_of=None),
    )
    lifecycle = Lifecycle(visibility=Visibility.OWN, unique=False, rename_since="0.6.43")
    version_token = VersionToken(seconds=True, untracked=frozenset({"access"}))

    def problems(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[Fault]:
        """Since 0.12.4 the server refuses to share a folder with everyone, whoever asks."""
        yield from attached.problems(values, live)
        wanted, there = values.get("access"), live.values.get("access") if live else None
        everyone = wanted not in (None, there) and any(
            grant[1:] == access.EVERYONE for grant in access.grants_of(wanted)
        )
        if everyone:
            yield "access", "a folder cannot be shared with everyone", "name groups or users"

    def unsaid(self, row: PlacedFolder) -> Iterable[str]:
        return [f"data.{name}" for name in set_besides(row.get("data"), "system_prompt", "files")]

    def identity(self, row: PlacedFolder) -> tuple[str, str]:
        return row["path"], row["id"]

    async def read(self, reader: Reader) -> list[PlacedFolder]:
        """Read all with one request, which gives only the place and the icon of each folder."""
        return await self.observe(reader, frozenset(), IdIndex())

    async def observe(self, reader: Reader, want: frozenset[str], names: IdIndex) -> list[PlacedFolder]:
        """Return the same; those that no path can name go into `names`."""
        rows = {row["id"]: row for row in await folders.own(reader)}
        paths = {id: "/".join(way) for id in rows if (way := _way(rows, id)) and all(map(_is_name, way))}
        names.unnamed[self.name] = sorted("/".join(_way(rows, id)) for id in rows.keys() - paths.keys())
        return [{**row, "path": paths[id]} for id, row in rows.items() if id in paths]

    async def whole(self, reader: Reader, row: PlacedFolder, wanted: Mapping[str, Any]) -> PlacedFolder:
        """Read all with one request."""
        return {**await folders.get(reader, row["id"]), "path": row["path"]}

    def live(self, row: PlacedFolder, names: IdIndex) -> ObservedResource:
        key, id = self.identity(row)
        marker = str(row.get("updated_at", ""))
        if "data" not in row:
            return ObservedResource(
                self.name, key, id, {}, row, unknown=frozenset(field.name for field in self.fields), marker=marker
            )
        data = row["data"] or {}
        values = {
            "system": data.get("system_prompt") or "",
            "knowledge": attached.read(data.get("files"), names),
            "access": access.of_row(row, names),
            **{f"meta.{key}": value for key, value in (row.get("meta") or {}).items() if value is not None},
        }
        return ObservedResource(self.name, key, id, values, row, marker=marker)

    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        parent, name = split(write.key)
        parent_id = write.names.id("folder", parent) if parent else None
        try:
            row = await folders.create(writer, name, parent_id, _data({}, write), _meta(write))
        except ApiError as error:
            raise _explained(error, write.key) from error
        return await self._shared(writer, row, [], write)

    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        row: FolderRow = await self.whole(writer, live.row, {}) if live.unknown else live.row
        grants = access.rows_of(row)
        if write.renames(live):
            row = await self._moved(writer, row, write)
        body = {"data": _data(row.get("data") or {}, write), "meta": _meta(write)}
        if any(body.values()):
            row = await folders.update(writer, live.id, {key: part for key, part in body.items() if part})
        return await self._shared(writer, row, grants, write)

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        """Delete the folder alone: chats in it stay, and so do folders in it, one level further up."""
        for row in await folders.own(writer):
            if row["parent_id"] == live.id:
                try:
                    await folders.move(writer, row["id"], live.row.get("parent_id"))
                except ApiError as error:
                    raise _explained(error, f"{live.key}/{row['name']}") from error
        await folders.delete(writer, live.id)

    async def _moved(self, writer: Writer, row: FolderRow, write: WriteRequest) -> FolderRow:
        """Put the folder where its key says. One that lies in a moved folder is there already, by the same ids."""
        parent, name = split(write.key)
        parent_id = write.names.id("folder", parent) if parent else None
        try:
            if row["parent_id"] != parent_id:
                row = await folders.move(writer, row["id"], parent_id)
            return await folders.update(writer, row["id"], {"name": name}) if row["name"] != name else row
        except ApiError as error:
            raise _explained(error, write.key) from error

    async def _shared(self, writer: Writer, row: FolderRow, grants: list[Row], write: WriteRequest) -> ObservedResource:
        """Set access; `grants` is what there was, which the answer to a write does not say."""
        row = {**row, "access_grants": grants}
        if write.touches("access"):
            grants = access.to_rows(write.values["access"], write.names)
        with finishing(self.live({**row, "path": write.key}, write.names)):
            row = await access.settle(row, grants, lambda rows: folders.set_access(writer, row["id"], rows))
        return self.live({**row, "path": write.key}, write.names)


def _is_name(name: str) -> bool:
    """Return whether a name can stand in a path."""
    return bool(name) and "/" not in name


def _way(rows: Mapping[str, FolderRow], id: str) -> list[str]:
    """Return the names from the top down to a folder; none where there is no way from the top."""
    names: list[str] = []
    at: str | None = id
    while at is not None:
        row = rows.get(at)
        if row is None or len(names) > len(rows):
            return []
        names.insert(0, row["name"])
        at = row["parent_id"]
    return names


def _data(old: Row, write: WriteRequest) -> Row:
    """Return what changes in `data`."""
    data: Row = {}
    if "system" in write.values:
        data["system_prompt"] = write.values["system"]
    if "knowledge" in write.values:
        data["files"] = attached.put(write.values["knowledge"], old.get("files"), write.names)
    return data


def _meta(write: WriteRequest) -> Row:
    """Return what changes in `meta`. The server never takes a key away; null is the nearest thing."""
    leaves = {path.leaf: value for path, value in write.paths() if path.field == "meta"}
    return {key: None if value is ABSENT else value for key, value in leaves.items()}


def _explained(error: ApiError, key: str) -> OwuiSyncError:
    if "already exists" not in error.detail:
        return error
    return OwuiSyncError(
        f"folder/{key}: the place where it belongs has a folder of that name, perhaps in other upper and lower case",
        where=error.where,
        hint="rename one of the two, or write the key as the server spells it",
    )
