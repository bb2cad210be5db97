"""Values for settings that differ from the defaults."""

from __future__ import annotations

from typing import Any

from owui_sync.kinds.settings.table import SettingSpec

OTHER: dict[str, Any] = {
    "search_base": "dc=example",
    "JWT_EXPIRES_IN": "7d",
    "IMAGE_SIZE": "640x480",
    "I18N": {"de-DE": {"a": "b"}},
    "OAUTH_GROUP_DEFAULT_SHARE": "members",
    "COMFYUI_WORKFLOW_NODES": [{"type": "prompt", "key": "text", "node_ids": ["1"]}],
    "IMAGES_EDIT_COMFYUI_WORKFLOW_NODES": [{"type": "prompt", "key": "text", "node_ids": ["2"]}],
}
"""Values of fields that do not take just any value of their type."""

BY_TYPE: dict[str, Any] = {
    "boolean": True,
    "text": "changed",
    "number": 0.25,
    "texts": ["changed"],
    "mapping": {"a": 1},
    "mappings": [{"a": 1}],
    "switches": {"a": True},
    "integer": 41,
}


def other(spec: SettingSpec) -> Any:
    """Return a value that differs from the default."""
    if spec.path in OTHER:
        return OTHER[spec.path]
    if "enum" in spec.rule:
        return next(value for value in reversed(spec.rule["enum"]) if value != spec.default)
    if isinstance(spec.default, bool):
        return not spec.default
    return BY_TYPE[spec.type if isinstance(spec.type, str) else spec.type[0]]
