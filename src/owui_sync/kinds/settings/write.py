"""One area to the server: its forms are read, changed and written back whole."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from owui_sync.client.api import configs
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.errors import ServerError
from owui_sync.client.writer import Writer
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.rows import Row, put_at
from owui_sync.kinds.settings import listed_rows
from owui_sync.kinds.settings.listed import LISTS, merged
from owui_sync.kinds.settings.observe import server_value
from owui_sync.kinds.settings.table import BY_AREA, CONFIG, DEFAULT_GROUP, SettingSpec

_LOCKS: WeakKeyDictionary[Writer, asyncio.Lock] = WeakKeyDictionary()


def one_at_a_time(writer: Writer) -> asyncio.Lock:
    """Return the lock under which settings are written: a form is read and written back, and areas share forms."""
    return _LOCKS.setdefault(writer, asyncio.Lock())


async def write_area(writer: Writer, area: str, values: Mapping[str, Any], names: IdIndex) -> ServerError | None:
    """Write fields of an area. Two requests for each form, one for what only the store takes.

    Args:
        values: path -> value, in the manifest's words.

    Returns:
        The last 500, if there was one: the server stores some forms in spite of it, so whoever reads them again
        decides whether it counts.
    """
    if area == CONFIG:
        await configs.put(writer, dict(values))
        return None
    lists = {name for name in LISTS if any(path == name or path.startswith(f"{name}.") for path in values)}
    listed = {path: value for path, value in values.items() if path.partition(".")[0] in lists}
    if area in LISTS:
        await _write_list(writer, area, listed)
        return None
    return await _write_forms(
        writer, area, {path: values[path] for path in values.keys() - listed.keys()}, listed, names
    )


async def _write_list(writer: Writer, name: str, values: Mapping[str, Any]) -> None:
    """Write banners or suggestions."""
    flat = await can(writer, Feature.FLAT_CONFIG)
    stored = await configs.export(writer) if flat or name == "suggestions" else {}
    if flat:
        now = listed_rows.from_export(name, stored)
    elif name == "banners":
        now = listed_rows.from_rows(name, await configs.banners(writer))
    else:
        now = listed_rows.from_rows(name, await configs.written_suggestions(writer))
    items = merged(name, now or [], values)
    rows = None if items is None else listed_rows.to_rows(name, items, int(writer.server_time()))
    if name == "banners":
        await configs.set_banners(writer, rows or [])
    else:
        i18n = stored.get("ui.prompt_suggestions_i18n")
        await configs.set_suggestions(writer, rows, {"i18n": i18n} if i18n is not None else {})


async def _write_forms(
    writer: Writer, area: str, values: Mapping[str, Any], listed: Mapping[str, Any], names: IdIndex
) -> ServerError | None:
    specs = {spec.path: spec for spec in BY_AREA[area]}
    imported = {path for path, value in values.items() if value in (None, "") and specs[path].clear == "import"}
    if not await can(writer, Feature.FLAT_CONFIG):
        imported = set()
    failed = None
    fields = [(spec, values[path]) for path, spec in specs.items() if path in values.keys() - imported]
    for form in dict.fromkeys([*(spec.form for spec, _ in fields), *(path.partition(".")[0] for path in listed)]):
        try:
            mine = [(spec, value) for spec, value in fields if spec.form == form]
            await _write_form(writer, form, mine, names, listed if form in LISTS else {})
        except ServerError as error:
            failed = error
    if imported:
        await configs.put(writer, {specs[path].export: values[path] for path in sorted(imported)})
    return failed


async def _write_form(
    writer: Writer,
    form: str,
    fields: Iterable[tuple[SettingSpec, Any]],
    names: IdIndex,
    listed: Mapping[str, Any],
) -> None:
    body = await configs.read(writer, form) if configs.FORMS[form][0] else {}
    changed = set()
    if listed:
        body |= listed_rows.to_form(form, merged(form, listed_rows.from_form(form, body), listed) or [])
    for spec, value in fields:
        put_at(body, spec.steps, await _sent(writer, spec, value, names))
        changed.add(spec.steps[-1])
    left_out = {field for field in body if configs.is_refused_to_keys(field) and field not in changed}
    sent: Row = {field: value for field, value in body.items() if field not in left_out}
    await configs.write(writer, form, configs.renamed(form, sent))


async def _sent(writer: Writer, spec: SettingSpec, value: Any, names: IdIndex) -> Any:
    if spec.path == DEFAULT_GROUP:
        return names.id("group", value) if value else ""
    if spec.path == "MINERU_API_TIMEOUT" and not await can(writer, Feature.FLAT_CONFIG):
        return str(value)  # A text in the forms of those versions.
    return server_value(spec, value)
