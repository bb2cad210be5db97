"""The interface of both classes: names, parameters, their order and defaults."""

from __future__ import annotations

import inspect
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from owui_sync import AsyncOpenWebUIClient, OpenWebUIClient
from owui_sync.client.facade.settings import FromEnvironment
from tests.support.typed import mypy_says

METHODS = """
chat(question, chat_title, model_id=None, folder_name=None, image_paths=None, tags=None, rag_files=None,
    rag_collections=None, tool_ids=None, enable_follow_up=False, enable_auto_tagging=False,
    enable_auto_titling=False)
stream_chat(question, chat_title, model_id=None, folder_name=None, image_paths=None, tags=None,
    rag_files=None, rag_collections=None, tool_ids=None, enable_follow_up=False,
    cleanup_placeholder_messages=False, placeholder_pool_size=30, min_available_messages=10,
    wait_before_request=10.0, enable_auto_tagging=False, enable_auto_titling=False)
parallel_chat(question, chat_title, model_ids, folder_name=None, image_paths=None, tags=None, rag_files=None,
    rag_collections=None, tool_ids=None, enable_follow_up=False, enable_auto_tagging=False,
    enable_auto_titling=False)
continuous_chat(initial_question, num_questions, chat_title, model_id=None, folder_name=None,
    image_paths=None, tags=None, rag_files=None, rag_collections=None, tool_ids=None,
    enable_auto_tagging=False, enable_auto_titling=False)
continuous_parallel_chat(initial_question, num_questions, chat_title, model_ids, folder_name=None,
    image_paths=None, tags=None, rag_files=None, rag_collections=None, tool_ids=None,
    enable_auto_tagging=False, enable_auto_titling=False)
continuous_stream_chat(initial_question, num_questions, chat_title, model_id=None, folder_name=None,
    image_paths=None, tags=None, rag_files=None, rag_collections=None, tool_ids=None,
    enable_auto_tagging=False, enable_auto_titling=False)
deep_research(topic, chat_title=None, num_steps=3, general_models=None, search_models=None, *,
    concurrency=4, depth=1, breadth=2, gap_rounds=0, sections=False, web_search=False, rag_collections=None,
    tool_ids=None, budget=None, approve=None, on_step=None)
process_task(question, model_id, tool_server_ids, knowledge_base_name=None, max_iterations=25,
    summarize_history=False, decision_model_id=None, *, web_search=False)
stream_process_task(question, model_id, tool_server_ids, knowledge_base_name=None, max_iterations=25,
    summarize_history=False, decision_model_id=None, *, web_search=False)
rename_chat(chat_id, new_title)
set_chat_tags(chat_id, tags)
update_chat_metadata(chat_id, regenerate_tags=False, regenerate_title=False, title=None, tags=None,
    folder_name=None)
switch_chat_model(chat_id, model_ids)
list_chats(page=None)
get_chats_by_folder(folder_id)
archive_chat(chat_id)
archive_chats_by_age(days_since_update=30, folder_name=None, dry_run=False)
delete_all_chats()
create_folder(name)
get_folder_id_by_name(name, suppress_log=False)
move_chat_to_folder(chat_id, folder_id)
list_models()
list_base_models()
list_custom_models()
list_groups()
get_model(model_id)
create_model(model_id, name, base_model_id=None, description=None, params=None, permission_type='public',
    group_identifiers=None, user_ids=None, profile_image_url='/static/favicon.png', suggestion_prompts=None,
    tags=None, capabilities=None, is_active=True, *, access_control=None)
update_model(model_id, name=None, base_model_id=None, description=None, params=None, permission_type=None,
    group_identifiers=None, user_ids=None, profile_image_url=None, suggestion_prompts=None, tags=None,
    capabilities=None, is_active=None, *, access_control=None)
delete_model(model_id)
batch_update_model_permissions(models=None, permission_type='public', group_identifiers=None, user_ids=None,
    max_workers=5, model_identifiers=None, model_keyword=None)
get_knowledge_base_by_name(name)
create_knowledge_base(name, description='')
add_file_to_knowledge_base(file_path, knowledge_base_name)
delete_knowledge_base(kb_id)
delete_all_knowledge_bases()
delete_knowledge_bases_by_keyword(keyword, case_sensitive=False)
create_knowledge_bases_with_files(kb_configs, max_workers=3)
get_notes()
get_notes_list()
create_note(title, data=None, meta=None, access_control=None)
get_note_by_id(note_id)
update_note_by_id(note_id, title=None, data=None, meta=None, access_control=None)
delete_note_by_id(note_id)
get_prompts()
get_prompts_list()
create_prompt(command, title, content, access_control=None)
get_prompt_by_command(command)
update_prompt_by_command(command, title=None, content=None, access_control=None)
replace_prompt_by_command(old_command, new_command, title, content, access_control=None)
delete_prompt_by_command(command)
search_prompts(query=None, by_command=False, by_title=True, by_content=False)
extract_variables(content)
substitute_variables(content, variables, system_variables=None)
get_system_variables()
batch_create_prompts(prompts_data, continue_on_error=True)
batch_delete_prompts(commands, continue_on_error=True)
upload_file(file_path)
get_users(skip=0, limit=50)
get_user_by_id(user_id)
update_user_role(user_id, role)
delete_user(user_id)
"""
"""As programs call them."""

