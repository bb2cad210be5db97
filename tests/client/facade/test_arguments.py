"""Arguments that make no sense are refused before anything is sent, also where errors are values otherwise."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from owui_sync import AsyncOpenWebUIClient, OpenWebUIClient
from owui_sync.client.errors import WrongType, WrongValue

ROUND = {"initial_question": "x", "num_questions": 1, "chat_title": "x"}


def refused(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"{request.method} {request.url} was sent")


def called(method: str, *args: Any, **kwargs: Any) -> Any:
    """What a method of a client gives that must send nothing."""

    async def main() -> Any:
        async with AsyncOpenWebUIClient(
            "https://chat.test", "sk-1", "m", transport=httpx.MockTransport(refused)
        ) as one:
            made = getattr(one, method)(*args, **kwargs)
            return await made if asyncio.iscoroutine(made) else [piece async for piece in made]

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("chat", {"question": "x", "chat_title": "x", "tags": "work"}),
        ("chat", {"question": "x", "chat_title": "x", "image_paths": Path("x.png")}),
        ("chat", {"question": None, "chat_title": "x"}),
        ("chat", {"question": "x", "chat_title": "x", "enable_follow_up": "no"}),
        ("stream_chat", {"question": "x", "chat_title": "x", "rag_files": "x.txt"}),
        ("parallel_chat", {"question": "x", "chat_title": "x", "model_ids": "gpt-4.1"}),
        ("continuous_chat", {"initial_question": "x", "num_questions": "3", "chat_title": "x"}),
        ("deep_research", {"topic": "x", "on_step": "print"}),
        ("deep_research", {"topic": "x", "budget": 1000}),
        ("set_chat_tags", {"chat_id": "x", "tags": "work"}),
        ("set_chat_tags", {"chat_id": "x", "tags": ["a", 1]}),
        ("rename_chat", {"chat_id": None, "new_title": "x"}),
        ("batch_delete_prompts", {"commands": "/x"}),
        ("batch_create_prompts", {"prompts_data": {"command": "x"}}),
        ("create_model", {"model_id": "x", "name": "x", "params": "hot"}),
        ("get_users", {"limit": "all"}),
        ("create_note", {"title": "x", "data": "text"}),
        ("create_note", {"title": "x", "data": {"content": ["text"]}}),
        ("create_knowledge_bases_with_files", {"kb_configs": [{"name": "x", "files": "x.txt"}]}),
        ("create_prompt", {"command": "x", "title": "x", "content": "x", "access_control": 5}),
        ("extract_variables", {"content": None}),
        ("substitute_variables", {"content": "x", "variables": None}),
    ],
)
def test_wrong_types_are_raised(method: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(WrongType) as caught:
        called(method, **arguments)
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("chat", {"question": "x", "chat_title": " "}),
        ("rename_chat", {"chat_id": "x", "new_title": ""}),
        ("rename_chat", {"chat_id": "", "new_title": "x"}),
        ("update_chat_metadata", {"chat_id": "x", "title": ""}),
        ("create_folder", {"name": ""}),
        ("delete_user", {"user_id": ""}),
        ("delete_knowledge_base", {"kb_id": ""}),
        ("set_chat_tags", {"chat_id": "x", "tags": ["a", ""]}),
    ],
)
def test_empty_names_titles_and_ids_are_raised(method: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(WrongValue) as caught:
        called(method, **arguments)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("method", "arguments", "value"),
    [
        ("parallel_chat", {"question": "x", "chat_title": "x", "model_ids": []}, None),
        ("continuous_parallel_chat", {**ROUND, "model_ids": []}, None),
        ("continuous_chat", {**ROUND, "num_questions": 0}, None),
        ("continuous_stream_chat", {**ROUND, "num_questions": 0}, []),
        ("switch_chat_model", {"chat_id": "", "model_ids": "m"}, False),
        ("switch_chat_model", {"chat_id": "x", "model_ids": []}, False),
        ("update_chat_metadata", {"chat_id": "", "title": "x"}, None),
        ("get_model", {"model_id": ""}, None),
        ("update_model", {"model_id": None}, None),
        ("delete_model", {"model_id": ""}, False),
        ("create_note", {"title": ""}, None),
        ("get_note_by_id", {"note_id": ""}, None),
        ("update_note_by_id", {"note_id": ""}, None),
        ("update_note_by_id", {"note_id": "x"}, None),
        ("delete_note_by_id", {"note_id": ""}, False),
        ("delete_knowledge_bases_by_keyword", {"keyword": ""}, (0, 0, [])),
        ("deep_research", {"topic": "x", "num_steps": 0}, None),
        ("deep_research", {"topic": "x", "concurrency": 0}, None),
        ("deep_research", {"topic": "x", "gap_rounds": -1}, None),
        ("deep_research", {"topic": "x", "budget": {"requests": 1}}, None),
        ("deep_research", {"topic": "x", "budget": {"tokens": 0}}, None),
        ("process_task", {"question": " ", "model_id": "m", "tool_server_ids": None}, None),
        ("process_task", {"question": "x", "model_id": "m", "tool_server_ids": None, "max_iterations": 0}, None),
        ("set_chat_tags", {"chat_id": "x", "tags": []}, True),
        ("set_chat_tags", {"chat_id": "x", "tags": None}, True),
    ],
)
def test_what_programs_expect_to_fail_quietly_does(method: str, arguments: dict[str, Any], value: object) -> None:
    assert called(method, **arguments) == value


def test_what_may_be_in_a_list_is_named_in_the_plural() -> None:
    with pytest.raises(WrongType, match="has to be a list of mappings, not a value of type dict"):
        called("batch_create_prompts", {"command": "x"})
    with pytest.raises(WrongType, match="image_paths has to be a list of texts or paths, not the text"):
        called("chat", "x", "x", image_paths="x.png")


def test_the_synchronous_class_refuses_the_same() -> None:
    with OpenWebUIClient("http://127.0.0.1:9", "sk-1", "m") as client:
        with pytest.raises(TypeError, match=r"tags has to be a list of texts, not the text 'work'\n +write \['work'\]"):
            client.chat("x", "x", tags="work")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="rag_files"):
            next(client.stream_chat("x", "x", rag_files="x"))
        with pytest.raises(TypeError, match="unexpected keyword argument"):
            client.chat("x", "x", tagz=["work"])  # type: ignore[call-arg]


def test_an_empty_text_is_not_advised_as_an_item() -> None:
    with pytest.raises(WrongType) as caught:
        called("chat", question="x", chat_title="x", tags="")
    assert caught.value.problems[0].hint is None


def test_a_stream_that_cannot_begin_fails_as_one_that_has_begun(caplog: pytest.LogCaptureFixture) -> None:
    task = {"question": "x", "model_id": "m", "tool_server_ids": "", "max_iterations": 0}
    events = called("stream_process_task", **task)
    assert [event["type"] for event in events] == ["iteration_start", "error"]
    assert "max_iterations is 0" in events[-1]["content"]
    assert "stream_process_task failed: max_iterations is 0" in caplog.text
    with OpenWebUIClient("http://127.0.0.1:9", "sk-1") as client:
        assert [*client.stream_chat("x", "x"), *client.continuous_stream_chat("x", 2, "x")] == []
        assert caplog.text.count("no model is named") == 2
        client.raise_on_error = True
        with pytest.raises(WrongValue, match="no model is named"):
            next(client.stream_chat("x", "x"))


def test_collections_of_any_sort_are_lists() -> None:
    from owui_sync.client.facade.arguments import accepted

    for given in (("a", "b"), iter(["a", "b"]), {"a": 1, "b": 2}.keys()):
        assert accepted(AsyncOpenWebUIClient.set_chat_tags, ("x", given), {})["tags"] == ["a", "b"]
