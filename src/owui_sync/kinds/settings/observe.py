"""From the server's settings to areas and fields, in as few requests as its version allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from owui_sync.client.api import configs
from owui_sync.client.capabilities import Feature, can, version_of
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.reader import Reader
from owui_sync.client.versions import Version
from owui_sync.kinds.rows import Row, value_at
from owui_sync.kinds.settings import listed_rows
from owui_sync.kinds.settings.entries import AREAS
from owui_sync.kinds.settings.listed import LISTS, paths
from owui_sync.kinds.settings.table import BY_AREA, BY_EXPORT, CONFIG, SettingSpec
from owui_sync.values import ABSENT

Areas = dict[str, dict[str, Any]]
"""Area -> path of a field -> value."""


@dataclass(frozen=True, slots=True)
class Observed:
    """The settings of a server.

    Args:
        areas: areas with fields.
        entries: area -> entries as the server has them, for areas whose entries are objects.
        untouched: lists that are as the server's environment made them.
        unsaid: area -> where its lists have something that no manifest can say.
    """

    areas: Areas
    entries: dict[str, list[Row]]
    untouched: frozenset[str] = frozenset()
    unsaid: Mapping[str, list[str]] = field(default_factory=dict)


ALL_AREAS = (*dict.fromkeys((*BY_AREA, *(spec.area for spec in LISTS.values()), *AREAS)),)
"""Every area of a manifest."""

_WORDS = {f"settings.{area}": area for area in ALL_AREAS}
"""What a plan calls an area that has to be read -> the area."""

_JOINED = ("OAUTH_ALLOWED_DOMAINS", "OAUTH_ADMIN_ROLES", "OAUTH_ALLOWED_ROLES")
"""Lists in the export, texts with commas in the form."""

_NAMES = ("DEFAULT_MODELS", "DEFAULT_PINNED_MODELS")
"""Texts with commas on the server, lists in a manifest."""


def word(area: str) -> str:
    """Return what a plan calls an area that has to be read."""
    return f"settings.{area}"


async def read(reader: Reader, want: Iterable[str]) -> Observed:
    """Read all areas in one request, or before 0.10 those in `want` with one for each of their forms."""
    if await can(reader, Feature.FLAT_CONFIG):
        stored = await configs.export(reader)
        entries = {area: stored[spec.export] or [] for area, spec in AREAS.items() if spec.export in stored}
        if "events.webhooks" not in stored:
            entries["webhooks"] = []
        untouched = frozenset(name for name in LISTS if listed_rows.is_of_environment(name, stored))
        unsaid: dict[str, list[str]] = {}
        for name, spec in LISTS.items():
            found = listed_rows.unsaid(name, listed_rows.from_export(name, stored))
            unsaid.setdefault(spec.area, []).extend(found)
        return Observed(_from_export(stored), entries, untouched, unsaid)
    areas = [area for name in want if (area := _WORDS.get(name)) and area != CONFIG]
    forms = await _forms(reader, areas)
    bodies = dict(zip(forms, await gather_or_cancel(*(configs.read(reader, form) for form in forms)), strict=True))
    entries = {area: bodies[AREAS[area].form][AREAS[area].list] or [] for area in areas if _has(area, bodies)}
    return Observed(await _with_lists(reader, areas, bodies), entries)


async def _forms(reader: Reader, areas: Iterable[str]) -> list[str]:
    """Return the forms of these areas that a server before 0.10 has."""
    version = await version_of(reader)
    specs = [spec for area in areas for spec in BY_AREA.get(area, ())]
    forms = {spec.form for spec in specs if spec.since is None or Version.parse(spec.since) <= version}
    forms |= {spec.form for spec in LISTS.values() if spec.area in areas and spec.form in configs.FORMS}
    for area in areas:
        if area in AREAS and AREAS[area].form and Version.parse(AREAS[area].since or "0.0") <= version:
            forms.add(AREAS[area].form)
    return sorted(form for form in forms if configs.FORMS[form][0])


def _has(area: str, bodies: Mapping[str, Row]) -> bool:
    return area in AREAS and AREAS[area].form in bodies


async def _with_lists(reader: Reader, areas: Iterable[str], bodies: Mapping[str, Row]) -> Areas:
    found = _from_forms(areas, bodies)
    for name, spec in LISTS.items():
        if spec.area not in areas:
            continue
        if spec.form in bodies:
            items: list[Row] | None = listed_rows.from_form(name, bodies[spec.form])
        elif name == "banners":
            items = listed_rows.from_rows(name, await configs.banners(reader))
        else:
            items = listed_rows.from_rows(name, await configs.written_suggestions(reader))
        found.setdefault(spec.area, {}).update(paths(name, items))
    return found


def _from_export(stored: Mapping[str, Any]) -> Areas:
    found: Areas = {}
    for area, specs in BY_AREA.items():
        values = {spec.path: _exported(spec, stored) for spec in specs if spec.export in stored}
        if area == CONFIG:
            values |= {key: value for key, value in stored.items() if _is_free(key)}
        if values:
            found[area] = values
    for name, spec in LISTS.items():
        found.setdefault(spec.area, {}).update(paths(name, listed_rows.from_export(name, stored)))
    return found


def _is_free(key: str) -> bool:
    """Return whether a key of the store is in no form that owui-sync knows, and no list that it manages otherwise."""
    return "." in key and key not in BY_EXPORT and not key.startswith(_ELSEWHERE)


_ELSEWHERE = (
    *("openai.", "ollama.", "tool_server.", "terminal_server.", "events.", "evaluation.arena.", "user.permissions"),
    *("ui.banners", "ui.prompt_suggestions"),
)
"""Keys of the store, or how they begin, that other areas and kinds manage."""


def _exported(spec: SettingSpec, stored: Mapping[str, Any]) -> Any:
    value = stored[spec.export]
    if spec.path in _JOINED and isinstance(value, list):
        return ",".join(map(str, value))
    if spec.path == "CONTEXT_COMPACTION_TOKEN_CAP" and value is None:
        return stored.get("chat.context_compaction.token_threshold")
    return _said(spec, value)


def _from_forms(areas: Iterable[str], bodies: Mapping[str, Row]) -> Areas:
    found: Areas = {}
    for area in areas:
        fields = BY_AREA.get(area, ())
        values = {spec.path: _said(spec, value_at(bodies.get(spec.form, {}), spec.steps)) for spec in fields}
        found[area] = {path: value for path, value in values.items() if value is not ABSENT}
    return {area: values for area, values in found.items() if values}


def _said(spec: SettingSpec, value: Any) -> Any:
    """Return the server's value in the manifest's words."""
    if spec.path in _NAMES:
        return [name.strip() for name in (value or "").split(",") if name.strip()] if value is not ABSENT else ABSENT
    if spec.path == "MODEL_ORDER_LIST":
        return value if value is not None else []
    if spec.type == "integer" and isinstance(value, str):
        return int(value) if value.isdecimal() else value or None
    return value


def server_value(spec: SettingSpec, value: Any) -> Any:
    """Return a value of a manifest as the form takes it; the id of a group is put in elsewhere."""
    if spec.path in _NAMES:
        return ",".join(value)
    return "" if value is None and spec.clear == "empty" else value
