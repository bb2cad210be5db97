"""What a manifest may write under `settings`, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from owui_sync.kinds.fields import Field
from owui_sync.kinds.settings.entries import AREAS as AREAS_OF_ENTRIES
from owui_sync.kinds.settings.listed import LISTS, schema_of
from owui_sync.kinds.settings.table import BY_AREA, CONFIG, DEFAULT_GROUP, FLAGS, SettingSpec
from owui_sync.kinds.well_known import not_here
from owui_sync.values import ABSENT, Json

AREAS: dict[str, str] = {
    "general": "Sign-up, roles, features and API keys.",
    "ldap": "Sign-in with LDAP.",
    "oauth": "Sign-in with single sign-on.",
    "connections": "Providers of models.",
    "code_execution": "Where code runs.",
    "models": "Which models new chats begin with, and in which order models are listed.",
    "subagents": "Parts of its work that a model gives to other runs.",
    "interface": "Which parts of the page are shown.",
    "retrieval": "How documents are read, split and searched, and how the web is.",
    "embedding": "What makes embeddings. After a change all knowledge has to be indexed again.",
    "images": "What makes and edits images.",
    "audio": "Speech: `tts` reads aloud, `stt` writes down, `realtime` talks.",
    "tasks": "Titles, tags, follow-ups and other small work of models.",
    "evaluation": "Comparisons of models.",
    "chats": "Long chats, and tools in chats.",
    "banners": "Messages at the top of the page.",
    "suggestions": "What a new chat suggests to ask.",
    **{area: spec.says for area, spec in AREAS_OF_ENTRIES.items()},
    CONFIG: "Settings that are in no form of the server, by the keys of its store (`GET /api/v1/configs/export`). "
    "The server does not check them: owui-sync refuses unknown keys, and values of another type than now.",
}

_TYPES: dict[str, Json] = {
    "text": {"type": "string"},
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "mapping": {"type": "object"},
    "mappings": {"type": "array", "items": {"type": "object"}},
    "switches": {"type": "object", "additionalProperties": {"type": "boolean"}},
}

_ID = r"^[A-Za-z0-9_][A-Za-z0-9_-]*$"
_ID_RULE = "an id has letters, digits, `_` and `-`"

_FREE: Json = {"description": "A key of the server's store that owui-sync has no description of."}


def of_spec(spec: SettingSpec) -> Json:
    """Return the schema of one field: meaning, type, default, first version."""
    schema = {**_value(spec), "description": spec.says, **_example(spec)}
    if spec.default is not ABSENT and spec.default is not None:
        schema["default"] = spec.default
    if spec.since:
        schema["x-since"] = spec.since
    return schema


_EXAMPLES: dict[str, Any] = {
    "text": "...",
    "boolean": True,
    "integer": 1,
    "number": 0.5,
    "texts": ["..."],
    "mapping": {"name": "..."},
    "mappings": [{"name": "..."}],
    "switches": {"name": True},
}
_LONG = 40
"""Characters of an example at most."""


def _example(spec: SettingSpec) -> Json:
    """Return an example for editors and `explain`, where the schema itself has none."""
    if "enum" in spec.rule:
        return {}
    if spec.path == "I18N":
        return {"examples": [{"de-DE": {"New Chat": "Neuer Chat"}}]}
    if isinstance(spec.default, str | int | list) and spec.default and len(str(spec.default)) <= _LONG:
        return {"examples": [spec.default]}
    return {"examples": [_EXAMPLES[spec.type if isinstance(spec.type, str) else spec.type[0]]]}


def _value(spec: SettingSpec) -> Json:
    if spec.type == ["integer", "text"]:
        return {"oneOf": [{"type": "integer", **spec.rule}, {"const": ""}]}
    if not isinstance(spec.type, str):
        return dict(spec.rule)
    schema = {**_TYPES[spec.type], **spec.rule}
    if not spec.nullable:
        return schema
    nullable = {**schema, "type": [schema["type"], "null"]}
    return {**nullable, "enum": [*schema["enum"], None]} if "enum" in schema else nullable


def of_area(area: str, further: Mapping[str, Json]) -> Json:
    """Return the schema of an area; `further` is what its entries may have besides their fields."""
    if area in AREAS_OF_ENTRIES:
        return _of_entries(area, further)
    if area in LISTS:
        return schema_of(area)
    properties = {name: schema_of(name) for name, spec in LISTS.items() if spec.area == area}
    for spec in BY_AREA[area]:
        group, dot, leaf = ("", "", spec.path) if area == CONFIG else spec.path.rpartition(".")
        (_group(properties, group)["properties"] if dot else properties)[leaf] = of_spec(spec)
    if area == "general":
        instead = {"x-error": f"write `{DEFAULT_GROUP}: name of a group`"}
        properties["DEFAULT_GROUP_ID"] = {**not_here(DEFAULT_GROUP), **instead}
    rest: Any = _FREE if area == CONFIG else False
    return {
        "type": "object",
        "description": f"{AREAS[area]} Partial: only what is written is managed.",
        "additionalProperties": rest,
        "examples": [_AREA_EXAMPLES.get(area) or _first(properties)],
        "properties": properties,
    }


_AREA_EXAMPLES: dict[str, Json] = {
    "general": {"ENABLE_SIGNUP": False, "DEFAULT_USER_ROLE": "user"},
    "connections": {"openai": [{"url": "https://api.example.com/v1"}]},
    "models": {"DEFAULT_MODELS": ["support-bot"]},
    "retrieval": {"CHUNK_SIZE": 1000, "web": {"ENABLE_WEB_SEARCH": True, "WEB_SEARCH_ENGINE": "searxng"}},
    "audio": {"tts": {"ENGINE": "openai", "VOICE": "alloy"}},
    CONFIG: {"memories.user_char_limit": 4000},
}


def _first(properties: Mapping[str, Json]) -> Json:
    """Return an area with its first field, which is a plain one in all areas that have no example."""
    name, schema = next(iter(properties.items()))
    return {name: schema["examples"][0] if "examples" in schema else schema["enum"][0]}


def _of_entries(area: str, further: Mapping[str, Json]) -> Json:
    """Return the schema of an area whose entries are objects."""
    spec = AREAS_OF_ENTRIES[area]
    fields = {name: _of_field(field) for name, field in spec.fields.items()}
    key: Json = {"minLength": 1} if area == "webhooks" else {"pattern": _ID, "x-error": _ID_RULE}
    entry: Json = {"type": "object", "additionalProperties": False, "properties": {**fields, **further}}
    return {
        "type": "object",
        "description": f"{spec.says} Key: {'its name' if area == 'webhooks' else 'its id'}. Others stay as they are.",
        "propertyNames": key,
        "additionalProperties": entry,
    }


def _of_field(field: Field) -> Json:
    default = {} if field.default is ABSENT else {"default": field.default}
    needed = f"{field.schema['description']} A new one needs it." if field.required else field.schema["description"]
    return {**field.schema, **default, "description": needed}


def _group(properties: dict[str, Json], name: str) -> Json:
    said = "Switches of all connections." if name == FLAGS else f"The fields of `{name}`."
    empty = {"type": "object", "description": said, "additionalProperties": False, "properties": {}}
    return properties.setdefault(name, empty)


def section(further: Mapping[str, Json]) -> Json:
    """Return the schema of the section; `further` is as for `of_area`."""
    return {
        "type": "object",
        "description": "The system configuration, by area. Fields are called as the server calls them. A field that is "
        "no longer written keeps its value; `!default` takes it back to the server's default, `!null` sets null.",
        "additionalProperties": False,
        "properties": {area: of_area(area, further) for area in AREAS},
    }
