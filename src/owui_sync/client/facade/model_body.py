"""What is sent of a model: the whole row with the changes in it, because the server replaces `params` and `meta`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from owui_sync.client.api.models import ModelRow
from owui_sync.client.shapes import Row


@dataclass(frozen=True, slots=True)
class Changes:
    """What `update_model` changes; None stays."""

    name: str | None = None
    base: str | None = None
    description: str | None = None
    params: Mapping[str, Any] | None = None
    image: str | None = None
    suggestions: Sequence[str | Mapping[str, Any]] | None = None
    tags: Sequence[str | Mapping[str, Any]] | None = None
    capabilities: Mapping[str, bool] | None = None
    active: bool | None = None


def without_row(model_id: str, name: str) -> ModelRow:
    """Return the row of a model for which nothing was set yet, with the keys that the web page gives a new one."""
    meta: Row = {"suggestion_prompts": None, "tags": [], "capabilities": {}}
    return {"id": model_id, "name": name, "base_model_id": None, "params": {}, "meta": meta, "is_active": True}


def body_of(row: ModelRow, changes: Changes) -> Row:
    """Return the body that makes the model of `row` have these changes, and keeps the rest."""
    return {
        "id": row["id"],
        "name": _new(changes.name, row["name"]),
        "base_model_id": _new(changes.base, row.get("base_model_id")),
        "params": _merged(row.get("params"), changes.params),
        "meta": _meta(row.get("meta") or {}, changes),
        "is_active": _new(changes.active, row.get("is_active", True)),
    }


def _meta(meta: Row, changes: Changes) -> Row:
    new: Row = {
        "description": changes.description,
        "profile_image_url": changes.image,
        "suggestion_prompts": _mappings("content", changes.suggestions),
        "tags": _mappings("name", changes.tags),
        "capabilities": None
        if changes.capabilities is None
        else _merged(meta.get("capabilities"), changes.capabilities),
    }
    return {**meta, **{key: value for key, value in new.items() if value is not None}}


def _new(value: Any, old: Any) -> Any:
    return old if value is None else value


def _merged(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Row:
    """Return both together, without what is None in the new one; nulls that the server itself has stay as they are."""
    gone = {key for key, value in (new or {}).items() if value is None}
    return {key: value for key, value in {**(old or {}), **(new or {})}.items() if key not in gone}


def _mappings(key: str, values: Sequence[str | Mapping[str, Any]] | None) -> list[Mapping[str, Any]] | None:
    """Return texts as the server keeps them: in mappings, which may be given as well."""
    return None if values is None else [{key: value} if isinstance(value, str) else value for value in values]
