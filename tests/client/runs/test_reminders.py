from __future__ import annotations

from typing import Any

from owui_sync.client.chat.turn import Answer
from owui_sync.client.runs import prompts
from owui_sync.client.runs.reminders import Reminders
from owui_sync.client.runs.todo import TodoReading, read_answer


def call(output: str = "sunny", **arguments: Any) -> dict[str, Any]:
    return {"name": "weather", "arguments": str(arguments), "output": output}


def after(reminders: Reminders, text: str, *calls: dict[str, Any], at_limit: bool = False) -> TodoReading:
    answer = Answer(model="m", chat_id="c", message_id="a", text=text, at_limit=at_limit)
    return reminders.after(read_answer(text), answer, calls)


def test_the_same_calls_with_the_same_results_are_told_and_then_end_it() -> None:
    reminders = Reminders(has_tools=True)
    told = []
    for _ in range(4):
        assert after(reminders, "- [@] look", call(city="Bern")).final is None
        told.append((reminders.next, reminders.given_up))
    assert told == [("", False), (prompts.REPEATED, False), (prompts.REPEATED, False), (prompts.REPEATED, True)]
    assert reminders.problems() == ["the model made the same calls turn after turn: weather"]


def test_calls_that_differ_or_find_something_else_are_no_circle() -> None:
    reminders = Reminders(has_tools=True)
    for number in range(6):
        after(reminders, "- [@] look", call(city="Bern", day=number // 2))
        after(reminders, "- [@] look", call(f"{number} degrees"))
    for _ in range(6):
        after(reminders, "- [@] think")
    assert not reminders.given_up
    assert reminders.problems() == []


def test_a_final_answer_is_taken_whatever_was_called_before() -> None:
    reminders = Reminders(has_tools=True)
    after(reminders, "- [@] look", call())
    assert after(reminders, "Final answer: sunny", call()).final == "sunny"
    assert (reminders.next, reminders.given_up) == ("", False)


def test_an_answer_that_is_cut_off_is_asked_for_twice_and_then_taken() -> None:
    reminders = Reminders(has_tools=False)
    found = [after(reminders, "It is a long", at_limit=True).final for _ in range(3)]
    assert found == [None, None, "It is a long"]
    assert after(reminders, "Final answer: so", at_limit=True).final == "so"
