"""Calls of tools that a model announces in words, or writes as text, instead of making them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAME = r"[\w.:-]*\w"
_WRITTEN = (
    re.compile(
        rf'"(?:tool|tool_name|function|name|action)"\s*:\s*"(?P<name>{_NAME})"\s*,\s*'
        r'"(?:arguments|args|parameters|input|tool_input|action_input)"\s*:'
    ),
    re.compile(rf"^[ \t]*action[ \t]*:[ \t]*`?(?P<name>{_NAME})`?[ \t]*\n[ \t]*action input\b", re.I | re.M),
    re.compile(rf"<(?:function|invoke)(?:=| name=)[\"']?(?P<name>{_NAME})"),
)
"""Forms in which models write a call that they should make."""
_SOON = (
    r"\b(?:I(?:'|’)ll|I will|let me|let(?:'|’)s|I(?:'|’)m going to|I am going to|I need to)\s+"
    r"(?:(?:now|first|next|then|also)\s+)?"
)
_TOLD = re.compile(
    rf"{_SOON}(?:call|use|run|invoke|query|try)\s+(?:the\s+|a\s+)?(?:tool\s+|function\s+)?"
    rf"(?:[`\"'](?P<quoted>{_NAME})[`\"']|(?P<long>\w+_\w+)|(?P<plain>\w+)\s+(?:tool|function)\b)",
    re.I,
)
_VAGUE = re.compile(
    rf"{_SOON}(?:look|check|search|fetch|query|call|find out|find that out|ask)\b[^.!?\n]*[.!:…]*\s*$", re.I
)


def announced(text: str) -> tuple[str, ...]:
    """Return the tools whose calls an answer announces or writes as text, in their order."""
    found = [match["name"] for form in _WRITTEN for match in form.finditer(text)]
    found += [match["quoted"] or match["long"] or match["plain"] for match in _TOLD.finditer(text)]
    return tuple(dict.fromkeys(found))


def ends_with_plan(text: str) -> bool:
    """Return whether an answer ends with what the model is about to look up: "Let me check that." is no result."""
    return _VAGUE.search(text.strip()) is not None


def not_made(names: Iterable[str], made: Iterable[str]) -> tuple[str, ...]:
    """Return the announced tools that were not called; tools of an MCP server are called `SERVER_NAME`."""
    called = {name.casefold() for name in made}
    return tuple(name for name in names if not any(_is_same(name.casefold(), each) for each in called))


def _is_same(name: str, called: str) -> bool:
    return called == name or called.endswith(f"_{name}") or name.endswith(f"_{called}")
