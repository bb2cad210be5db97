"""Answers that have to be JSON, from models that often answer something near it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from owui_sync.client.runs.run import Run
from owui_sync.client.shapes import Row
from owui_sync.values import load_json

T = TypeVar("T")

TRIES = 3


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
            return read(json_in(text)), text
        except ValueError as error:
            reason = "it is longer than you may answer, so that its end is missing" if answer.at_limit else error
            wrong = f"That cannot be used: {reason}. Answer with the JSON alone, without any other word."
        messages += [{"role": "assistant", "content": text}, {"role": "user", "content": wrong}]
    return None, text


def json_in(text: str) -> Any:
    """Return the JSON value in a text that may hold other words before and after it, fences, and extra commas.

    Raises:
        ValueError: there is none.
    """
    starts = [place for place in (text.find("{"), text.find("[")) if place >= 0]
    if not starts:
        raise ValueError("there is no JSON in it")
    start = min(starts)
    end = text.rfind("}" if text[start] == "{" else "]")
    body = text[start : end + 1]
    try:
        return load_json(body)
    except ValueError as error:
        try:
            return load_json(re.sub(r",\s*([}\]])", r"\1", body))
        except ValueError:
            raise ValueError(f"it is not valid JSON ({error})") from None


def lines_of(text: str) -> list[str]:
    """Return the lines of a text without bullets, numbers, quotes and marks of JSON; short ones are left out."""
    found = []
    for line in text.splitlines():
        item = re.sub(r'^[\s\-*•>#\d.)(\[\]{}"]+|["\s,\]}*]+$', "", line)
        item = re.sub(r'^\w+"\s*:\s*"', "", item)
        if len(item.split()) >= 3:
            found.append(item)
    return found
