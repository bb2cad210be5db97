"""Models: presets (with `base_model_id`) and overrides of provider models (without), and what the providers offer.

Every writing call but `delete` answers with a `ModelRow`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Required

from owui_sync.client.capabilities import Feature, can
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, SharedRow, as_row, as_rows
from owui_sync.client.writer import Writer

_ALL = "/api/v1/models/all"
_PRESETS = "/api/v1/models/export"
_PAGES = "/api/v1/models/list"
_OVERRIDES = "/api/v1/models/base"
_PROVIDERS = "/api/models/base"
_MENU = "/api/models"
_ARENA = "/api/v1/evaluations/config"
_MODEL = "/api/v1/models/model"
_CREATE = "/api/v1/models/create"
_UPDATE = "/api/v1/models/model/update"
_TOGGLE = "/api/v1/models/model/toggle"
_ACCESS = "/api/v1/models/model/access/update"
_DELETE = "/api/v1/models/model/delete"
_NEEDS = ("id", "name")


class ModelRow(SharedRow, total=False):
    """A preset or an override, as measured on servers of all tested versions.

    Keys, besides those of `SharedRow`:
        id: unique, verbatim.
        name: the shown name.
        base_model_id: what a preset is made from; null for an override of the provider's model with this id.
        params: verbatim, `system` among them.
        meta: comes back with nulls for the keys that the server knows and that were not sent; before 0.10.2 with
            `/static/favicon.png` for a picture that was not sent.
        is_active: whether it can be used.
        version_id: since 0.12.0; moves with every update.
        user_id: who made it.
        created_at: seconds since 1970.
        updated_at: seconds since 1970; up to 0.8.12 updates do not move it.
    """

    id: Required[str]
    name: Required[str]
    base_model_id: str | None
    params: dict[str, Any] | None
    meta: dict[str, Any] | None
    is_active: bool
    version_id: str | None
    user_id: str
    created_at: int
    updated_at: int


async def list_all(reader: Reader) -> list[ModelRow]:
    """Return all models in full, presets and overrides, of all users. One request; before 0.11.4 two.

    Administrators only.

    Since 0.11.4 the list stays complete where administrators may not see everything (`BYPASS_ADMIN_ACCESS_CONTROL`).
    """
    if await can(reader, Feature.MODELS_ALL):
        return as_rows(await reader.get(_ALL), "GET", _ALL, _NEEDS)
    presets, overrides = await gather_or_cancel(reader.get(_PRESETS), reader.get(_OVERRIDES))
    return as_rows(presets, "GET", _PRESETS, _NEEDS) + as_rows(overrides, "GET", _OVERRIDES, _NEEDS)


async def presets_in_full(reader: Reader) -> list[ModelRow]:
    """Return the presets of all users that the server shows this administrator, in full. One request."""
    return as_rows(await reader.get(_PRESETS), "GET", _PRESETS, _NEEDS)


async def hidden(reader: Reader) -> list[str]:
    """Return the ids of presets that are on the server and that its lists hide from this administrator.

    A server with `BYPASS_ADMIN_ACCESS_CONTROL=false` shows an administrator no more than any other user gets, in the
    lists of models, prompts, knowledge bases, tools, skills and (since 0.8) files; no route tells that setting. One
    list of models stays complete and gives it away, as soon as anybody has a model that is not shared.

    Requests: none before 0.11.4, where nothing tells; else two, and one more when something is hidden.
    """
    if not await can(reader, Feature.MODELS_ALL):
        return []
    everything = await _ids(reader, _ALL)
    shown = await _ids(reader, _PRESETS)
    missing = {id for id, base in everything.items() if base is not None} - shown.keys()
    if not missing:
        return []
    return sorted(missing & (await _ids(reader, _ALL)).keys())  # Without what was deleted between the two lists.


async def _ids(reader: Reader, path: str) -> dict[str, str | None]:
    """Return id -> base model."""
    return {row["id"]: row.get("base_model_id") for row in as_rows(await reader.get(path), "GET", path, _NEEDS)}


async def withheld(reader: Reader) -> list[str]:
    """Return the ids of models that a server offers and keeps from this administrator in the menu of models.

    That there are any proves `BYPASS_ADMIN_ACCESS_CONTROL=false`; that there are none proves nothing. Which models
    tell depends on the version: providers' models without a row (before 0.8), arena models that are shared with
    nobody (0.8 to 0.11), and providers' models whose row is another user's and private (all).

    Requests: four, two of which ask the providers; one more when something is withheld.
    """
    offered, rows, arena = await gather_or_cancel(provider_models(reader), reader.get(_OVERRIDES), _arena(reader))
    off = {row["id"] for row in as_rows(rows, "GET", _OVERRIDES, _NEEDS) if not row.get("is_active", True)}
    expected = {row["id"] for row in offered if not _is_filter(row)}
    menu = as_row(await reader.get(_MENU, refresh="true"), "GET", _MENU)
    shown = {row["id"] for row in as_rows(menu.get("data"), "GET", _MENU)}
    # Where no provider answers, the menu lacks arena models too.
    expected |= arena if shown & expected else set()
    missing = {id for id in expected - shown if id not in off and id.split(":")[0] not in off}
    if not missing:
        return []
    return sorted(missing & (arena | {row["id"] for row in await provider_models(reader)}))  # Still offered.


async def _arena(reader: Reader) -> set[str]:
    """Return the ids of the arena models; the server has one of its own where none is configured."""
    config = as_row(await reader.get(_ARENA), "GET", _ARENA)
    if not config.get("ENABLE_EVALUATION_ARENA_MODELS"):
        return set()
    return {row["id"] for row in config.get("EVALUATION_ARENA_MODELS") or [{"id": "arena-model"}]}


def _is_filter(row: Row) -> bool:
    """Return whether a provider's model is a filter of pipelines, which is in no menu."""
    return isinstance(pipeline := row.get("pipeline"), dict) and pipeline.get("type") == "filter"


