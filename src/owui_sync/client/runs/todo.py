"""Reads what a model says while it works on a task: its to-do list, options, and the final answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s*\[(?P<mark>[ xX@~/\-]?)\]\s*(?P<task>.+?)\s*$", re.MULTILINE)
_FINAL = re.compile(r"^[\s>#*_]*final answer[\s*_#]*(?:[:：][\s*_]*|[-–—]\s+|$)", re.IGNORECASE | re.MULTILINE)
"""A line of its own, or the words with a colon or dash: a sentence that begins with "Final answers" is none."""
_OPTIONS = re.compile(r"^[\s#*_]*options[\s*_]*:?[\s*_]*$", re.IGNORECASE | re.MULTILINE)
_OPTION = re.compile(r"^\s*(?:\d+[.)]|[-*])\s+(?!\[[ xX@~/\-]?\])(?P<text>.+?)\s*$", re.MULTILINE)

_ALL_CODE = re.compile(r"\A\s*```[^\n`]*\n((?:(?!```).)*)\n```\s*\Z", re.DOTALL)
_CODE = re.compile(r"^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*(?P=fence)[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)

_STATUS = {"x": "completed", "@": "in_progress", "~": "in_progress", "/": "in_progress", "-": "in_progress"}


@dataclass(frozen=True, slots=True)
class TodoItem:
    """An item of the to-do list; `status` is `pending`, `in_progress` or `completed`."""

    task: str
    status: str


@dataclass(frozen=True, slots=True)
class TodoReading:
    """What an answer says.

    Attributes:
        todo: the to-do list, empty if it has none.
        options: what it offers to choose from, two at least or none.
        final: the final answer, or None if there is more to do.
        thought: what it says besides, the to-do list included.
        marked: whether it says itself which part is the final answer.
    """

    todo: tuple[TodoItem, ...] = ()
    options: tuple[str, ...] = ()
    final: str | None = None
    thought: str = ""
    marked: bool = False


def read_answer(text: str) -> TodoReading:
    """Read an answer. One without any of the three is the final answer of a model that needs no more turns.

    Code in it is not read, unless all of it is.
    """
    if found := _ALL_CODE.match(text):
        text = found[1]
    own = _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), text)
    todo = tuple(
        TodoItem(found["task"], _STATUS.get(found["mark"].lower(), "pending")) for found in _ITEM.finditer(own)
    )
    if found := _FINAL.search(own):
        before, after = text[: found.start()].strip(), text[found.end() :].strip()
        return TodoReading(todo, final=after or before, thought=before if after else "", marked=True)
    if found := _OPTIONS.search(own):
        options = tuple(option["text"] for option in _OPTION.finditer(own, found.end()))
        if len(options) > 1:
            return TodoReading(todo, options, thought=text.strip())
    if all(item.status == "completed" for item in todo):
        return TodoReading(todo, final=text.strip())
    return TodoReading(todo, thought=text.strip())