WITHOUT_SERVER = {"extract_variables", "substitute_variables", "get_system_variables"}
"""All others take `timeout` besides."""

INTERFACE = dict(re.findall(r"^(\w+)(\(.*\))$", re.sub(r"\n\s+", " ", METHODS), re.MULTILINE))


def expected(parameters: str) -> list[tuple[str, object, object]]:
    """Name, default and kind of each parameter that is written so."""
    scope: dict[str, object] = {}
    exec(f"def method{parameters}: ...", scope)
    method = scope["method"]
    assert inspect.isfunction(method)
    return [(each.name, each.default, each.kind) for each in inspect.signature(method).parameters.values()]


@pytest.mark.parametrize("sort", [OpenWebUIClient, AsyncOpenWebUIClient])
@pytest.mark.parametrize("name", INTERFACE)
def test_a_method_has_these_parameters(sort: type, name: str) -> None:
    _, *found = inspect.signature(getattr(sort, name)).parameters.values()
    if name not in WITHOUT_SERVER:
        timeout = found.pop()
        assert (timeout.name, timeout.kind, timeout.default) == ("timeout", inspect.Parameter.KEYWORD_ONLY, None)
    assert [(each.name, each.default, each.kind) for each in found] == expected(INTERFACE[name])
    assert all(each.annotation is not inspect.Parameter.empty for each in found)
    assert inspect.getdoc(getattr(sort, name))


def test_no_method_is_missing_from_the_list() -> None:
    for sort in (OpenWebUIClient, AsyncOpenWebUIClient):
        methods = {name for name, _ in inspect.getmembers(sort, inspect.isfunction) if not name.startswith("_")}
        assert methods - {"close"} == INTERFACE.keys()


