"""Models: presets made from a base model, and settings for models that a provider offers.

The server keeps most of what a manifest writes flat in two bags, `meta` and `params`; this file knows which key of a
bag a field lives under. A row without a base model holds the settings of the provider's model with that id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, ClassVar

from owui_sync.client.api import models
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds import access, attached, well_known
from owui_sync.kinds.base import Fault, Field, IdIndex, Kind, ObservedResource, Row, WriteRequest, names, unordered
from owui_sync.kinds.filtered import Filtered
from owui_sync.kinds.unfinished import finishing
from owui_sync.values import Json

LOCK_PREFIX = "owui-sync.lock."
"""Ids of the rows that are locks, not models (see `owui_sync.apply.lock`)."""

_NO_IMAGE = (None, "", "/static/favicon.png", "/favicon.png")


def _text(what: str, example: str, least: int = 0) -> Json:
    return {"type": "string", "minLength": least, "description": what, "examples": [example]}


def _trimmed(value: Any) -> Any:
    """Tags as the server keeps them: without blanks around them."""
    return unordered([tag.strip() for tag in value])


def _texts(what: str, example: str) -> Json:
    return {
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "description": what,
        "examples": [[example]],
    }


def _suggestion(item: Any) -> Any:
    """A suggestion of the server as a text, or as a mapping when it has a title too."""
    if isinstance(item, str):
        return item
    title = [line for line in item.get("title") or [] if line]
    return {"title": title, "content": item.get("content", "")} if title else item.get("content", "")


def _suggestions(value: Any) -> Any:
    return [_suggestion(item) for item in value]


_SUGGESTIONS: Json = {
    "type": "array",
    "description": "Prompts offered at the start of a chat, in this order: texts, or mappings of `title`, `content`.",
    "examples": [["How do I reset my password?"]],
    "items": {
        "oneOf": [
            {"type": "string", "minLength": 1},
            {
                "type": "object",
                "required": ["content"],
                "additionalProperties": False,
                "properties": {
                    "title": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
                    "content": {"type": "string", "minLength": 1},
                },
            },
        ]
    },
}

_OWN_FIELDS = {
    "description": "description",
    "knowledge": "knowledge",
    "toolIds": "tools",
    "filterIds": "filters",
    "actionIds": "actions",
    "skillIds": "skills",
    "suggestion_prompts": "suggestions",
    "tags": "tags",
    "profile_image_url": "image",
    "hidden": "hidden",
    "capabilities": "capabilities",
}
"""Key of the server's `meta` -> the field of the manifest that manages it."""


_IMAGE: Json = {
    "type": "string",
    "pattern": r"^(https?://|data:image/(png|jpeg|gif|webp);base64,|/user\.png$|(/static)?/favicon\.png$)",
    "description": "The picture: `!image FILE` (PNG, JPEG, GIF or WebP), or the URL of one.",
    "examples": ["https://example.com/bot.png"],
    "x-error": "the server takes a PNG, JPEG, GIF or WebP picture, or an http(s) URL, and drops anything else",
}


