"""Fields of models that the server keeps in `meta`, each under a key of its own and in a form of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from owui_sync.kinds import attached
from owui_sync.kinds.fields import Field, texts, unordered
from owui_sync.kinds.names import IdIndex
from owui_sync.values import Json

_NO_IMAGE = (None, "", "/static/favicon.png", "/favicon.png")

_SUGGESTIONS: Json = {
    "type": "array",
    "description": "Prompts offered at the start of a chat, in this order: texts, or mappings of `title`, `content`.",
    "examples": [["How do I reset my password?"]],
    "items": {
        "oneOf": [
            {"type": "string", "minLength": 1},
            {
                "type": "object",
                "required": ["content"],
                "additionalProperties": False,
                "properties": {
                    "title": {
                        "type": "array",
                        "items": {"type": "string"},
                        "maxItems": 2,
                        "description": "The two lines that are shown instead of the prompt.",
                        "examples": [["Reset", "my password"]],
                    },
                    "content": {
                        "type": "string",
                        "minLength": 1,
                        "description": "The prompt.",
                        "examples": ["How do I reset my password?"],
                    },
                },
            },
        ]
    },
}

_IMAGE: Json = {
    "type": "string",
    "pattern": r"^(https?://|data:image/(png|jpeg|gif|webp);base64,|/user\.png$|(/static)?/favicon\.png$)",
    "description": "The picture: `!image FILE` (PNG, JPEG, GIF or WebP), or the URL of one.",
    "examples": ["https://example.com/bot.png"],
    "x-error": "the server takes a PNG, JPEG, GIF or WebP picture, or an http(s) URL, and drops anything else",
}


def _trimmed(value: Any) -> Any:
    """Return the tags as the server keeps them: without blanks around them."""
    return unordered([tag.strip() for tag in value])


def _suggestion(item: Any) -> Any:
    """Return a suggestion of the server as a text, or as a mapping when it has a title too."""
    if isinstance(item, str):
        return item
    title = [line for line in item.get("title") or [] if line]
    return {"title": title, "content": item.get("content", "")} if title else item.get("content", "")


def _suggestions(value: Any) -> Any:
    return [_suggestion(item) for item in value]


SUGGESTIONS = Field(name="suggestions", schema=_SUGGESTIONS, default=[], normal=_suggestions, cosmetic=True)
TAGS = texts("tags", "Tags; their order means nothing.", "support", normal=_trimmed, cosmetic=True)
IMAGE = Field(
    name="image",
    schema=_IMAGE,
    default=None,
    normal=lambda value: None if value in _NO_IMAGE else value,
    cosmetic=True,
)


def _as_written(value: Any, old: Any, names: IdIndex) -> Any:
    return value


def _sorted(value: Any, names: IdIndex) -> Any:
    return unordered(value or [])


@dataclass(frozen=True, slots=True)
class MetaKey:
    """Where a field stands in `meta`.

    Args:
        key: the key in `meta`.
        read: the manifest's value, from the server's (None where there is none) and ids.
        write: the server's value, from the manifest's, what is there, and ids.
    """

    key: str
    read: Callable[[Any, IdIndex], Any]
    write: Callable[[Any, Any, IdIndex], Any] = _as_written


META: dict[str, MetaKey] = {
    "description": MetaKey("description", lambda value, names: "" if value is None else value),
    "knowledge": MetaKey("knowledge", attached.read, attached.put),
    "tools": MetaKey("toolIds", _sorted),
    "filters": MetaKey("filterIds", _sorted),
    "actions": MetaKey("actionIds", _sorted),
    "skills": MetaKey("skillIds", _sorted),
    "suggestions": MetaKey(
        "suggestion_prompts",
        lambda value, names: _suggestions(value or []),
        lambda value, old, names: [{"content": item} if isinstance(item, str) else item for item in value],
    ),
    "tags": MetaKey(
        "tags",
        lambda value, names: unordered([tag["name"] if isinstance(tag, dict) else tag for tag in value or []]),
        lambda value, old, names: [{"name": tag} for tag in value],
    ),
    "image": MetaKey("profile_image_url", lambda value, names: None if value in _NO_IMAGE else value),
    "hidden": MetaKey("hidden", lambda value, names: False if value is None else value),
}
"""Field -> its place in `meta`."""

FIELD_OF_KEY = {place.key: field for field, place in META.items()} | {"capabilities": "capabilities"}
"""Key of `meta` -> the field that manages it."""
