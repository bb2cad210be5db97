"""Lists that a manifest writes whole and in order: connections, banners, suggestions.

The path of the list (`openai`) is the order of its items, and with it which there are. Each item has a path of its own,
such as `openai.https://api.example.com/v1`, and so has each of its secrets: a plan shows what changes in which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from owui_sync.kinds.rows import Row
from owui_sync.values import Json

Items = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ListSpec:
    """One such list.

    Args:
        area: where a manifest has it.
        form: the form of the server.
        says: what it is.
        item: JSON Schema of an item's keys.
        defaults: key -> what an item has when the key is not written.
        named: the name of an item, which need not be unique.
        needs: keys that an item must have.
        secrets: keys that are never shown.
        nullable: whether the server may have null instead of a list.
        sets: keys whose lists have no order.
    """

    area: str
    form: str
    says: str
    item: Mapping[str, Json]
    defaults: Mapping[str, Any]
    named: Callable[[Mapping[str, Any]], str]
    needs: tuple[str, ...]
    secrets: tuple[str, ...] = ()
    nullable: bool = False
    sets: frozenset[str] = field(default_factory=frozenset)


def _text(says: str, example: str) -> Json:
    return {"type": "string", "description": says, "examples": [example]}


_TEXTS: Json = {"type": "array", "items": {"type": "string", "minLength": 1}}
_CONNECTION: dict[str, Json] = {
    "url": {**_text("Address of the provider.", "https://api.example.com/v1"), "minLength": 1},
    "key": _text("Its key, by `!secret`. Not written: not managed.", "sk-..."),
    "prefix": _text("What stands before the ids of its models, such as `eu` in `eu.gpt-4.1`.", "eu"),
    "models": {
        **_TEXTS,
        "description": "Ids of the models that are offered; empty for all.",
        "examples": [["gpt-4.1"]],
    },
    "tags": {**_TEXTS, "description": "Tags of its models.", "examples": [["eu"]]},
    "enabled": {"type": "boolean", "description": "Whether its models are offered."},
    "type": {"enum": ["external", "local"], "description": "Where it runs, as the page shows it."},
    "auth": _text("How Open WebUI signs in: `bearer`, `none`, `session`, `system_oauth`, ...", "bearer"),
}
_DEFAULTS: dict[str, Any] = {
    "prefix": "",
    "models": [],
    "tags": [],
    "enabled": True,
    "type": "external",
    "auth": "bearer",
}
_OPENAI: dict[str, Json] = {
    **_CONNECTION,
    "headers": {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "description": "Further headers, by `!secret`. Not written: not managed.",
    },
    "provider": _text("A provider with an API of its own, such as `azure`; empty for none.", "azure"),
    "api_version": _text("Version of the API, for Azure.", "2024-10-21"),
    "api_type": _text("Which API is used, such as `responses`; empty for chat completions.", "responses"),
}

LISTS: Final[dict[str, ListSpec]] = {
    "openai": ListSpec(
        *("connections", "openai", "OpenAI-compatible providers of models."),
        _OPENAI,
        {**_DEFAULTS, "provider": "", "api_version": "", "api_type": ""},
        lambda item: str(item["url"]),
        ("url",),
        ("key", "headers"),
        sets=frozenset({"models", "tags"}),
    ),
    "ollama": ListSpec(
        *("connections", "ollama", "Ollama servers."),
        {key: schema for key, schema in _CONNECTION.items() if key != "auth"},
        {key: value for key, value in _DEFAULTS.items() if key != "auth"},
        lambda item: str(item["url"]),
        ("url",),
        ("key",),
        sets=frozenset({"models", "tags"}),
    ),
    "banners": ListSpec(
        *("banners", "banners", "Messages at the top of the page."),
        {
            "id": {**_text("What identifies the banner.", "maintenance"), "minLength": 1},
            "type": {"enum": ["info", "success", "warning", "error"], "description": "What it looks like."},
            "title": _text("Its title.", "Maintenance"),
            "content": _text("Its text, in Markdown.", "Maintenance on Sunday"),
            "dismissible": {"type": "boolean", "description": "Whether a user can close it."},
        },
        {"type": "info", "title": "", "dismissible": True},
        lambda item: str(item.get("id")),
        ("id", "content"),
    ),
    "suggestions": ListSpec(
        *("suggestions", "suggestions", "What a new chat suggests to ask."),
        {
            "title": {**_TEXTS, "description": "The lines of its title.", "examples": [["Reset", "my password"]]},
            "content": _text("What is asked.", "How do I reset my password?"),
        },
        {},
        lambda item: str(item.get("content")),
        ("title", "content"),
        nullable=True,
    ),
}


def schema_of(name: str) -> Json:
    """Return the schema of a list."""
    spec = LISTS[name]
    items = {
        "type": "object",
        "additionalProperties": False,
        "required": list(spec.needs),
        "properties": {
            key: {**schema, **({"default": spec.defaults[key]} if key in spec.defaults else {})}
            for key, schema in spec.item.items()
        },
    }
    return {
        "type": ["array", "null"] if spec.nullable else "array",
        "items": items,
        "examples": [[{key: spec.item[key]["examples"][0] for key in spec.needs}]],
        "description": f"{spec.says} The exact list, in its order: what the server has besides is removed.",
    }


def keys_of(name: str, items: Items) -> list[str]:
    """Return what tells the items apart: their names, with the prefix or a number where several have one name."""
    own = [LISTS[name].named(item) for item in items]
    seen: Counter[str] = Counter()
    keys = []
    for key, item in zip(own, items, strict=True):
        full = f"{key}#{item['prefix']}" if own.count(key) > 1 and item.get("prefix") else key
        seen[full] += 1
        keys.append(full if seen[full] == 1 else f"{full}#{seen[full]}")
    return keys


def paths(name: str, items: Items | None) -> Iterator[tuple[str, Any]]:
    """Yield path and value of a list, of its items and of their secrets."""
    if items is None:
        yield name, None
        return
    spec, keys = LISTS[name], keys_of(name, items)
    yield name, keys
    for key, item in zip(keys, items, strict=True):
        yield (
            f"{name}.{key}",
            {each: value for each, value in item.items() if each in spec.item and each not in spec.secrets},
        )
        yield from ((f"{name}.{key}.{each}", item[each]) for each in spec.secrets if each in item)


def normal(name: str) -> Callable[[Any], Any]:
    """Return what brings an item to the form in which it is compared: with all its keys."""
    spec = LISTS[name]

    def normalise(value: Any) -> Any:
        if not isinstance(value, Mapping) or not value.keys() >= set(spec.needs):
            return value
        full = {**spec.defaults, **value}
        ordered = {key: full[key] for key in (*spec.item, *full) if key in full}
        return {key: sorted(set(each)) if key in spec.sets else each for key, each in ordered.items()}

    return normalise


def merged(name: str, now: Sequence[Row], values: Mapping[str, Any]) -> list[Row] | None:
    """Return the items that the server must have, in the manifest's words.

    Args:
        now: the items that it has.
        values: paths that change; see `paths`.
    """
    by_key = dict(zip(keys_of(name, now), now, strict=True))
    keys = values.get(name, list(by_key))
    if keys is None:
        return None
    result = []
    for key in keys:
        item = dict(by_key.get(key) or _namesake(name, now, key, keys))
        item |= values.get(f"{name}.{key}", {})
        item |= {each: values[path] for each in LISTS[name].secrets if (path := f"{name}.{key}.{each}") in values}
        result.append(item)
    return result


def _namesake(name: str, now: Sequence[Row], key: str, keys: Sequence[str]) -> Row:
    """Return the item that had another key only because there was a second one of its name: its secrets are to stay."""
    own = key.partition("#")[0]
    found = [item for item in now if LISTS[name].named(item).partition("#")[0] == own]
    return found[0] if len(found) == 1 and own not in keys else {}
