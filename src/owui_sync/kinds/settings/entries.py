"""Areas whose entries are objects: tool servers, terminal servers, arena models, event webhooks.

The server keeps each area as one list that is written whole, without unique ids; entries of others stay as they are.
Keys of an entry that no field is about are sent back unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from owui_sync.kinds import access
from owui_sync.kinds.fields import Field, flag, references_to, text, texts
from owui_sync.kinds.names import IdIndex, Reference
from owui_sync.kinds.rows import Row, put_at, value_at
from owui_sync.kinds.write import WriteRequest
from owui_sync.values import ABSENT, Json

_HEADERS: Json = {"type": "object", "additionalProperties": {"type": "string"}}


@dataclass(frozen=True, slots=True)
class EntryArea:
    """One such area.

    Args:
        says: what it is.
        form: the form of the server that holds it; empty for webhooks, which have routes of their own.
        list: the list in that form.
        export: its key in the export of all settings.
        ways: name of a field -> the way to it in an entry of the server.
        fields: its fields, by name.
        id: the way to what identifies an entry.
        since: the first tested version that has it.
        fresh: what a new entry begins with.
    """

    says: str
    form: str
    list: str
    export: str
    ways: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, Field]
    id: tuple[str, ...] = ("id",)
    since: str | None = None
    fresh: Callable[[], Row] = dict


def _by_name(*fields: Field) -> dict[str, Field]:
    return {field.name: field for field in fields}


def _headers(whose: str) -> Field:
    schema = {**_HEADERS, "description": f"Further headers for {whose}.", "examples": [{"X-Team": "support"}]}
    return Field(name="headers", schema=schema, default={}, secret=True)


def _choice(name: str, description: str, *values: str) -> Field:
    return Field(name=name, schema={"enum": list(values), "description": description}, default=values[0])


def _who(value: Any) -> Any:
    """`targets` as the read half of an access value."""
    return "public" if value == "everyone" else {"read": value}


def _normal_targets(value: Any) -> Any:
    found = access.normal(_who(value))
    return "everyone" if found in ("public", "private") else found["read"]


def _targets_refer(value: Any) -> list[Reference]:
    return access.refers(_who(value))


_TARGETS = Field(
    name="targets",
    schema={
        "description": "Whose events are told: `everyone`, or a mapping with `groups` (names) and `users` (e-mails).",
        "examples": [{"groups": ["Support"]}],
        "oneOf": [
            {"const": "everyone"},
            {
                "type": "object",
                "additionalProperties": False,
                "minProperties": 1,
                "properties": {
                    "groups": {"type": "array", "minItems": 1, "items": {"type": "string"}, "description": "Groups."},
                    "users": {"type": "array", "minItems": 1, "items": {"type": "string"}, "description": "Users."},
                },
            },
        ],
    },
    default="everyone",
    normal=_normal_targets,
    refers=_targets_refer,
    reads=frozenset({"group", "user"}),
)

AREAS: Final[dict[str, EntryArea]] = {
    "tool_servers": EntryArea(
        "Servers with tools that models can call.",
        "tool_servers",
        "TOOL_SERVER_CONNECTIONS",
        "tool_server.connections",
        {
            **{name: (name,) for name in ("url", "path", "type", "key", "headers", "spec")},
            "auth": ("auth_type",),
            "name": ("info", "name"),
            "description": ("info", "description"),
            "functions": ("config", "function_name_filter_list"),
            "enabled": ("config", "enable"),
            "access": ("config",),
        },
        _by_name(
            text("url", "Address of the server.", "https://tools.example.com", required=True),
            text(
                "path", "Where its OpenAPI description is, below `url` or as a URL.", "api.json", default="openapi.json"
            ),
            _choice("type", "What it speaks.", "openapi", "mcp"),
            text("auth", "How Open WebUI signs in: `bearer`, `none`, `session`, ...", "none", default="bearer"),
            text("key", "The key for `auth: bearer`.", "tools-key", default="", secret=True),
            _headers("the tool server"),
            text("name", "Shown name.", "Clock", default=""),
            text("description", "What its tools do.", "Tells the time", default=""),
            texts("functions", "Which of its functions are offered; empty for all.", "get_time"),
            flag("enabled", "Whether its tools are offered.", default=True),
            text("spec", "Its OpenAPI description as JSON text, instead of the one at `path`.", "{}", default=""),
            access.FIELD,
        ),
        id=("info", "id"),
        fresh=lambda: {"path": "openapi.json", "auth_type": "bearer", "key": "", "config": {"enable": True}},
    ),
    "terminal_servers": EntryArea(
        "Servers with a terminal that models can use.",
        "terminal_servers",
        "TERMINAL_SERVER_CONNECTIONS",
        "terminal_server.connections",
        {
            **{name: (name,) for name in ("url", "path", "key", "name", "enabled")},
            "auth": ("auth_type",),
            "access": ("config",),
        },
        _by_name(
            text("url", "Address of the server.", "https://terminal.example.com", required=True),
            text("path", "Where its OpenAPI description is.", "/api.json", default="/openapi.json"),
            text("auth", "How Open WebUI signs in: `bearer`, `none`, `session`, ...", "none", default="bearer"),
            text("key", "The key for `auth: bearer`.", "terminal-key", default="", secret=True),
            text("name", "Shown name.", "Main", default=""),
            flag("enabled", "Whether it can be used.", default=True),
            access.FIELD,
        ),
        since="0.8.12",
        fresh=lambda: {"config": {}},
    ),
    "arena": EntryArea(
        "Models that stand for one of several, so that users compare them without knowing which is which.",
        "evaluation",
        "EVALUATION_ARENA_MODELS",
        "evaluation.arena.models",
        {
            "name": ("name",),
            "description": ("meta", "description"),
            "models": ("meta", "model_ids"),
            "mode": ("meta", "filter_mode"),
            "image": ("meta", "profile_image_url"),
            "access": ("meta",),
        },
        _by_name(
            text("name", "Shown name. Default: the key.", "Blind", least=1, defaults_to_key=True),
            text("description", "What it is for.", "Guess who", default=""),
            texts(
                *("models", "Ids of the models that it stands for; empty for all.", "support-bot"),
                refers=references_to("model"),
                reads=frozenset({"model", "provider"}),
                elsewhere="provider",
            ),
            _choice(
                "mode",
                "Whether `models` are the ones that it stands for, or those that it leaves out.",
                "include",
                "exclude",
            ),
            text("image", "Its picture: `!image`, or a URL.", "/static/favicon.png", default="/favicon.png"),
            access.FIELD,
        ),
        fresh=lambda: {"meta": {"profile_image_url": "/favicon.png", "description": "", "model_ids": None}},
    ),
    "webhooks": EntryArea(
        "Addresses that are told of events on the server.",
        "",
        "",
        "events.webhooks",
        {name: (name,) for name in ("url", "events", "enabled", "targets")},
        _by_name(
            text(
                "url",
                "Address that is told. The server must be able to resolve its host.",
                "https://hooks.example.com/x",
                required=True,
                secret=True,
            ),
            texts("events", "Which events; globs work.", "model.*", default=["*"]),
            flag("enabled", "Whether it is told.", default=True),
            _TARGETS,
        ),
        since="0.10.2",
    ),
}

ANY: Final[dict[str, Field]] = {}
"""Name -> field, for whoever does not know the area: with what must be read for any of them, and without a default."""
for _area in AREAS.values():
    for _name, _field in _area.fields.items():
        _known = ANY.get(_name, _field)
        ANY[_name] = replace(_known, default=ABSENT, required=False, secret=False, defaults_to_key=False)


def identity(area: str, item: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return name and id of an entry of the server; None for one that has none, which no manifest can name."""
    if area == "webhooks":
        return (item["name"], item["id"]) if item.get("name") else None
    found = value_at(item, AREAS[area].id)
    return (found, found) if isinstance(found, str) and found else None


