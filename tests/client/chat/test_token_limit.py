from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from owui_sync.client.chat.cache import cache_for
from owui_sync.client.chat.token_limit import is_limit, reached
from owui_sync.client.writer import Writer
from tests.support.fake import Fake, ok, says


def is_cut(
    text: str, tokens: int, params: Mapping[str, Any] = {}, own: httpx.Response | None = None, **more: Any
) -> tuple[bool, int]:
    """Whether it was cut off, and how many requests it took to tell."""
    fake = Fake(own or says(404, "no such model"))
    message = {"content": text, "usage": {"output_tokens": tokens}, **more}
    writer = Writer(fake.transport())
    if own:
        cache_for(writer).with_settings.add("m")
    return asyncio.run(reached(writer, "m", params, message)), len(fake.seen)


@pytest.mark.parametrize(
    "params",
    [
        {"max_tokens": 5},
        {"max_completion_tokens": "5"},
        {"num_predict": 5},
        {"max_tokens": 9, "custom_params": {"max_tokens": "5"}},
    ],
    ids=str,
)
def test_an_answer_as_long_as_the_request_allows_was_cut_off(params: dict[str, Any]) -> None:
    assert is_cut("It ends here.", 5, params) == (True, 0)
    assert is_cut("It ends", 4, params) == (False, 0)


def test_the_limit_of_the_model_is_read_where_a_sentence_does_not_end() -> None:
    own = ok({"id": "m", "params": {"max_tokens": 50}})
    assert is_cut("This sentence stops in the", 50, own=own) == (True, 1)
    assert is_cut("This one is", 49, own=own) == (False, 1)
    assert is_cut("This one ends.", 50, own=own) == (False, 0)


def test_no_request_is_spent_on_a_short_answer() -> None:
    assert is_cut("Paris", 5, own=ok({"id": "m", "params": {"max_tokens": 5}})) == (False, 0)


def test_a_model_whose_parameters_the_user_may_not_see_has_no_known_limit() -> None:
    assert is_cut("This sentence stops in the", 50, own=says(401, "no")) == (False, 1)
    assert is_cut("This sentence stops in the", 4096, own=says(401, "no")) == (True, 1)


@pytest.mark.parametrize(("tokens", "expected"), [(4096, True), (8192, True), (4095, False), (500, False), (0, False)])
def test_without_a_known_limit_only_a_usual_one_counts(tokens: int, expected: bool) -> None:
    assert is_cut("This sentence stops in the", tokens)[0] is expected


@pytest.mark.parametrize("end", [".", "!", "?", "…", "。", ")", "`", "|", "**", ":", '"'])
def test_what_ends_with_a_mark_was_not_cut_off(end: str) -> None:
    assert is_cut(f"All is said{end}\n", 4096) == (False, 0)


def test_calls_of_tools_before_an_answer_do_not_count_for_it() -> None:
    called = [{"type": "function_call"}, {"type": "message"}]
    assert is_cut("Short", 50, {"max_tokens": 40}, output=called) == (False, 0)
    usage = {"output_tokens": 50, "completion_tokens": 40}
    assert is_cut("Long", 50, {"max_tokens": 40}, output=called, usage=usage) == (True, 0)


def test_what_a_provider_said_counts_before_anything_else() -> None:
    assert is_cut("All is said.", 0, finish_reason="length") == (True, 0)
    assert [is_limit(each) for each in ("length", "MAX_TOKENS", "stop", "tool_calls", None)] == [
        True,
        True,
        False,
        False,
        False,
    ]
