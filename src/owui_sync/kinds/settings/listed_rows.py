"""The items of lists, between the manifest's words and what the server keeps.

An item in the manifest's words also has `raw`: all that the server keeps of it, so that nothing of it is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from owui_sync.kinds.rows import Row
from owui_sync.kinds.settings.listed import LISTS, normal

_WAYS: Final = {
    "prefix": "prefix_id",
    "models": "model_ids",
    "enabled": "enable",
    "type": "connection_type",
    "auth": "auth_type",
    **{name: name for name in ("headers", "provider", "api_version", "api_type")},
}
"""Key of a connection -> key in its configuration on the server."""

_EXPORTED: Final = {
    "openai": ("openai.api_base_urls", "openai.api_keys", "openai.api_configs"),
    "ollama": ("ollama.base_urls", "", "ollama.api_configs"),
}
_FORMS: Final = {
    "openai": ("OPENAI_API_BASE_URLS", "OPENAI_API_KEYS", "OPENAI_API_CONFIGS"),
    "ollama": ("OLLAMA_BASE_URLS", "", "OLLAMA_API_CONFIGS"),
}
EXPORT_KEYS: Final = {"banners": "ui.banners", "suggestions": "ui.prompt_suggestions"}
"""List -> its key in the export of all settings."""


def from_export(name: str, stored: Mapping[str, Any]) -> list[Row] | None:
    """Return the items of a list in the export of all settings."""
    if name in _EXPORTED:
        return _connections(name, stored, _EXPORTED[name])
    return from_rows(name, stored.get(EXPORT_KEYS[name]))


def is_of_environment(name: str, stored: Mapping[str, Any]) -> bool:
    """Return whether connections are as the server's environment made them: whoever edits them configures each."""
    return name in _EXPORTED and not stored.get(_EXPORTED[name][2])


def from_form(name: str, body: Mapping[str, Any]) -> list[Row]:
    """Return the connections in the form of the server."""
    return _connections(name, body, _FORMS[name])


def from_rows(name: str, rows: Iterable[Mapping[str, Any]] | None) -> list[Row] | None:
    """Return banners or suggestions."""
    if rows is None:
        return None
    return [_item(name, {key: row[key] for key in LISTS[name].item if row.get(key) is not None}, row) for row in rows]


def _connections(name: str, body: Mapping[str, Any], keys: tuple[str, str, str]) -> list[Row]:
    urls, secrets, configs = body.get(keys[0]) or [], body.get(keys[1]) or [], body.get(keys[2]) or {}
    items = []
    for number, url in enumerate(urls):
        config = configs.get(str(number), configs.get(url)) or {}
        said = {
            key: config[way] for key, way in _WAYS.items() if key in LISTS[name].item and config.get(way) is not None
        }
        said["tags"] = [tag["name"] for tag in config.get("tags") or [] if isinstance(tag, Mapping) and "name" in tag]
        key = config.get("key", "") if name == "ollama" else secrets[number] if number < len(secrets) else ""
        items.append(_item(name, {"url": url, **said, "key": key or "", **_headers(name, config)}, config))
    return items


def _headers(name: str, config: Mapping[str, Any]) -> Row:
    return {"headers": config.get("headers") or {}} if name == "openai" else {}


def _item(name: str, said: Row, raw: Mapping[str, Any]) -> Row:
    return {**normal(name)(said), "raw": dict(raw)}


def unsaid(name: str, items: Sequence[Mapping[str, Any]] | None) -> list[str]:
    """Return where items of a list have something that no key of a manifest says, as `openai.URL.key`."""
    known = {*_WAYS.values(), *LISTS[name].item, "timestamp"}
    return [
        f"{name}.{LISTS[name].named(item)}.{key}"
        for item in items or ()
        for key, value in item["raw"].items()
        if value and key not in known
    ]


def to_form(name: str, items: Sequence[Mapping[str, Any]]) -> Row:
    """Return the fields of the form that hold these connections: addresses, keys and configurations belong together."""
    urls, keys, configs = _FORMS[name]
    body: Row = {urls: [item["url"] for item in items]}
    if keys:
        body[keys] = [item.get("key", "") for item in items]
    body[configs] = {str(number): _config(name, item) for number, item in enumerate(items)}
    return body


def _config(name: str, item: Mapping[str, Any]) -> Row:
    config = dict(item.get("raw") or {})
    for key, way in _WAYS.items():
        value = item.get(key)
        if key in item and (way in config or value not in (LISTS[name].defaults.get(key), {}, None)):
            config[way] = value
    if item.get("tags") or "tags" in config:
        config["tags"] = [{"name": tag} for tag in item.get("tags", ())]
    config.setdefault("enable", True)
    if name == "ollama" and (item.get("key") or "key" in config):
        config["key"] = item.get("key", "")
    return config


def to_rows(name: str, items: Sequence[Mapping[str, Any]], now: int) -> list[Row]:
    """Return banners or suggestions as the server takes them.

    Args:
        now: seconds since 1970, for banners that are new; the time of all others stays.
    """
    rows = []
    for item in items:
        row = {**(item.get("raw") or {}), **{key: item[key] for key in LISTS[name].item if key in item}}
        rows.append({"timestamp": now, **row} if name == "banners" else row)
    return rows
