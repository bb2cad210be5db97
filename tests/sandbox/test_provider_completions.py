from __future__ import annotations

import json
from typing import Any

from owui_sync.sandbox.provider.answers import ProviderAnswer, ProviderCall
from owui_sync.sandbox.provider.completions import DONE, chunks, completion

BODY: dict[str, Any] = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "two words"}]}
CALL = ProviderAnswer(calls=(ProviderCall("weather", '{"city": "Bern"}'),))


def test_a_document_has_the_text_the_reason_and_the_usage() -> None:
    document = completion(BODY, ProviderAnswer("one two three"))
    choice = document["choices"][0]
    assert choice["message"] == {"role": "assistant", "content": "one two three"}
    assert choice["finish_reason"] == "stop"
    assert document["usage"] == {"prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 5}


def test_a_stream_says_the_same_word_by_word() -> None:
    text = "one  two\nthree "
    events = chunks(BODY, ProviderAnswer(text))
    assert events[-1] == DONE
    choices = [json.loads(event)["choices"][0] for event in events[:-1]]
    assert "".join(choice["delta"].get("content", "") for choice in choices) == text
    assert [choice["finish_reason"] for choice in choices if choice["finish_reason"]] == ["stop"]
    assert len(choices) == 5


def test_a_stream_tells_the_usage_when_asked() -> None:
    events = chunks({**BODY, "stream_options": {"include_usage": True}}, ProviderAnswer("one"))
    assert json.loads(events[-2]) == {
        **json.loads(events[-2]),
        "choices": [],
        "usage": {"prompt_tokens": 2, "completion_tokens": 1, "total_tokens": 3},
    }


def test_an_answer_ends_where_the_limit_of_tokens_is() -> None:
    for limit in ("max_tokens", "max_completion_tokens"):
        choice = completion({**BODY, limit: 2}, ProviderAnswer("one two three"))["choices"][0]
        assert choice["message"]["content"] == "one two"
        assert choice["finish_reason"] == "length"


def test_tool_calls_come_in_both_shapes() -> None:
    choice = completion(BODY, CALL)["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["tool_calls"][0]["function"] == {"name": "weather", "arguments": '{"city": "Bern"}'}
    deltas = [json.loads(event)["choices"][0]["delta"] for event in chunks(BODY, CALL)[:-1]]
    streamed = [call for delta in deltas for call in delta.get("tool_calls", [])]
    assert streamed == [{"index": 0, **choice["message"]["tool_calls"][0]}]