async def presets(reader: Reader) -> list[Row]:
    """Return the presets that the user may see in the workspace. One request for 30.

    Since 0.11 without their pictures, and without `params` where the user may only read.
    """
    return await reader.pages(_PAGES, needs=_NEEDS)


async def get(reader: Reader, model_id: str) -> ModelRow:
    """Return one model. One request.

    Raises:
        NotFound: there is no row with that id.
    """
    row = as_row(await reader.get(_MODEL, id=model_id), "GET", _MODEL, ModelRow)
    # What the server only puts in to show it must not come back to it as if somebody had written it.
    meta = {key: value for key, value in (row.get("meta") or {}).items() if key != "chat_variables_schema"}
    return {**row, "meta": meta}


async def provider_models(reader: Reader) -> list[Row]:
    """Return the models that the configured providers offer now: `id`, `name`, `owned_by`, ...

    One request; administrators.

    The server asks its providers each time. A provider that cannot be reached is left out without a word, so that
    a model which is missing here may only be out of reach.
    """
    answer = as_row(await reader.get(_PROVIDERS), "GET", _PROVIDERS)
    return as_rows(answer.get("data"), "GET", _PROVIDERS)


async def create(writer: Writer, body: Row) -> ModelRow:
    """Make a model. One request.

    Args:
        writer: the client.
        body: `id`, `name`, `meta`, `params` (all needed), `base_model_id` (null makes an override of the provider
            model of that id; it is not checked), `is_active`, `commit_message`, `access_grants` (before 0.8.0
            `access_control`: without it the model is public).

    Raises:
        Conflict: the id is taken.
        ApiError: of two such requests at the same moment the server may refuse one with another error (401, 500).
    """
    return as_row(await writer.create(_CREATE, await _answering(writer, body)), "POST", _CREATE, ModelRow)


async def update(writer: Writer, body: Row) -> ModelRow:
    """Replace name, `meta` and `params` of the model `body["id"]`. One request.

    Send `base_model_id`, `is_active` and `access_grants` always: left out, some versions reset them, and 0.10 fails.
    `access_grants` are ignored since 0.12.4: compare the row that comes back, and call `set_access` if they differ.
    Before 0.8.0 send `access_control` instead: left out, it makes the model public.

    Raises:
        NotFound: there is no such model.
        Conflict: another write came at the same time.
    """
    return as_row(await writer.update(_UPDATE, body), "POST", _UPDATE, ModelRow)


async def _answering(writer: Writer, body: Row) -> Row:
    """Return the body of a new model that can be asked: 0.7 stores null for capabilities not sent, and breaks on it."""
    meta = body.get("meta") or {}
    if meta.get("capabilities") is not None or await can(writer, Feature.NO_CAPABILITIES):
        return body
    return {**body, "meta": {**meta, "capabilities": {}}}


async def toggle(writer: Writer, model_id: str) -> ModelRow:
    """Switch between active and inactive; the row says what it is now. One request, sent once."""
    return as_row(await writer.toggle(_TOGGLE, id=model_id), "POST", _TOGGLE, ModelRow)


async def set_access(writer: Writer, model_id: str, name: str, grants: Sequence[Row]) -> ModelRow:
    """Replace all grants, each `{"principal_type", "principal_id", "permission"}`. One request; since 0.8.0.

    An id that does not exist gets a new row with this `name` instead of a refusal: be sure that it exists.
    """
    body = {"id": model_id, "name": name, "access_grants": list(grants)}
    return as_row(await writer.update(_ACCESS, body), "POST", _ACCESS, ModelRow)


async def delete(writer: Writer, model_id: str) -> None:
    """Delete a model with its history. One request."""
    await writer.delete(_DELETE, {"id": model_id})
