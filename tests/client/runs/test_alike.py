from __future__ import annotations

import pytest

from owui_sync.client.runs.alike import address_key, question_key


@pytest.mark.parametrize(
    "other",
    [
        "what is green tea",
        "What is Green Tea ?",
        "What's green tea?",
        "What exactly is the “green tea”?",
    ],
)
def test_questions_that_differ_in_spelling_alone_are_one(other: str) -> None:
    assert question_key(other) == question_key("What is green tea?")


def test_one_of_something_and_several_are_one() -> None:
    assert question_key("Which teapots are best?") == question_key("Which teapot are best?")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is C++?", "What is C#?"),
        ("How many died in 2019?", "How many died in 2020?"),
        ("Does tea cause sleep?", "Does sleep cause tea?"),
        ("What is new?", "What is news?"),
        ("What is it?", "What is it not?"),
        ("?", "!"),
    ],
)
def test_questions_that_ask_something_else_stay_apart(one: str, other: str) -> None:
    assert question_key(one) != question_key(other)


def test_what_is_no_address_is_its_own_key() -> None:
    assert address_key("https://[::1/Tea") == "https://[::1/tea"
    assert (
        address_key("https://a.test:8443/x") != address_key("https://a.test/x") == address_key("https://a.test:443/x")
    )
