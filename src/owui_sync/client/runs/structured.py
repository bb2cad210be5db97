"""Answers that have to be JSON, from models that often answer something near it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from owui_sync.client.json_in_text import json_values
from owui_sync.client.runs.run import Run
from owui_sync.client.shapes import Row

T = TypeVar("T")

TRIES = 3

_WORDS = 3
"""A line with fewer words and without a question mark is no question."""


async def ask_json(run: Run, model: str, prompt: str, read: Callable[[Any], T]) -> tuple[T | None, str]:
    """Ask for JSON aside of the chat; what is wrong with an answer is told to the model, and it is asked again.

    Args:
        run: the run.
        model: the model.
        prompt: what to ask; says which JSON is wanted.
        read: makes something of the JSON; raises ValueError with what is wrong with it.

    Returns:
        What `read` made, or None when no try was of use; and the last answer as it came.

    Raises:
        AnswerFailed: the model did not answer at all.
    """
    messages: list[Row] = [{"role": "user", "content": prompt}]
    text = ""
    for _ in range(TRIES):
        answer = await run.session.ask_aside(model, messages)
        text = answer.text
        try:
            return _read(text, read), text
        except ValueError as error:
            reason = "it is longer than you may answer, so that its end is missing" if answer.at_limit else error
            wrong = f"That cannot be used: {reason}. Answer with the JSON alone, without any other word."
        messages += [{"role": "assistant", "content": text}, {"role": "user", "content": wrong}]
    return None, text


def _read(text: str, read: Callable[[Any], T]) -> T:
    """Return what `read` makes of the JSON in a text: of all values as one list, or of the first one that is of use.

    Raises:
        ValueError: none is; says what is wrong with the first one.
    """
    values, problem = list[Any](), None
    try:
        values += json_values(text)
    except ValueError as error:
        problem = error
    for value in [values, *values] if len(values) > 1 else values:
        try:
            return read(value)
        except ValueError as error:
            problem = problem or error
    raise problem or ValueError("there is no JSON in it")


_ASKED = re.compile(r'"(?:question|next_question|text|q)"\s*:\s*"((?:[^"\\\n]|\\.)+)"')
_KEY = re.compile(r"^q(?:uestion)?\s*\d*\s*:\s*", re.IGNORECASE)
_TAG = re.compile(r"</?\w+>")
_MARKS = re.compile(r'^[\s\-*•>#\d.)(\[\]{}"\']+|["\'\s,\]}*]+$')


def lines_of(text: str) -> list[str]:
    """Return the questions in an answer that should have been JSON.

    They are those of JSON that is not whole; else the lines that end with a question mark; else all lines. Bullets,
    numbers, quotes and marks of JSON are left out, and so are short lines.
    """
    if asked := _ASKED.findall(text):
        return [one.replace('\\"', '"') for one in asked if any(sign.isalnum() for sign in one)]
    found = [_KEY.sub("", _MARKS.sub("", line)) for line in _TAG.sub("\n", text).splitlines()]
    return [line for line in found if _is_question(line)] or [line for line in found if len(line.split()) >= _WORDS]


def _is_question(line: str) -> bool:
    return line.rstrip("*_ ").endswith(("?", "？", "؟")) and any(sign.isalnum() for sign in line)
