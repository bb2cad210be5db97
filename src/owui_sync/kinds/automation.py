"""Automations: prompts that the server itself gives to a model at set times. Names are not unique on the server."""

from __future__ import annotations

from collections.abc import Iterable

from owui_sync.client.api import automations
from owui_sync.client.api.automations import AutomationRow
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.errors import Forbidden
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds import schedule
from owui_sync.kinds.base import Kind
from owui_sync.kinds.fields import Field, flag, key_schema, references_to, text
from owui_sync.kinds.lifecycle import Lifecycle, Visibility
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row, set_among, set_besides
from owui_sync.kinds.write import WriteRequest


class Automation(Kind[AutomationRow]):
    name = "automation"
    section = "automations"
    summary = "Prompts that the server gives to a model at set times; a job with `schedule` is one, too."
    key = key_schema("The name; the chats of its runs are called so.", "Morning brief")
    fields = (
        text(
            "prompt",
            "What the model is asked; `{{CURRENT_DATE}}` and the like are filled in by the server.",
            "What is new?",
            least=1,
            required=True,
        ),
        text(
            "model",
            "Id of the model.",
            "gpt-4.1",
            least=1,
            required=True,
            refers=references_to("model"),
            elsewhere="provider",
            reads=frozenset({"model", "provider"}),
        ),
        Field(
            name="schedule",
            schema={
                "type": "string",
                "format": schedule.FORMAT,
                "description": "When, by the clock of the user whose token is used: an RRULE, or the five fields of "
                "cron, which become one.",
                "examples": ["FREQ=DAILY;BYHOUR=3;BYMINUTE=0"],
            },
            required=True,
            normal=schedule.normal,
        ),
        text(
            "folder",
            "Path of the folder that its chats lie in.",
            "Reports",
            least=1,
            default=None,
            refers=references_to("folder"),
            reads=frozenset({"folder"}),
            since="0.11.0",
        ),
        flag("active", "Whether it runs. Default: true.", default=True),
    )
    lifecycle = Lifecycle(visibility=Visibility.OWN, unique=False, since="0.9.0", rename_since="0.9.0")

    def unsaid(self, row: AutomationRow) -> Iterable[str]:
        more = set_besides(row.get("data"), "prompt", "model_id", "rrule")
        return [*set_among(row, "meta"), *(f"data.{name}" for name in more)]

    def identity(self, row: AutomationRow) -> tuple[str, str]:
        return row["name"], row["id"]

    async def read(self, reader: Reader) -> list[AutomationRow]:
        """Read all with one request for 30; with none where the server has no automations.

        Where they are switched off there are none.
        """
        if not await can(reader, Feature.AUTOMATIONS):
            return []
        try:
            return await automations.own(reader)
        except Forbidden:
            return []

    def live(self, row: AutomationRow, names: IdIndex) -> ObservedResource:
        data = row["data"]
        values = {
            "prompt": data.get("prompt") or "",
            "model": data.get("model_id") or "",
            "schedule": schedule.normal(data.get("rrule") or ""),
            "active": bool(row.get("is_active")),
        }
        if folder := row.get("folder_id"):
            values["folder"] = names.called("folder", folder)
        return ObservedResource(self.name, *self.identity(row), values, row)

    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        return self.live(await automations.create(writer, _body(write, _NEW)), write.names)

    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        return self.live(await automations.update(writer, live.id, _body(write, live.row)), write.names)

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        await automations.delete(writer, live.id)


_NEW: AutomationRow = {"id": "", "name": "", "data": {}}


def _body(write: WriteRequest, row: AutomationRow) -> Row:
    """Return all of an automation: an update replaces it. What is not managed stays as it is in `row`."""
    data: Row = {**row["data"]}
    for field, key in (("prompt", "prompt"), ("model", "model_id")):
        data[key] = write.get(field, data.get(key))
    if "schedule" in write.values:
        data["rrule"] = schedule.rule(write.values["schedule"])
    folder = row.get("folder_id")
    if "folder" in write.values:
        folder = write.names.id("folder", path) if (path := write.values["folder"]) else None
    active = write.get("active", row.get("is_active", True))
    return {"name": write.key, "folder_id": folder, "data": data, "meta": row.get("meta"), "is_active": active}
