"""What Open WebUI knows by name in its open mappings: parameters, capabilities and `meta`.

The server keeps whatever it is sent there, so a manifest may write any name. A name that the server or its page reads
has the type that they read it as; a wrong one is stored all the same, and then the model no longer answers.
"""

from __future__ import annotations

from typing import Any

from owui_sync.values import Json


def _all(schema: Json, *names: str) -> dict[str, Json]:
    return dict.fromkeys(names, schema)


_TEXT: Json = {"type": "string"}
_TEXTS: Json = {"type": "array", "items": _TEXT}
_MAPPING: Json = {"type": "object"}
_SWITCH: Json = {"type": "boolean"}
_SWITCHES: Json = {"type": "object", "additionalProperties": _SWITCH}

_TOLD = {
    "number": "A number.",
    "integer": "A whole number.",
    "boolean": "`true` or `false`.",
    "string": "A text.",
    "array": "A list of texts.",
    "object": "A mapping.",
}
"""What the name of a type says. What such a parameter does is told by the documentation of Open WebUI."""

PARAMS: dict[str, Json] = {
    **_all({"type": "number"}, "temperature", "top_p", "min_p", "tfs_z", "mirostat_eta", "mirostat_tau"),
    **_all({"type": "number"}, "frequency_penalty", "presence_penalty", "repeat_penalty"),
    **_all({"type": "integer"}, "max_tokens", "top_k", "seed", "mirostat", "repeat_last_n", "num_predict"),
    **_all({"type": "integer"}, "num_keep", "num_ctx", "num_batch", "num_thread", "num_gpu"),
    **_all({"type": "integer"}, "stream_delta_chunk_size", "compact_token_threshold"),
    **_all(_SWITCH, "stream_response", "use_mmap", "use_mlock"),
    "function_calling": {**_TEXT, "examples": ["native"]},
    "reasoning_effort": {**_TEXT, "examples": ["medium"]},
    "tool_approval_mode": _TEXT,
    **_all(_MAPPING, "custom_params", "model_controls", "response_format"),
    "stop": {**_TEXTS, "description": "Texts that end an answer.", "examples": [["END"]]},
    "think": {
        "type": ["boolean", "string"],
        "description": "Whether it thinks first, or how much.",
        "examples": ["medium"],
    },
    "format": {"type": ["string", "object"], "description": "`json`, or a JSON Schema.", "examples": ["json"]},
    "logit_bias": {
        "type": ["string", "object"],
        "description": "Token ids with a bias each.",
        "examples": ["5432:100, 413:-100"],
    },
    "keep_alive": {"type": ["string", "number"], "description": "How long a model stays loaded.", "examples": ["5m"]},
    "reasoning_tags": {
        "oneOf": [_SWITCH, {**_TEXTS, "minItems": 2, "maxItems": 2}],
        "description": "Whether thoughts are told apart by tags, or the opening and the closing tag.",
    },
}
"""Parameters of models and chats (utils/payload.py, and the page's advanced parameters; 0.6.43 to 0.12.4)."""

CAPABILITIES: dict[str, Json] = _all(
    _SWITCH,
    *("vision", "file_upload", "file_context", "web_search", "image_generation", "code_interpreter", "terminal"),
    *("usage", "citations", "status_updates", "memory", "builtin_tools"),
)
"""Capabilities of models (the page's model editor, 0.6.43 to 0.12.4)."""

MODEL_META: dict[str, Json] = {
    **_all(_TEXT, "background_image_url", "terminalId"),
    **_all(_TEXTS, "defaultFilterIds", "defaultFeatureIds"),
    **_all(_MAPPING, "i18n", "tts", "voice", "voice_avatar"),
    "builtinTools": _SWITCHES,
}
"""Keys of a model's `meta` that no field of its own stands for."""

FOLDER_META: dict[str, Json] = _all(_TEXT, "icon", "background_image_url")
"""Keys of a folder's `meta`."""


def known(names: dict[str, Json], rest: Json | None = None, **further: Any) -> Json:
    """Return the part of a mapping's schema that tells these names and their types.

    `rest` is the schema of all others.
    """
    told = {
        name: {"description": _TOLD.get(str(schema.get("type")), ""), **schema}
        for name, schema in (names | further).items()
    }
    return {"properties": told, **({} if rest is None else {"additionalProperties": rest})}


def not_here(field: str) -> Json:
    """Return the schema of a key that a field of the model's own stands for."""
    return {
        "not": {},
        "description": f"The model's own field `{field}` holds this.",
        "x-error": f"write it as `{field}` of the model",
    }