def test_constructors_take_what_programs_give_them() -> None:
    for sort, documented in (
        (OpenWebUIClient, {"skip_model_refresh": False}),
        (AsyncOpenWebUIClient, {"timeout": 60.0}),
    ):
        parameters = inspect.signature(sort).parameters.values()
        positional = [(p.name, p.default) for p in parameters if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
        in_the_environment = [("base_url", FromEnvironment.OWUI_URL), ("token", FromEnvironment.OWUI_TOKEN)]
        assert positional == [*in_the_environment, ("default_model_id", None), *documented.items()]


MADE_UP = {
    "file_path": __file__,
    "kb_configs": [{"name": "x"}],
    "prompts_data": [{"command": "x", "title": "x", "content": "x"}],
    "commands": ["x"],
    "tags": ["x"],
    "models": ["x"],
    "model_ids": ["x"],
    "num_questions": 1,
    "role": "user",
}
"""What a method is called with where a text will not do."""

ASKED_FOR: dict[str, object] = {
    "batch_update_model_permissions": ["x"],
    "update_chat_metadata": True,
    "update_note_by_id": "x",
}
"""What methods need to have anything to do, after what they have to be given."""

NOTHING_DONE: dict[str, object] = {
    "archive_chats_by_age": {"total_checked": 0, "total_archived": 0, "total_failed": 0},
    "batch_create_prompts": {"success": [], "total": 1},
    "batch_delete_prompts": {"success": [], "total": 1},
    "batch_update_model_permissions": {"success": [], "skipped": []},
    "create_knowledge_bases_with_files": {"success": []},
    "delete_all_knowledge_bases": (0, 0),
    "delete_knowledge_bases_by_keyword": (0, 0, []),
    "search_prompts": [],
}
"""What methods give that fail altogether, beside None and False."""


@pytest.mark.parametrize("name", sorted(INTERFACE.keys() - WITHOUT_SERVER))
def test_without_a_server_a_method_fails_as_documented(name: str, caplog: pytest.LogCaptureFixture) -> None:
    needed = [parameter for parameter, default, _ in expected(INTERFACE[name]) if default is inspect.Parameter.empty]
    arguments = [MADE_UP.get(parameter, "x") for parameter in needed]
    if name in ASKED_FOR:
        arguments.append(ASKED_FOR[name])
    with OpenWebUIClient("http://127.0.0.1:9", "sk-1", "gpt-4.1") as client:
        given = getattr(client, name)(*arguments)
        given = drained(given) if inspect.isgenerator(given) else given
    if isinstance(given, dict):
        assert given.items() >= NOTHING_DONE[name].items()  # type: ignore[attr-defined]
        assert "cannot connect" in str(given) + caplog.text
    else:
        result = inspect.signature(getattr(client, name)).return_annotation
        assert given == NOTHING_DONE.get(name, False if result == "bool" else None)
        assert f"{name} failed: " in caplog.text
        assert "cannot connect to http://127.0.0.1:9" in caplog.text


def drained(pieces: Generator[Any, Any, Any]) -> Any:
    """What a generator returns."""
    while True:
        try:
            next(pieces)
        except StopIteration as stop:
            return stop.value


PROGRAM = """
import asyncio
from typing import Any, assert_type

from owui_sync import AsyncOpenWebUIClient, OpenWebUIClient

with OpenWebUIClient("https://chat.example.com", "sk-1", "gpt-4.1", raise_on_error=True) as client:
    assert_type(client, OpenWebUIClient)
    assert_type(client.list_models(timeout=5), list[dict[str, Any]] | None)
    assert_type(client.create_folder("Work"), str | None)
    assert_type(client.rename_chat("id", new_title="x"), bool)
    assert_type(client.delete_all_knowledge_bases(), tuple[int, int])
    assert_type(client.extract_variables("{{x}}"), list[str])
    for text in client.stream_chat("Hello", "Greetings"):
        assert_type(text, str)
    client.create_note("x", access_control={"read": {"user_ids": []}})


async def main() -> None:
    async with AsyncOpenWebUIClient("https://chat.example.com", "sk-1", "gpt-4.1", 30, verify=False) as client:
        assert_type(await client.get_users(limit=3, timeout=None), list[dict[str, Any]] | None)
        stream = client.stream_chat("Hello", "Greetings", timeout=0.5)
        async for text in stream:
            assert_type(text, str)


asyncio.run(main())
"""


def test_a_program_is_type_checked(tmp_path: Path) -> None:
    assert mypy_says(tmp_path, PROGRAM).startswith("Success")
    wrong = PROGRAM.replace('new_title="x"', "new_title=1").replace("limit=3", 'limits="3"')
    wrong = wrong.replace("timeout=0.5", 'timeout="0.5"')
    assert mypy_says(tmp_path, wrong).count(" error: ") == 3


OLDER_PROGRAM = """
from typing import Any, AsyncGenerator, Dict, Generator, List, Mapping, Optional, Tuple

from owui_sync import AsyncOpenWebUIClient, ChatResult, OpenWebUIClient

client = OpenWebUIClient("https://chat.example.com", "sk-1", "gpt-4.1")
files: List[str] = ["a.txt"]


def ask(question: str) -> Optional[ChatResult]:
    return client.chat(question, "Greetings", image_paths=files, rag_files=files, tags=["x"])


def show(result: Mapping[str, Any]) -> None:
    for key, value in result.items():
        print(key, value)


all_of_them: List[Dict[str, Any]] = []
if made := ask("Hello"):
    show(made)
    all_of_them.append({**made, "mine": 1})
    print(made["response"].upper(), made.get("follow_ups", []))
    if made.get("follow_ups"):
        print([proposed.upper() for proposed in made["follow_ups"]])
stream: Generator[str, None, Optional[Mapping[str, Any]]] = client.stream_chat("Hello", "Greetings")
rounds: Generator[Dict[str, Any], None, Optional[Mapping[str, Any]]] = client.continuous_stream_chat("Hello", 2, "x")
old: Mapping[str, Any] = client.archive_chats_by_age(30)
shared: Mapping[str, Any] = client.batch_update_model_permissions(models=all_of_them)
bases: Mapping[str, Any] = client.create_knowledge_bases_with_files(all_of_them)
gone: Tuple[int, int, List[str]] = client.delete_knowledge_bases_by_keyword("x")
model: str = client.default_model_id
client.available_model_ids = [model, client.model_id]


def pieces(client: AsyncOpenWebUIClient) -> AsyncGenerator[str, None]:
    return client.stream_chat("Hello", "Greetings")
"""
"""With types as programs have them that were written for openwebui-chat-client."""


def test_a_program_with_types_of_its_own_is_type_checked(tmp_path: Path) -> None:
    assert mypy_says(tmp_path, OLDER_PROGRAM).startswith("Success")
    wrong = OLDER_PROGRAM.replace('made["response"].upper()', 'made["respons"].upper()')
    assert mypy_says(tmp_path, wrong).count(" error: ") == 1