_OWN: Final = frozenset({"name", "id", "created_at", "updated_at", "spec_type", "access_grants", "access_control"})
"""Keys of an entry that need no field: its name, times, and what other fields or the server say."""


def unsaid(area: str, item: Mapping[str, Any]) -> list[str]:
    """Return the keys under which an entry of the server has something that no field says."""
    ways = {way for name, way in AREAS[area].ways.items() if name != "access"}
    bags = {way[0] for way in AREAS[area].ways.values() if len(way) > 1}
    found = []
    for key, value in item.items():
        inner = {(key, name): each for name, each in value.items()} if key in bags and value else {(key,): value}
        found += [".".join(way) for way, each in inner.items() if each and way not in ways and way[-1] not in _OWN]
    return found


def values_of(area: str, item: Mapping[str, Any], names: IdIndex, *, old: bool) -> dict[str, Any]:
    """Return the values of an entry of the server, in the manifest's words.

    Args:
        old: whether the server is older than 0.8, and has access in another form.
    """
    spec = AREAS[area]
    values = {}
    for name, field in spec.fields.items():
        value = _said(name, value_at(item, spec.ways[name]), names, old=old)
        values[name] = field.normalise(
            value if value is not ABSENT and value is not None else _unset(field, area, item)
        )
    return values


def _unset(field: Field, area: str, item: Mapping[str, Any]) -> Any:
    if field.defaults_to_key:
        return (identity(area, item) or ("", ""))[0]
    return "" if field.default is ABSENT else field.default


def _said(name: str, value: Any, names: IdIndex, *, old: bool) -> Any:
    if name == "access":
        bag = value if isinstance(value, Mapping) else {}
        return access.of_row({"access_control": bag.get("access_control")} if old else bag, names)
    if name == "functions" and isinstance(value, str):
        return [function.strip() for function in value.split(",") if function.strip()]
    if name == "targets" and value:
        rows = [{"permission": "read", "principal_type": one["type"], "principal_id": one["id"]} for one in value]
        found = access.from_rows(rows, names)
        return found["read"] if isinstance(found, Mapping) else "everyone"
    return ABSENT if name == "headers" and not isinstance(value, Mapping) else value


def put(area: str, item: Row, write: WriteRequest, access_part: Callable[[list[Row]], Row]) -> Row:
    """Return an entry of the server with the values of a write in it.

    Args:
        access_part: gives the part of a body that sets these grants.
    """
    for name, value in write.values.items():
        way = AREAS[area].ways[name]
        if name == "access":
            bag = value_at(item, way) or {}
            put_at(item, way, {**bag, **access_part(access.to_rows(value, write.names))})
        else:
            put_at(item, way, _sent(name, value, write.names))
    if area == "tool_servers":
        # A null in one of the two makes all tool servers disappear.
        item.update({bag: item.get(bag) or {} for bag in ("config", "info")})
        if "spec" in write.values:
            item["spec_type"] = "json" if write.values["spec"] else "url"
    return item


def _sent(name: str, value: Any, names: IdIndex) -> Any:
    if name == "targets":
        grants = access.to_rows(_who(value), names)
        return None if value == "everyone" else [{"type": g["principal_type"], "id": g["principal_id"]} for g in grants]
    if name == "models":
        return value or None
    return ",".join(value) if name == "functions" else value
