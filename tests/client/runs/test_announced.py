from __future__ import annotations

import pytest

from owui_sync.client.runs.announced import announced, ends_with_plan, not_made


@pytest.mark.parametrize(
    "text",
    [
        "I will call find_ticket.",
        "First I'll use the tool `find_ticket` to look.",
        "Let me now run “it”. I am going to query the find_ticket tool.",
        'So: {"name": "find_ticket", "arguments": {"number": 7}}',
        '```json\n{"tool": "find_ticket",\n "args": {}}\n```',
        "Thought: I must look.\nAction: find_ticket\nAction Input: 7",
        "<function=find_ticket>{}</function>",
    ],
)
def test_a_call_is_announced_in_words_or_written_as_text(text: str) -> None:
    assert announced(text) == ("find_ticket",)


@pytest.mark.parametrize(
    "text",
    [
        "I called find_ticket and it says that the printer is on fire.",
        "I will use the results for the report.",
        'The ticket is {"name": "Printer", "state": "open"}.',
        "You can call find_ticket yourself.",
    ],
)
def test_other_words_announce_no_call(text: str) -> None:
    assert announced(text) == ()


def test_an_answer_ends_with_a_plan_or_with_a_result() -> None:
    assert ends_with_plan("Good question. Let me check the weather in Bern first.")
    assert ends_with_plan("I'll look that up…")
    assert not ends_with_plan("Let me check. It is sunny.")
    assert not ends_with_plan("It is sunny in Bern.")


def test_tools_of_an_mcp_server_are_called_by_a_longer_name() -> None:
    assert not_made(["find_ticket", "Weather"], ["desk_find_ticket", "weather"]) == ()
    assert not_made(["desk_find_ticket"], ["find_ticket"]) == ()
    assert not_made(["find_ticket", "weather"], ["find_tickets"]) == ("find_ticket", "weather")
