"""Every field of the lists of the settings: what a manifest says, where the server has it, and another value there."""

from __future__ import annotations

import json
from typing import Any

from tests.support.filled import grant

SECRET = "@secret"
"""A value that a manifest has as `!secret SECRET`."""

_NOWHERE = "http://127.0.0.1:9"
_EVERYONE = [grant("user", "*")]
_CONNECTION = [
    ("prefix", "p", "prefix_id", "q"),
    ("models", ["m"], "model_ids", ["n"]),
    ("tags", ["t"], "tags", [{"name": "u"}]),
    ("enabled", False, "enable", True),
    ("type", "external", "connection_type", "local"),
    ("key", SECRET, "key", "by hand"),
]

FIELDS: dict[str, list[tuple[str, Any, str, Any]]] = {
    "openai": [
        *_CONNECTION,
        ("auth", "bearer", "auth_type", "none"),
        ("headers", {"X-Key": SECRET}, "headers", {"X-Key": "by hand"}),
        ("provider", "azure", "provider", ""),
        ("api_version", "1", "api_version", "2"),
        ("api_type", "a", "api_type", "b"),
    ],
    "ollama": _CONNECTION,
    "tool_servers": [
        ("url", _NOWHERE, "url", f"{_NOWHERE}/x"),
        ("path", "a.json", "path", "b.json"),
        ("type", "openapi", "type", "mcp"),
        ("auth", "none", "auth_type", "session"),
        ("key", SECRET, "key", "by hand"),
        ("headers", {"X-Key": SECRET}, "headers", {"X-Key": "by hand"}),
        ("name", "N", "info.name", "by hand"),
        ("description", "d", "info.description", "by hand"),
        ("functions", ["f"], "config.function_name_filter_list", "f,g"),
        ("enabled", False, "config.enable", True),
        ("spec", "{}", "spec", "[]"),
        ("access", "private", "config.access_grants", _EVERYONE),
    ],
    "terminal_servers": [
        ("url", _NOWHERE, "url", f"{_NOWHERE}/x"),
        ("path", "/a.json", "path", "/b.json"),
        ("auth", "none", "auth_type", "session"),
        ("key", SECRET, "key", "by hand"),
        ("name", "N", "name", "by hand"),
        ("enabled", False, "enabled", True),
        ("access", "private", "config.access_grants", _EVERYONE),
    ],
    "arena": [
        ("name", "N", "name", "by hand"),
        ("description", "d", "meta.description", "by hand"),
        ("models", ["gpt-4.1"], "meta.model_ids", None),
        ("mode", "include", "meta.filter_mode", "exclude"),
        ("image", "/static/favicon.png", "meta.profile_image_url", "/favicon.png"),
        ("access", "private", "meta.access_grants", _EVERYONE),
    ],
    "webhooks": [
        ("url", SECRET, "url", f"{_NOWHERE}/by-hand"),
        ("events", ["model.*"], "events", ["*"]),
        ("enabled", False, "enabled", True),
        ("targets", {"users": ["admin@example.com"]}, "targets", None),
    ],
    "banners": [
        ("content", "c", "content", "by hand"),
        ("type", "info", "type", "error"),
        ("title", "t", "title", "by hand"),
        ("dismissible", False, "dismissible", True),
    ],
}
"""List -> field, value in a manifest, way in an item of the server, other value there."""

_CONNECTIONS = {"openai": "http://127.0.0.1:9/openai", "ollama": "http://127.0.0.1:9/ollama"}
_EXPORTED = {
    "tool_servers": "tool_server.connections",
    "terminal_servers": "terminal_server.connections",
    "arena": "evaluation.arena.models",
    "webhooks": "events.webhooks",
    "banners": "ui.banners",
}


def manifest() -> str:
    """Return a manifest that has, in each list, one item for each of its fields, with all fields written."""
    items = {
        name: [{**_identity(name, field), **{each: value for each, value, _, _ in fields}} for field, *_ in fields]
        for name, fields in FIELDS.items()
    }
    listed = {name: items.pop(name) for name in ("openai", "ollama", "banners")}
    entries = {
        name: {field: item for (field, *_), item in zip(FIELDS[name], some, strict=True)}
        for name, some in items.items()
    }
    connections = {name: listed[name] for name in _CONNECTIONS}
    settings = {"connections": connections, "banners": listed["banners"], **entries}
    return "settings: " + json.dumps(settings).replace(f'"{SECRET}"', "!secret SECRET ")


def _identity(name: str, field: str) -> dict[str, str]:
    if name in _CONNECTIONS:
        return {"url": f"{_CONNECTIONS[name]}/{field}"}
    return {"id": field} if name == "banners" else {}


def addresses() -> set[str]:
    """Return address and path of every field in a plan: of what has no address of its own, the item or its secret."""
    found = {f"setting/{name}.{field} {field}" for name in ("tool_servers", "terminal_servers") for field in _of(name)}
    found |= {f"setting/{name}.{field} {field}" for name in ("arena", "webhooks") for field in _of(name)}
    found |= {f"setting/banners banners.{field}" for field in _of("banners")}
    for name, url in _CONNECTIONS.items():
        found |= {f"setting/connections {name}.{url}/{field}" for field in _of(name) if field not in ("key", "headers")}
        secrets = [field for field in _of(name) if field in ("key", "headers")]
        found |= {f"setting/connections {name}.{url}/{field}.{field}" for field in secrets}
    return found


def _of(name: str) -> list[str]:
    return [field for field, *_ in FIELDS[name]]


def changed_by_hand(stored: dict[str, Any]) -> dict[str, Any]:
    """Return these keys of the server's export, with another value for one field of each item.

    Args:
        stored: the export, with the lists as `manifest` makes them.
    """
    found: dict[str, Any] = {}
    for name, key in _EXPORTED.items():
        ways = {field: (way, value) for field, _, way, value in FIELDS[name]}
        found[key] = [_put(item, *ways[_name(item)]) for item in stored[key]]
    for name in _CONNECTIONS:
        configs = dict(stored[f"{name}.api_configs"])
        for number, (field, _, way, value) in enumerate(FIELDS[name]):
            if (name, field) != ("openai", "key"):
                configs[str(number)] = _put(configs[str(number)], way, value)
        found[f"{name}.api_configs"] = configs
    position = _of("openai").index("key")
    found["openai.api_keys"] = [*stored["openai.api_keys"]]
    found["openai.api_keys"][position] = "by hand"
    return found


def _name(item: dict[str, Any]) -> str:
    """Return by what an item is identified: webhooks by their names, tool servers within their `info`."""
    return str(item["name"] if "events" in item else item.get("info", item).get("id"))


def _put(item: dict[str, Any], way: str, value: Any) -> dict[str, Any]:
    first, _, rest = way.partition(".")
    return {**item, first: _put(item.get(first) or {}, rest, value) if rest else value}
