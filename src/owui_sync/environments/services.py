"""Settings that name other services, with the stubs of a sandbox in their place.

| the manifests name | a throwaway server gets |
|---|---|
| a tool server | one of the sandbox, with its own tools or with the description that the manifest has (`spec`) |
| a terminal server | the same, as far as its description goes: there is no terminal |
| an event webhook | a receiver of the sandbox |
| a search engine | the one of the sandbox, and its plain way to load pages |
| OpenAI-compatible connections | connections to the scripted provider with the same prefixes and models, and its own |
| anything else | nothing: it is checked and not written |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from owui_sync.kinds.settings.listed import LISTS, normal, paths
from owui_sync.manifest.desired import Entry
from owui_sync.values import Position

_ABSENT = ("oauth", "ldap")
"""Areas of settings that are about ways to sign in."""
_CONNECTIONS, _PROVIDERS = "connections", "openai"
_UNLIKE = ("provider", "api_version", "api_type")
"""Keys of a connection for APIs that the scripted provider does not have."""
ANYWHERE = "http://stubs"
"""Stands for the address of the stubs where only names matter."""
_SIGNS_IN = ("bearer", "none")
"""Ways for the server to sign in at a tool server that need nobody else."""
_SERVER, _MCP = "server:", "server:mcp:"
"""How names of tools begin that are tool servers, and those of them that speak MCP."""
_NOWHERE = Position("(stand-in)", 1, 1)
_SWITCHES = ("flags.ENABLE_OPENAI_API", "flags.ENABLE_OLLAMA_API")
"""The provider of the sandbox is not switched off, and there is no Ollama."""
_WEB = "web."
_ENGINE, _EXTERNAL, _SEARXNG = f"{_WEB}WEB_SEARCH_ENGINE", f"{_WEB}EXTERNAL_WEB_SEARCH_URL", f"{_WEB}SEARXNG_QUERY_URL"
_NOT_HERE = (f"{_WEB}WEB_LOADER_ENGINE", f"{_WEB}WEB_SEARCH_DOMAIN_FILTER_LIST")
"""How pages are loaded by another service, and which may be: neither fits the pages of the sandbox."""


def is_absent(entry: Entry, origin: str | None) -> bool:
    """Return whether an entry is about a service that a throwaway server does not have; `origin`: of its stubs."""
    return entry.kind == "setting" and _area(entry) in (_ABSENT if origin else (*_ABSENT, _CONNECTIONS))


def left_out(entry: Entry) -> list[str]:
    """Return the fields of an entry that `with_stubs` leaves out, because no stub stands in for what they are about."""
    if entry.kind != "setting" or _area(entry) != _CONNECTIONS:
        return []
    return [path for path in entry.values if path in ("ollama", *_SWITCHES)]


def with_stubs(entry: Entry, origin: str) -> Entry:
    """Return an entry with the stubs at `origin` in place of the services that it names."""
    if entry.kind != "setting" or not (change := _STUBS.get(_area(entry))):
        return entry
    values = change(entry, origin)
    return entry if values is entry.values else replace(entry, values=values)


def names_services(entry: Entry) -> bool:
    """Return whether `with_stubs` puts stubs into an entry."""
    if _area(entry) == _CONNECTIONS:
        return _PROVIDERS in entry.values
    return with_stubs(entry, ANYWHERE) is not entry


def tool_server(name: str, origin: str) -> Entry | None:
    """Return a stub for a tool server that only the name of a tool tells of; None if that names none."""
    if not name.startswith(_SERVER):
        return None
    type = "mcp" if name.startswith(_MCP) else "openapi"
    id = name.removeprefix(_MCP if type == "mcp" else _SERVER)
    return with_stubs(Entry("setting", f"tool_servers.{id}", {"url": "", "type": type}, _NOWHERE), origin)


def _tool_server(entry: Entry, origin: str) -> Mapping[str, Any]:
    values = dict(entry.values)
    values["url"] = f"{origin}/{'mcp' if values.get('type') == 'mcp' else 'tools'}/{_name(entry)}"
    if "path" in values:
        values["path"] = "openapi.json"
    values = _signed_in(values)
    if not values.get("spec"):
        values.pop("functions", None)  # The stub has other ones.
    return values


def _webhook(entry: Entry, origin: str) -> Mapping[str, Any]:
    return {**entry.values, "url": f"{origin}/webhooks/{_name(entry)}"}


def _search(entry: Entry, origin: str) -> Mapping[str, Any]:
    """Return the very values of the entry where they name no engine and no way to load pages."""
    if not any(entry.values.get(path) for path in (_ENGINE, _EXTERNAL, _SEARXNG, *_NOT_HERE)):
        return entry.values
    address = f"{origin}/search"
    values = {path: value for path, value in entry.values.items() if path not in _NOT_HERE}
    values |= {path: address for path in (_EXTERNAL, _SEARXNG) if values.get(path)}
    if isinstance(engine := values.get(_ENGINE), str) and engine:
        values |= {_SEARXNG: address} if engine == "searxng" else {_ENGINE: "external", _EXTERNAL: address}
    return values


def _connections(entry: Entry, origin: str) -> Mapping[str, Any]:
    """Return the connections with the scripted provider behind each, after the one that the server has anyway."""
    kept = {
        path: value
        for path, value in entry.values.items()
        if path.partition(".")[0] not in (_PROVIDERS, "ollama") and path not in _SWITCHES
    }
    if _PROVIDERS not in entry.values:
        return kept
    items = [normal(_PROVIDERS)({"url": f"{origin}/v1"})]
    for number, key in enumerate(entry.values[_PROVIDERS], start=1):
        own = f"{_PROVIDERS}.{key}"
        secrets = {name: entry.values.get(f"{own}.{name}") for name in LISTS[_PROVIDERS].secrets}
        item = {**entry.values[own], **{name: value for name, value in secrets.items() if value is not None}}
        prefix = f"/{quote(item['prefix'], safe='')}" if item.get("prefix") else ""
        item["url"] = f"{origin}/connections/{number}{prefix}/v1"
        items.append({**_signed_in(item), **dict.fromkeys((name for name in _UNLIKE if name in item), "")})
    return {**kept, **dict(paths(_PROVIDERS, items))}


def _terminal_server(entry: Entry, origin: str) -> Mapping[str, Any]:
    values = {**entry.values, "url": f"{origin}/tools/{_name(entry)}"}
    if "path" in values:
        values["path"] = "/openapi.json"
    return _signed_in(values)


def _signed_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with a way to sign in that needs nobody else."""
    unlike = values.get("auth", "bearer") not in _SIGNS_IN
    return {**values, **({"auth": "none"} if unlike else {})}


_STUBS = {
    "connections": _connections,
    "terminal_servers": _terminal_server,
    "tool_servers": _tool_server,
    "webhooks": _webhook,
    "retrieval": _search,
}


def _area(entry: Entry) -> str:
    return entry.key.partition(".")[0]


def _name(entry: Entry) -> str:
    return quote(entry.key.partition(".")[2], safe="")
