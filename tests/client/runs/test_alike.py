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
        "**What is green tea?**",
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


@pytest.mark.parametrize(
    "other",
    [
        "http://a.test/Tea/%28x%29?b=2&a=1",
        "https://www.A.test:443/Tea/(x)/?a=1&b=2&utm_source=y&_ga=3&fbclid=4",
        "https://a.test./Tea/(x)?a=1&b=2#top",
        "HTTPS://A.TEST/Tea/(x)?a=1&b=2#:~:text=tea",
    ],
)
def test_addresses_of_one_document_are_one(other: str) -> None:
    assert address_key(other) == address_key("https://a.test/Tea/(x)?a=1&b=2")


def test_a_host_may_be_written_in_its_own_letters() -> None:
    assert address_key("https://tée.test/x") == address_key("https://xn--te-bja.test/x")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://video.test/watch?v=dQw4", "https://video.test/watch?v=dqw4"),
        ("https://wiki.test/US", "https://wiki.test/Us"),
        ("https://a.test/a%2Fb", "https://a.test/a/b"),
        ("https://a.test/x?id=1&id=2", "https://a.test/x?id=2&id=1"),
        ("https://a.test/x?ref=main", "https://a.test/x"),
        ("https://a.test/#/x", "https://a.test/#/y"),
        ("https://a.test/x", "https://b.a.test/x"),
    ],
)
def test_addresses_that_differ_in_what_counts_stay_apart(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


def test_what_is_no_address_is_its_own_key() -> None:
    assert address_key("https://[::1/Tea") == "https://[::1/tea"
    assert (
        address_key("https://a.test:8443/x") != address_key("https://a.test/x") == address_key("https://a.test:443/x")
    )
