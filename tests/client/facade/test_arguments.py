"""Arguments that make no sense are refused before anything is sent, also where errors are values otherwise."""

from __future__ import annotations

import asyncio
import math
from enum import Enum, IntEnum
from pathlib import Path, PurePosixPath
from typing import Any

import httpx
import pytest

from owui_sync import AsyncOpenWebUIClient, OpenWebUIClient
from owui_sync.client.errors import WrongType, WrongValue
from owui_sync.client.facade.arguments import accepted

PROMPT = {"old_command": "x", "new_command": "y", "title": "x", "content": "x"}
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
        ("substitute_variables", {"content": "x", "variables": {1: "x"}}),
        ("chat", {"question": b"x", "chat_title": "x"}),
        ("chat", {"question": "x", "chat_title": Path("x")}),
        ("chat", {"question": "x", "chat_title": "x", "enable_follow_up": 7}),
        ("deep_research", {"topic": "x", "num_steps": True}),
        ("deep_research", {"topic": "x", "num_steps": 2.0}),
        ("get_users", {"limit": None}),
        ("create_note", {"title": "x", "data": {"content": {"md": 5}}}),
        ("create_note", {"title": "x", "meta": {"made": {"by": {1, 2}}}}),
        ("create_note", {"title": "x", "access_control": {"read": "everyone"}}),
        ("create_note", {"title": "x", "access_control": {"read": {"group_ids": "g"}}}),
        ("update_prompt_by_command", {"command": "x", "access_control": {"write": {"user_ids": [None]}}}),
        ("create_model", {"model_id": "x", "name": "x", "params": {"stop": object()}}),
        ("create_model", {"model_id": "x", "name": "x", "capabilities": {"vision": "yes"}}),
        ("create_knowledge_bases_with_files", {"kb_configs": [{"name": 5}]}),
        ("create_knowledge_bases_with_files", {"kb_configs": {"x": 5}}),
        ("create_knowledge_bases_with_files", {"kb_configs": {"x": "x.txt"}}),
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
        ("chat", {"question": " ", "chat_title": "x"}),
        ("chat", {"question": "x", "chat_title": "x", "model_id": " "}),
        ("chat", {"question": "x", "chat_title": "x", "folder_name": " "}),
        ("parallel_chat", {"question": "", "chat_title": "x", "model_ids": ["m"]}),
        ("stream_chat", {"question": "", "chat_title": "x"}),
        ("continuous_chat", {**ROUND, "initial_question": ""}),
        ("process_task", {"question": " ", "model_id": "m", "tool_server_ids": None}),
        ("update_model", {"model_id": "x", "base_model_id": " "}),
        ("switch_chat_model", {"chat_id": "x", "model_ids": " "}),
        ("batch_update_model_permissions", {"models": [{"name": "x"}]}),
        ("create_model", {"model_id": "x", "name": "x", "tags": [{}]}),
        ("create_model", {"model_id": "x", "name": "x", "suggestion_prompts": [{"content": ""}]}),
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
        ("create_model", {"model_id": "", "name": "x"}, None),
        ("create_model", {"model_id": "x", "name": None}, None),
        ("create_model", {"model_id": "x", "name": "x", "permission_type": ""}, None),
        ("create_model", {"model_id": "x", "name": "x", "permission_type": "everyone"}, None),
        ("update_user_role", {"user_id": "x", "role": None}, False),
        ("update_user_role", {"user_id": "x", "role": "root"}, False),
        ("set_chat_tags", {"chat_id": "x", "tags": []}, True),
        ("set_chat_tags", {"chat_id": "x", "tags": None}, True),
    ],
)
def test_what_programs_expect_to_fail_quietly_does(method: str, arguments: dict[str, Any], value: object) -> None:
    assert called(method, **arguments) == value


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("deep_research", {"topic": "x", "num_steps": 0}),
        ("deep_research", {"topic": "x", "concurrency": 0}),
        ("deep_research", {"topic": "x", "gap_rounds": -1}),
        ("deep_research", {"topic": "x", "budget": {"requests": 1}}),
        ("deep_research", {"topic": "x", "budget": {"tokens": 0}}),
        ("process_task", {"question": "x", "model_id": "m", "tool_server_ids": None, "max_iterations": 0}),
        ("stream_process_task", {"question": "x", "model_id": "m", "tool_server_ids": None, "max_iterations": 0}),
        ("list_chats", {"page": 0}),
        ("get_users", {"skip": -1}),
        ("get_users", {"limit": 10**30}),
        ("archive_chats_by_age", {"days_since_update": -1}),
        ("archive_chats_by_age", {"days_since_update": math.nan}),
        ("create_knowledge_bases_with_files", {"kb_configs": [], "max_workers": 0}),
        ("list_models", {"timeout": 0}),
        ("list_models", {"timeout": math.nan}),
        ("list_models", {"timeout": httpx.Timeout(5, connect=0)}),
        ("create_note", {"title": "x", "meta": {"size": math.inf}}),
        ("create_note", {"title": "x", "access_control": ""}),
        ("update_note_by_id", {"note_id": "x", "access_control": "everyone"}),
        ("replace_prompt_by_command", {**PROMPT, "access_control": {"read": {"groups": ["g"]}}}),
        ("archive_chat", {"chat_id": ".."}),
        ("delete_user", {"user_id": "x" * 2_000_000}),
        ("get_model", {"model_id": "x" * 2_000_000}),
        ("parallel_chat", {"question": "x", "chat_title": "x", "model_ids": ["x" * 2_000]}),
        ("rename_chat", {"chat_id": "x\udc80", "new_title": "x"}),
        ("rename_chat", {"chat_id": "x", "new_title": "x\udc80"}),
        ("set_chat_tags", {"chat_id": "x", "tags": ["\udc80"]}),
        ("create_note", {"title": "x", "data": {"content": {"md": "\udc80"}}}),
        ("upload_file", {"file_path": "x\0y"}),
    ],
)
def test_values_that_mean_nothing_are_raised_and_the_message_names_the_parameter(
    method: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(WrongValue) as caught:
        called(method, **arguments)
    assert any(name in str(caught.value) for name in arguments)
    assert "\udc80" not in str(caught.value).replace(r"\udc80", "")
    assert len(str(caught.value)) < 300


def test_what_has_itself_in_it_is_refused() -> None:
    ring: dict[str, Any] = {}
    ring["ring"] = ring
    with pytest.raises(WrongValue, match="meta has itself in it"):
        called("create_note", title="x", meta=ring)


def test_unknown_and_missing_arguments_are_named_with_those_that_there_are() -> None:
    with pytest.raises(WrongType, match=r"chat\(\) got an unexpected keyword argument 'tagz'\n +did you mean tags\?"):
        called("chat", "x", "x", tagz=["work"])
    with pytest.raises(
        WrongType, match=r"chat\(\) missing a required argument: 'chat_title'\n +it takes question, chat"
    ):
        called("chat", "x")


def test_a_coroutine_that_was_not_awaited_is_told() -> None:
    async def title() -> str:
        return "x"

    waiting = title()
    with pytest.raises(
        WrongType, match=r"chat_title has to be a text, not a value of type coroutine\n +await it first"
    ):
        called("chat", "x", waiting)
    waiting.close()


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
    with OpenWebUIClient("http://127.0.0.1:9", "sk-1") as client:
        assert [*client.stream_chat("x", "x"), *client.continuous_stream_chat("x", 2, "x")] == []
        assert caplog.text.count("no model is named") == 2
        client.raise_on_error = True
        with pytest.raises(WrongValue, match="no model is named"):
            next(client.stream_chat("x", "x"))


def test_collections_of_any_sort_are_lists() -> None:
    Letter = Enum("Letter", {"A": "a", "B": "b"}, type=str)

    for given in (Letter, ("a", "b"), iter(["a", "b"]), {"a": 1, "b": 2}.keys()):
        assert accepted(AsyncOpenWebUIClient.set_chat_tags, ("x", given), {})["tags"] == ["a", "b"]


def test_what_is_as_good_as_a_plain_value_becomes_one() -> None:
    Name = Enum("Name", {"TITLE": "title"}, type=str)  # Unlike a `StrEnum`, it is not its value in an f-string.

    class Number(IntEnum):
        TWO = 2

    class Text(str):
        pass

    taken = accepted(
        AsyncOpenWebUIClient.create_note, (Name.TITLE,), {"meta": {"a": (Number.TWO, Text("b")), "c": {1: 2}}}
    )
    assert taken == {"title": "title", "meta": {"a": [2, "b"], "c": {"1": 2}}}
    assert [type(one) for one in (taken["title"], *taken["meta"]["a"])] == [str, int, str]
    assert accepted(AsyncOpenWebUIClient.upload_file, (PurePosixPath("x"),), {}) == {"file_path": Path("x")}
    assert accepted(AsyncOpenWebUIClient.get_users, (Number.TWO,), {"limit": 5}) == {"skip": 2, "limit": 5}
    assert accepted(AsyncOpenWebUIClient.chat, ("", "x"), {"rag_files": ["x"], "model_id": ""})["model_id"] is None
