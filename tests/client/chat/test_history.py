from __future__ import annotations

from typing import Any

import pytest

from owui_sync.client.chat import history


def row(current: str | None, **messages: dict[str, Any]) -> Any:
    found = {id: {"id": id, "parentId": None, **message} for id, message in messages.items()}
    return {"chat": {"history": {"messages": found, "currentId": current}}}


USER = {"role": "user", "content": "Hello"}


def answer(parent: str, text: str = "Hi", **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text, "parentId": parent, **more}


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": "Hi"}, "Hi"),
        ({"content": ""}, ""),
        ({"content": [{"type": "text", "text": "a"}, {"type": "image_url"}]}, "a"),
        ({"content": "", "output": [{"type": "message", "content": [{"type": "output_text", "text": "Hi"}]}]}, "Hi"),
        ({"output": [{"type": "function_call", "content": [{"type": "output_text", "text": "no"}]}]}, ""),
    ],
)
def test_the_text_of_a_message_is_found_where_the_version_keeps_it(message: dict[str, Any], text: str) -> None:
    assert history.text_of(message) == text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (None, None),
        ({"content": "no"}, "no"),
        ("no", "no"),
        ({"content": {"message": "no", "code": 1}}, "no"),
        ({"content": '{"error": {"message": "no"}}'}, "no"),
        ({"message": "no"}, "no"),
        ({"content": {"odd": 1}}, '{"odd": 1}'),
    ],
)
def test_an_error_is_told_in_words(error: Any, words: str | None) -> None:
    assert history.reason_of({"error": error}) == words


def test_the_next_question_follows_the_last_answer_that_did_not_fail() -> None:
    good = row("c", a=USER, b=answer("a"), c={**USER, "parentId": "b"})
    assert history.last_answer(good) == "b"
    failed = row("d", a=USER, b=answer("a"), c={**USER, "parentId": "b"}, d=answer("c", "part", error={"content": "x"}))
    assert history.last_answer(failed) == "b"
    assert history.last_answer(row("b", a=USER, b=answer("a", error={"content": "x"}))) is None
    assert history.last_answer(row(None)) is None


def test_a_circle_in_the_tree_ends() -> None:
    messages = {"a": {"id": "a", "parentId": "b"}, "b": {"id": "b", "parentId": "a"}}
    assert [message["id"] for message in history.path_to(messages, "a")] == ["b", "a"]


def test_a_model_gets_texts_and_the_images_of_the_user_and_nothing_that_is_empty() -> None:
    image = {"type": "image", "url": "data:image/png;base64,x"}
    path = [{**USER, "files": [image, {"type": "file", "id": "f"}]}, answer("a", ""), answer("a", "Hi")]
    assert history.conversation(path) == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Hello"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,x"}},
            ],
        },
        {"role": "assistant", "content": "Hi"},
    ]
