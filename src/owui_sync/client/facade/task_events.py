"""What a stream of a task yields: each step of the work as events, which name one thing each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from owui_sync.client.facade.run_results import todo_list
from owui_sync.client.results import TodoEntry
from owui_sync.client.runs.task import Step
from owui_sync.client.shapes import Row

_LABELLED = re.compile(r"\[([^\]]+)\]:?\s*(\S.*)", re.DOTALL)
"""An option that has a name of its own: `[Green]: it is quick`."""

UNFINISHED = "Max iterations reached."
"""What the last event of a task says that has no final answer after its last turn."""


def started(iteration: int) -> Row:
    """Return the event at the beginning of a turn."""
    return {"type": "iteration_start", "iteration": iteration}


def failure(words: str) -> Row:
    """Return the event of what went wrong."""
    return {"type": "error", "content": words}


def events_of(step: Step, former: list[TodoEntry]) -> Iterator[Row]:
    """Yield the events of a step that is done.

    Args:
        step: the step.
        former: the to-do list before it; one that did not change has no event.
    """
    if step.kind == "decision":
        yield from _decision(step)
        return
    todo = todo_list(step.todo)
    about = {"iteration": step.number, "todo_list": todo, "tools": list(step.tools), "message_id": step.message_id}
    if step.thought or step.final is None:
        yield {"type": "thought", "content": step.thought, **about}
    if todo != former:
        yield {"type": "todo_list_update", "content": todo, "iteration": step.number, "todo_list": todo}
    for call in step.tools:
        yield from _tool(call, step.number)
    if step.final is not None:
        yield {"type": "action", "content": {"final_answer": step.final}, "iteration": step.number}
        yield {"type": "final_answer", "content": step.final, **about}


def goes_on(step: Step, most: int) -> bool:
    """Return whether another turn follows a step; a turn that offers options is followed by a decision first."""
    return (
        step.final is None
        and not step.given_up
        and step.number < most
        and (step.kind == "decision" or not step.options)
    )


def _tool(call: Row, iteration: int) -> Iterator[Row]:
    action = {"tool": call["name"], "args": _arguments(call["arguments"])}
    yield {"type": "action", "content": action, "iteration": iteration}
    named = {"tool_name": action["tool"], "tool_input": action["args"]}
    yield {"type": "tool_call", "content": action, "iteration": iteration, **named}
    yield {"type": "observation", "content": f"Observation: {call['output']}", "iteration": iteration}


def _decision(step: Step) -> Iterator[Row]:
    options = [_option(number, option) for number, option in enumerate(step.options, start=1)]
    chosen = {"selected_option": step.chosen, "options": options}
    yield {"type": "decision", "content": step.text, "iteration": step.number, **chosen}
    words = f"Observation: option {step.chosen} is taken: {step.text}"
    yield {"type": "observation", "content": words, "iteration": step.number}


def _option(number: int, text: str) -> Row:
    found = _LABELLED.fullmatch(text)
    label, description = found.groups() if found else (f"Option {number}", text)
    return {"number": str(number), "label": label, "description": description}


def _arguments(text: Any) -> Any:
    """Return the arguments of a call, which models write as JSON."""
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return text
