"""Models: presets made from a base model, and settings for models that a provider offers.

The server keeps most of what a manifest writes flat in two bags, `params` and `meta` (see `model_meta`). A row without
a base model holds the settings of the provider's model with that id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from owui_sync.client.api import models
from owui_sync.client.api.models import ModelRow
from owui_sync.client.capabilities import Feature
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds import access, attached, well_known
from owui_sync.kinds.base import Fault
from owui_sync.kinds.fields import Field, flag, key_schema, mapping, names, references_to, text
from owui_sync.kinds.lifecycle import Lifecycle, Visibility
from owui_sync.kinds.model_meta import FIELD_OF_KEY, IMAGE, META, SUGGESTIONS, TAGS
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row
from owui_sync.kinds.shared import SharedKind
from owui_sync.kinds.write import WriteRequest
from owui_sync.wording import did_you_mean

LOCK_PREFIX = "owui-sync.lock."
"""Ids of the rows that are locks, not models (see `owui_sync.apply.lock`)."""


class Model(SharedKind[ModelRow]):
    name = "model"
    section = "models"
    summary = "Models: presets on a base model, or settings and access of a model that a provider offers."
    key = key_schema(
        "The model's id; case matters.",
        "support-bot",
        pattern=r"^(?!owui-sync\.lock\.)\S{1,256}$",
        error="an id has 1 to 256 characters and no blanks, and does not begin with `owui-sync.lock.`",
    )
    fields = (
        text("name", "Shown name. Default: the id.", "Support Bot", least=1, defaults_to_key=True, cosmetic=True),
        text(
            "base",
            "Id of the model that this one is made from. Without it, the entry holds the settings of the provider's "
            "model with this id.",
            "gpt-4.1",
            least=1,
            default=None,
            refers=references_to("model"),
            elsewhere="provider",
        ),
        text("description", "Shown to users.", "Answers tickets", least=0, default="", cosmetic=True),
        text("system", "System prompt, byte for byte.", "Be brief.", least=0, default=""),
        Field(
            name="params",
            schema={
                "type": "object",
                "description": "Parameters such as `temperature`; only those that are written are managed.",
                "propertyNames": {"minLength": 1},
                "examples": [{"temperature": 0.2, "max_tokens": 1024}],
                **well_known.known(well_known.PARAMS, {"not": {"type": "null"}}, system=well_known.not_here("system")),
            },
            depth=1,
        ),
        mapping(
            "capabilities",
            "Switches such as `vision` or `citations`; only those that are written are managed.",
            {"vision": False, "citations": True},
            well_known.known(well_known.CAPABILITIES, {"type": "boolean"}),
        ),
        attached.FIELD,
        names("tools", "Ids of tools.", "ticket_lookup", of="tool", reads=frozenset({"tool", "tool_server"})),
        names("filters", "Ids of filter functions.", "redact_pii", of="function"),
        names("actions", "Ids of action functions.", "share_ticket", of="function"),
        names("skills", "Ids of skills.", "house-style", of="skill", since=str(Feature.SKILLS.since)),
        SUGGESTIONS,
        TAGS,
        IMAGE,
        flag("active", "Whether it can be used. Default: true.", default=True),
        flag("hidden", "Left out of the model menu. Default: false.", default=False, cosmetic=True),
        access.FIELD,
        mapping(
            "meta",
            "Further keys of the server's `meta`, passed through as they are.",
            {"team": "support"},
            {
                "propertyNames": {"minLength": 1},
                **well_known.known(
                    well_known.MODEL_META,
                    {"not": {"type": "null"}},
                    **{key: well_known.not_here(field) for key, field in FIELD_OF_KEY.items()},
                ),
            },
        ),
    )
    reads = frozenset({"provider"})
    lifecycle = Lifecycle(visibility=Visibility.READABLE, overlay_without="base")

    def remarks(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[str]:
        if "base" not in values and key not in names.keys("provider"):
            hint = did_you_mean(key, names.keys("provider"))
            meant = f"; {hint}" if hint else ""
            yield (
                f"model/{key} has no `base`, so it only changes the provider's model of that id, which no connection "
                f"of the server offers now{meant}"
            )

    def problems(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[Fault]:
        return attached.problems(values, live)

    def identity(self, row: ModelRow) -> tuple[str, str]:
        return row["id"], row["id"]

    async def read(self, reader: Reader) -> list[ModelRow]:
        """Read all with one request, two before 0.11.4: presets and settings of providers' models together."""
        return [row for row in await models.list_all(reader) if not row["id"].startswith(LOCK_PREFIX)]

    def live(self, row: ModelRow, names: IdIndex) -> ObservedResource:
        params, meta = row.get("params") or {}, row.get("meta") or {}
        values = {
            "name": row["name"],
            "base": row.get("base_model_id"),
            "system": params.get("system") or "",
            "active": row.get("is_active", True),
            "access": access.of_row(row, names),
            **{field: place.read(meta.get(place.key), names) for field, place in META.items()},
            **_leaves("params", params, leave_out={"system"}),
            **_leaves("capabilities", meta.get("capabilities") or {}),
            **_leaves("meta", meta, leave_out=FIELD_OF_KEY.keys()),
        }
        shown = () if values["base"] else names.ids("provider", row["id"])
        defaults = {"name": shown[0]} if shown else {}
        return ObservedResource(self.name, *self.identity(row), values, row, defaults)

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        await models.delete(writer, live.id)

    async def send_new(self, writer: Writer, body: Row) -> ModelRow:
        return await models.create(writer, body)

    async def send_changes(self, writer: Writer, id: str, body: Row) -> ModelRow:
        return await models.update(writer, body)

    async def send_access(self, writer: Writer, row: ModelRow, grants: Sequence[Row]) -> ModelRow:
        return await models.set_access(writer, row["id"], row["name"], grants)

    def body(self, row: ModelRow, write: WriteRequest) -> Row:
        """Return the whole row with the changes in it: the server replaces `params` and `meta`."""
        params = write.merged("params", row.get("params") or {})
        if "system" in write.values:
            params["system"] = write.values["system"]
        meta = write.merged("meta", row.get("meta") or {})
        if write.touches("capabilities"):
            meta["capabilities"] = write.merged("capabilities", meta.get("capabilities") or {})
        for field, place in META.items():
            if field in write.values:
                meta[place.key] = place.write(write.values[field], meta.get(place.key), write.names)
        return {
            "id": write.key,
            "name": write.get("name", row["name"] if row else _first_name(write)),
            "base_model_id": write.get("base", row.get("base_model_id")),
            "params": {key: value for key, value in params.items() if not (key == "system" and value == "")},
            "meta": meta,
            "is_active": write.get("active", row.get("is_active", True)),
            "commit_message": write.message,
        }


def _first_name(write: WriteRequest) -> str:
    """Return the name of a new row; a row without a base takes over the provider's name, which it would hide."""
    shown = "" if write.get("base", None) else next(iter(write.names.ids("provider", write.key)), "")
    return shown or write.key


def _leaves(field: str, bag: Mapping[str, Any], leave_out: Set[str] = frozenset()) -> dict[str, Any]:
    return {f"{field}.{key}": value for key, value in bag.items() if key not in leave_out and value is not None}