class Model(Filtered, Kind):
    name = "model"
    unique = True
    section = "models"
    summary = "Models: presets on a base model, or settings and access of a model that a provider offers."
    key: ClassVar[Json] = {
        "type": "string",
        "pattern": r"^(?!owui-sync\.lock\.)\S{1,256}$",
        "description": "The model's id; case matters.",
        "x-error": "an id has 1 to 256 characters and no blanks, and does not begin with `owui-sync.lock.`",
        "examples": ["support-bot"],
    }
    fields = (
        Field(name="name", schema=_text("Shown name. Default: the id.", "Support Bot", least=1), cosmetic=True),
        Field(
            name="base",
            schema=_text(
                "Id of the model that this one is made from. Without it, the entry holds the settings of the "
                "provider's model with this id.",
                "gpt-4.1",
                least=1,
            ),
            default=None,
            refers=names("model"),
            elsewhere="provider",
        ),
        Field(
            name="description",
            schema=_text("Shown to users.", "Answers tickets"),
            default="",
            cosmetic=True,
        ),
        Field(
            name="system",
            schema=_text("System prompt, byte for byte.", "Be brief."),
            default="",
        ),
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
        Field(
            name="capabilities",
            schema={
                "type": "object",
                "description": "Switches such as `vision` or `citations`; only those that are written are managed.",
                "examples": [{"vision": False, "citations": True}],
                **well_known.known(well_known.CAPABILITIES, {"type": "boolean"}),
            },
            depth=1,
        ),
        Field(
            name="knowledge",
            schema=attached.SCHEMA,
            default=[],
            normal=unordered,
            refers=attached.refers,
            reads=frozenset({"knowledge"}),
        ),
        Field(
            name="tools",
            schema=_texts("Ids of tools.", "ticket_lookup"),
            default=[],
            normal=unordered,
            refers=names("tool"),
            reads=frozenset({"tool"}),
        ),
        Field(
            name="filters",
            schema=_texts("Ids of filter functions.", "redact_pii"),
            default=[],
            normal=unordered,
            refers=names("function"),
            reads=frozenset({"function"}),
        ),
        Field(
            name="actions",
            schema=_texts("Ids of action functions.", "share_ticket"),
            default=[],
            normal=unordered,
            refers=names("function"),
            reads=frozenset({"function"}),
        ),
        Field(
            name="skills",
            schema=_texts("Ids of skills.", "house-style"),
            default=[],
            normal=unordered,
            refers=names("skill"),
            reads=frozenset({"skill"}),
            since=str(Feature.SKILLS.since),
        ),
        Field(name="suggestions", schema=_SUGGESTIONS, default=[], normal=_suggestions, cosmetic=True),
        Field(
            name="tags",
            schema=_texts("Tags; their order means nothing.", "support"),
            default=[],
            normal=_trimmed,
            cosmetic=True,
        ),
        Field(
            name="image",
            schema=_IMAGE,
            default=None,
            normal=lambda value: None if value in _NO_IMAGE else value,
            cosmetic=True,
        ),
        Field(
            name="active",
            schema={"type": "boolean", "description": "Whether it can be used. Default: true."},
            default=True,
        ),
        Field(
            name="hidden",
            schema={"type": "boolean", "description": "Left out of the model menu. Default: false."},
            default=False,
            cosmetic=True,
        ),
        access.FIELD,
        Field(
            name="meta",
            schema={
                "type": "object",
                "description": "Further keys of the server's `meta`, passed through as they are.",
                "examples": [{"team": "support"}],
                "propertyNames": {"minLength": 1},
                **well_known.known(
                    well_known.MODEL_META,
                    {"not": {"type": "null"}},
                    **{key: well_known.not_here(field) for key, field in _OWN_FIELDS.items()},
                ),
            },
            depth=1,
        ),
    )

    reads = frozenset({"provider"})

    def remarks(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[str]:
        if "base" not in values and key not in names.keys("provider"):
            close = get_close_matches(key, names.keys("provider"), 1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            yield (
                f"model/{key} has no `base`, so it only changes the provider's model of that id, which no connection "
                f"of the server offers now{hint}"
            )

    def problems(
        self, key: str, values: Mapping[str, Any], live: ObservedResource | None, names: IdIndex
    ) -> Iterable[Fault]:
        return attached.problems(values, live)

    def default(self, path: str, key: str) -> Any:
        return key if path == "name" else super().default(path, key)

    def overlays(self, live: ObservedResource) -> bool:
        """A row without a base is one for a provider's model."""
        return live.values.get("base") is None

    def identity(self, row: Row) -> tuple[str, str]:
        return row["id"], row["id"]

    async def read(self, reader: Reader) -> list[Row]:
        """One request, two before 0.11.4: presets and settings of providers' models together."""
        return [row for row in await models.list_all(reader) if not row["id"].startswith(LOCK_PREFIX)]

    def live(self, row: Row, names: IdIndex) -> ObservedResource:
        params, meta = row.get("params") or {}, row.get("meta") or {}
        values = {
            "name": row["name"],
            "base": row.get("base_model_id"),
            "system": params.get("system") or "",
            "active": row.get("is_active", True),
            "access": access.of_row(row, names),
            **{field: read(meta.get(key), names) for field, (key, read, _) in _META.items()},
            **_leaves("params", params, leave_out={"system"}),
            **_leaves("capabilities", meta.get("capabilities") or {}),
            **_leaves("meta", meta, leave_out=_MANAGED_META),
        }
        shown = () if values["base"] else names.ids("provider", row["id"])
        defaults = {"name": shown[0]} if shown else {}
        return ObservedResource(self.name, *self.identity(row), values, row, defaults)

    async def create(self, writer: Writer, write: WriteRequest) -> ObservedResource:
        grants = access.to_rows(write.get("access", "private"), write.names)
        # A row without a base hides the provider's name for the model, so it takes that name over.
        shown = "" if write.get("base", None) else next(iter(write.names.ids("provider", write.key)), "")
        row = {"name": shown or write.key}
        row = await models.create(writer, self._body(row, write) | await access.part(writer, grants))
        return await self._shared(writer, row, grants, write)

    async def update(self, writer: Writer, live: ObservedResource, write: WriteRequest) -> ObservedResource:
        row, grants = live.row, access.rows_of(live.row)
        if write.touches("access"):
            grants = access.to_rows(write.values["access"], write.names)
        if any(path != "access" for path in write.values) or not await can(writer, Feature.ACCESS_ROUTES):
            row = await models.update(writer, self._body(row, write) | await access.part(writer, grants))
        return await self._shared(writer, row, grants, write)

    async def delete(self, writer: Writer, live: ObservedResource) -> None:
        await models.delete(writer, live.id)

    async def _shared(self, writer: Writer, row: Row, grants: list[Row], write: WriteRequest) -> ObservedResource:
        async def set_access(rows: list[Row]) -> Row:
            return await models.set_access(writer, row["id"], row["name"], rows)

        with finishing(self.live(row, write.names)):
            row = await access.settle(row, grants, set_access)
        return self.live(row, write.names)

    def _body(self, row: Row, write: WriteRequest) -> Row:
        """The whole row with the changes in it: the server replaces `params` and `meta`."""
        params = write.merged("params", row.get("params") or {})
        if "system" in write.values:
            params["system"] = write.values["system"]
        meta = write.merged("meta", row.get("meta") or {})
        if write.touches("capabilities"):
            meta["capabilities"] = write.merged("capabilities", meta.get("capabilities") or {})
        for field, (key, _, put) in _META.items():
            if field in write.values:
                meta[key] = put(write.values[field], meta.get(key), write.names)
        return {
            "id": write.key,
            "name": write.get("name", row.get("name", write.key)),
            "base_model_id": write.get("base", row.get("base_model_id")),
            "params": {key: value for key, value in params.items() if not (key == "system" and value == "")},
            "meta": meta,
            "is_active": write.get("active", row.get("is_active", True)),
            "commit_message": write.message,
        }


def _leaves(field: str, bag: Mapping[str, Any], leave_out: frozenset[str] | set[str] = frozenset()) -> dict[str, Any]:
    return {f"{field}.{key}": value for key, value in bag.items() if key not in leave_out and value is not None}


Get = Callable[[Any, IdIndex], Any]
Put = Callable[[Any, Any, IdIndex], Any]


def _plain(default: Any) -> tuple[Get, Put]:
    return (lambda value, names: default if value is None else value), (lambda value, old, names: value)


def _sorted() -> tuple[Get, Put]:
    return (lambda value, names: unordered(value or [])), (lambda value, old, names: value)


def _get_tags(value: Any, names: IdIndex) -> Any:
    return unordered([tag["name"] if isinstance(tag, dict) else tag for tag in value or []])


def _get_image(value: Any, names: IdIndex) -> Any:
    return None if value in _NO_IMAGE else value


_META: dict[str, tuple[str, Get, Put]] = {
    "description": ("description", *_plain("")),
    "knowledge": ("knowledge", attached.read, attached.put),
    "tools": ("toolIds", *_sorted()),
    "filters": ("filterIds", *_sorted()),
    "actions": ("actionIds", *_sorted()),
    "skills": ("skillIds", *_sorted()),
    "suggestions": (
        "suggestion_prompts",
        lambda value, names: _suggestions(value or []),
        lambda value, old, names: [{"content": item} if isinstance(item, str) else item for item in value],
    ),
    "tags": ("tags", _get_tags, lambda value, old, names: [{"name": tag} for tag in value]),
    "image": ("profile_image_url", _get_image, lambda value, old, names: value),
    "hidden": ("hidden", *_plain(False)),
}
"""Field -> key in `meta`, how it reads, and how it is written (new value, what is there, ids)."""

_MANAGED_META = frozenset(_OWN_FIELDS)
