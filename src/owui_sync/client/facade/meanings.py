"""What parameters mean besides their types: the same name means the same in all methods."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from owui_sync.client.errors import WrongType, WrongValue
from owui_sync.client.facade.access import grants_of
from owui_sync.client.facade.research_results import budget_of
from owui_sync.client.facade.values import shown, taken

_TITLES = {"chat_title", "new_title", "title", "name", "topic", "keyword", "knowledge_base_name", "folder_name"}
_COMMANDS = {"command", "old_command", "new_command"}
_QUESTIONS = {"question", "initial_question"}
_IDS = {"model_id", "chat_id", "folder_id", "note_id", "kb_id", "user_id", "base_model_id", "decision_model_id"}

_NAMES = _TITLES | _COMMANDS | _QUESTIONS | _IDS | {"file_path", "model_keyword"}
"""Parameters whose texts name or ask something, so that a blank one means nothing."""

_NEVER_EMPTY = {"title", "name"}
"""Of these, those that mean something else when they are empty than when they are not given."""

_LISTS_OF_IDS = {
    *("model_ids", "model_identifiers", "models", "general_models", "search_models", "tool_ids", "tool_server_ids"),
    *("user_ids", "group_identifiers"),
}
_LONGEST_ID = 1000
"""Characters of an id; a longer one would not fit into the address of a request."""

_LEAST = dict.fromkeys(("num_steps", "concurrency", "depth", "breadth", "max_iterations", "max_workers", "page"), 1)
_LEAST |= dict.fromkeys(("gap_rounds", "skip", "limit", "days_since_update"), 0)
"""Numbers that make sense."""

_MATERIAL = ("image_paths", "rag_files")
"""What a model can be asked about without words."""


def check_meaning(name: str, value: Any, *, needed: bool, others: Mapping[str, Any]) -> Any:
    """Return an argument as its method takes it; its type has been checked before.

    Args:
        name: the name of the parameter.
        value: what was given.
        needed: whether the parameter has no default.
        others: all arguments that were given.

    Raises:
        WrongType: something in it has a type that means nothing.
        WrongValue: it means nothing.
    """
    if value is None:
        return None
    if isinstance(value, str) and name in _NAMES:
        _check_name(name, value, needed or name in _NEVER_EMPTY, others)
        value = value or (value if needed else None)
    if name in _IDS or name in _LISTS_OF_IDS:
        for text in value if isinstance(value, list) else [value]:
            _check_id(name, text)
    if name in _LEAST and value < _LEAST[name]:
        raise WrongValue(f"{name} is {value}", hint=f"it has to be at least {_LEAST[name]}")
    return _CHECKS[name](name, value) if name in _CHECKS else value


def _check_name(name: str, text: str, needed: bool, others: Mapping[str, Any]) -> None:
    if text.strip() or not (needed or text):
        return
    if name in _QUESTIONS and any(others.get(each) for each in _MATERIAL):
        return
    raise WrongValue(f"{name} is empty", hint="pass a text that is not blank")


def _check_id(name: str, given: Any) -> None:
    if not isinstance(given, str):
        return
    if given and not given.strip():
        raise WrongValue(f"{name} is empty", hint="pass a text that is not blank")
    if given.strip() in (".", ".."):
        raise WrongValue(f"{name} is {given!r}, which is no id")
    if len(given) > _LONGEST_ID:
        raise WrongValue(f"{name} is {shown(given)}", hint=f"ids have at most {_LONGEST_ID}")


def _access(name: str, value: Any) -> Any:
    grants_of(value)
    return value


def _budget(name: str, value: Mapping[str, float]) -> Mapping[str, float]:
    budget_of(value)
    return value


def _note(name: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Check the data of a note: after any other content the server answers 500 to all that lists notes."""
    content = data.get("content")
    text = content.get("md") if isinstance(content, Mapping) else content
    if not (text is None or isinstance(text, str)):
        where = '["content"]["md"]' if isinstance(content, Mapping) else '["content"]'
        raise WrongType(f"{name}{where} has to be a text, not {shown(text)}", hint='write {"content": {"md": "text"}}')
    return data


def _rows(key: str) -> Callable[[str, Any], Any]:
    """Return a check that each mapping in a list has a text by this key."""

    def check(name: str, values: Sequence[Any]) -> Sequence[Any]:
        for value in values:
            if isinstance(value, Mapping) and not _is_text(value.get(key)):
                raise WrongValue(
                    f"an item of {name} has no `{key}`", hint=f'write {{"{key}": "text"}}, or the text alone'
                )
        return values

    return check


def _bases(name: str, given: Any) -> Any:
    """Return what describes knowledge bases as a list of mappings, with their files as lists."""
    if isinstance(given, Mapping):
        given = [{"name": base, "files": files} for base, files in given.items()]
    return [_base(name, config) for config in given]


def _base(name: str, config: Mapping[str, Any]) -> dict[str, Any]:
    of = f"of an item of {name}"
    types = {"name": str | None, "description": str | None, "files": list[str | Path] | None}
    return {key: taken(value, types.get(key, object), f"`{key}` {of}") for key, value in config.items()}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "access_control": _access,
    "budget": _budget,
    "data": _note,
    "kb_configs": _bases,
    "models": _rows("id"),
    "suggestion_prompts": _rows("content"),
    "tags": _rows("name"),
}
