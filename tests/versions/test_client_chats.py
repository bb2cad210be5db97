"""Stored chats through both classes of the client library, on every version, checked through the server's own API."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from owui_sync import AsyncOpenWebUIClient, OpenWebUIClient
from owui_sync.client.chat.errors import AnswerCut, AnswerFailed
from owui_sync.client.errors import Missing
from owui_sync.client.uploads import FileRefused
from owui_sync.errors import OwuiSyncError
from owui_sync.sandbox import Sandbox
from tests.support.clients import fails
from tests.support.server import Server
from tests.support.stored import Chat, asked, chat_of, chats_titled, make_knowledge, make_tool
from tests.versions.test_client_folders import chat

TEA = "Green tea is brewed at eighty degrees. The cellar holds wine from Burgundy."
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0000000030001"
    "010018dd8db00000000049454e44ae426082"
)


@pytest.fixture
def tea(tmp_path: Path, unique: str) -> str:
    path = tmp_path / f"{unique}.txt"
    path.write_text(TEA)
    return str(path)


def test_a_turn_is_stored_as_if_it_had_been_typed(client: OpenWebUIClient, server: Server, unique: str) -> None:
    made = client.chat(f"Hello {unique}", unique)
    assert made is not None
    assert made["response"] == f"stub-small, turn 1: you said “Hello {unique}”."
    chat = chat_of(server, made["chat_id"])
    assert (chat.title, chat.models) == (unique, ["stub-small"])
    [question, answer] = chat.shown
    assert (question["role"], question["content"], question["models"]) == ("user", f"Hello {unique}", ["stub-small"])
    assert (answer["id"], answer["parentId"]) == (made["message_id"], question["id"])
    assert (answer["role"], answer["model"], answer["done"]) == ("assistant", "stub-small", True)
    assert (chat.text(answer), "error" in answer) == (made["response"], False)
    assert answer["usage"]["total_tokens"] > 0
    assert len(chat.messages) == 2


def test_a_chat_is_continued_by_its_title_with_all_that_was_said(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, unique: str
) -> None:
    first = client.chat("One", unique)
    second = client.chat("Two", unique)
    third = client.chat("Three", unique)
    assert first is not None
    assert second is not None
    assert third is not None
    assert first["chat_id"] == second["chat_id"] == third["chat_id"]
    assert third["response"] == "stub-small, turn 3: you said “Three”."
    said = [message["content"] for message in asked(provider, "Three")[-1]["messages"]]
    assert said == ["One", first["response"], "Two", second["response"], "Three"]
    assert [message["content"] for message in chat_of(server, first["chat_id"]).shown[::2]] == ["One", "Two", "Three"]


def test_a_chat_is_continued_wherever_it_is_in_the_list(client: OpenWebUIClient, server: Server, unique: str) -> None:
    """A title that was looked for before is found on the first page of chats, or else among all of them."""
    first = client.chat("Hello", unique)
    second = client.chat("Again", unique)
    for number in range(61):
        chat(server, f"{unique} {number}")
    third = client.chat("And again", unique)
    made = [one["chat_id"] for one in (first, second, third) if one]
    assert made == [made[0]] * 3
    assert client.rename_chat(made[0], f"{unique} old")
    other = client.chat("Hello", unique)
    assert other is not None
    assert other["chat_id"] != made[0]


def test_the_newest_chat_of_the_title_is_continued(client: OpenWebUIClient, server: Server, unique: str) -> None:
    body = {"chat": {"title": unique, "history": {"messages": {}, "currentId": None}}}
    newer, _ = (server.post("/api/v1/chats/new", body) for _ in range(2))
    time.sleep(1.1)  # Times are in whole seconds.
    server.post(f"/api/v1/chats/{newer['id']}", body)
    made = client.chat("Hello", unique)
    assert made is not None
    assert made["chat_id"] == newer["id"]


def test_a_folder_is_made_once_and_found_afterwards(client: OpenWebUIClient, server: Server, unique: str) -> None:
    made = [client.chat("Hello", f"{unique} {number}", folder_name=unique) for number in range(2)]
    [folder] = [row for row in server.get("/api/v1/folders/") if row["name"] == unique]
    assert {chat_of(server, one["chat_id"]).folder_id for one in made if one} == {folder["id"]}
    moved = client.chat("Hello", f"{unique} 0", folder_name=f"{unique} other")
    assert moved is not None
    assert chat_of(server, moved["chat_id"]).folder_id not in (None, folder["id"])


def test_title_tags_and_follow_ups_are_found_stored_and_returned(
    client: OpenWebUIClient, server: Server, unique: str
) -> None:
    made = client.chat(
        f"Brew {unique}",
        unique,
        tags=["My Tag", "second"],
        enable_follow_up=True,
        enable_auto_tagging=True,
        enable_auto_titling=True,
    )
    assert made is not None
    assert made["suggested_title"] == f"Brew {unique}"
    assert made["suggested_tags"] == ["General", unique.capitalize(), "Brew"]
    assert made["follow_ups"]
    assert made["follow_ups"][0] == f"Tell me more about: Brew {unique}"
    chat = chat_of(server, made["chat_id"])
    assert chat.title == f"Brew {unique}"
    assert chat.tags == {"my_tag", "second", "general", unique, "brew"}
    assert chat.shown[-1]["followUps"] == made["follow_ups"]


def test_a_model_that_finds_no_title_leaves_the_answer_alone(
    client: OpenWebUIClient, provider: httpx.Client, server: Server, unique: str
) -> None:
    provider.post("/_script", json={"do": "answer", "value": "no JSON", "match": "### Task:", "times": 9})
    made = client.chat("Hello", unique, enable_follow_up=True, enable_auto_tagging=True, enable_auto_titling=True)
    assert made is not None
    assert made["response"]
    assert not {"suggested_title", "suggested_tags"} & made.keys()
    assert made["follow_ups"] is None
    assert chat_of(server, made["chat_id"]).title == unique


def test_a_file_is_answered_from_and_cited(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, unique: str, tea: str
) -> None:
    question = "At how many degrees is green tea brewed?"
    made = client.chat(question, unique, rag_files=[tea])
    assert made is not None
    assert made["response"] == "Green tea is brewed at eighty degrees. [1]"
    assert made["sources"][0]["document"] == [TEA]
    chat = chat_of(server, made["chat_id"])
    assert chat.shown[1]["sources"] == made["sources"]
    assert [file["name"] for file in chat.shown[0]["files"]] == [f"{unique}.txt"]
    assert [file["name"] for file in chat.files] == [f"{unique}.txt"]
    again = client.chat("What does the cellar hold?", unique)
    assert again is not None
    assert again["response"] == "The cellar holds wine from Burgundy. [1]"


def test_a_collection_is_answered_from(client: OpenWebUIClient, server: Server, unique: str, tea: str) -> None:
    make_knowledge(server, unique, Path(tea))
    made = client.chat("At how many degrees is green tea brewed?", unique, rag_collections=[unique])
    assert made is not None
    assert made["response"] == "Green tea is brewed at eighty degrees. [1]"
    assert chat_of(server, made["chat_id"]).shown[1]["sources"] == made["sources"]


def test_images_are_shown_to_the_model(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, unique: str, tmp_path: Path
) -> None:
    image = tmp_path / "pixel.png"
    image.write_bytes(PIXEL)
    made = client.chat(f"What is this {unique}?", unique, image_paths=[str(image)])
    assert made is not None
    [body] = asked(provider, unique)
    kinds = [part["type"] for part in body["messages"][-1]["content"]]
    assert kinds == ["text", "image_url"]
    assert body["messages"][-1]["content"][1]["image_url"]["url"].startswith("data:image/png;base64,iVBOR")
    [file] = chat_of(server, made["chat_id"]).shown[0]["files"]
    assert file["type"] == "image"


def test_a_tool_is_run_by_the_server(client: OpenWebUIClient, server: Server, unique: str) -> None:
    make_tool(server, unique)
    made = client.chat('call tool weather {"city": "Bern"}', unique, tool_ids=[unique])
    assert made is not None
    assert "sunny in Bern" in made["response"]
    assert chat_of(server, made["chat_id"]).shown[-1]["done"] is True


def test_no_tools_of_the_server_s_own_are_handed_to_a_model(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, unique: str
) -> None:
    make_tool(server, unique)
    client.chat(f"plain {unique}", unique)
    client.chat(f"tool {unique}", unique, tool_ids=[unique])
    offered = {tool["function"]["name"] for body in asked(provider, unique) for tool in body.get("tools") or ()}
    assert offered <= {"weather"}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"model_id": "nobody"}, Missing),
        ({"rag_collections": ["nothing"]}, Missing),
        ({"tool_ids": ["no_tool"]}, Missing),
        ({"rag_files": ["/nowhere/x.txt"]}, FileRefused),
        ({"image_paths": ["/nowhere/x.png"]}, FileRefused),
        ({"image_paths": [__file__]}, FileRefused),
    ],
    ids=str,
)
def test_what_is_not_there_is_an_error_before_anything_is_asked(
    client: OpenWebUIClient,
    server: Server,
    provider: httpx.Client,
    caplog: pytest.LogCaptureFixture,
    unique: str,
    given: dict[str, Any],
    error: type[OwuiSyncError],
) -> None:
    fails(client, caplog, error, None, "chat", f"Hello {unique}", unique, **given)
    assert asked(provider, unique) == []
    assert chats_titled(server, unique) == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("status 500", "scripted to answer 500"),
        ("status 400", "scripted to answer 400"),
        ("stream-error", "scripted to fail"),
        ("cut 0.3", "not complete|regular end|failed"),
        ("unfinished", "without its regular end"),
    ],
)
def test_an_answer_that_fails_is_no_answer_and_the_page_says_so(
    client: OpenWebUIClient, server: Server, unique: str, fault: str, words: str
) -> None:
    client.raise_on_error = True
    with pytest.raises(AnswerFailed, match=words) as caught:
        client.chat(f"write 10 words\nfail {fault}", unique)
    error = caught.value
    assert bool(error.partial) == (not fault.startswith("status")) == isinstance(error, AnswerCut)
    assert error.partial in " ".join(f"word{number}" for number in range(1, 11)) + " "
    chat = chat_of(server, error.chat_id)
    answer = chat.shown[-1]
    assert (answer["id"], answer["done"]) == (error.message_id, True)
    assert answer["error"]["content"]
    assert chat.text(answer).strip() == error.partial.strip()


def test_a_failure_is_logged_and_the_next_question_follows_the_last_good_answer(
    client: OpenWebUIClient,
    server: Server,
    provider: httpx.Client,
    caplog: pytest.LogCaptureFixture,
    unique: str,
) -> None:
    first = client.chat("One", unique)
    fails(client, caplog, AnswerFailed, None, "chat", "fail status 500", unique)
    third = client.chat("Three", unique)
    assert first is not None
    assert third is not None
    assert [message["content"] for message in asked(provider, "Three")[-1]["messages"]] == [
        "One",
        first["response"],
        "Three",
    ]
    assert all(message["done"] for message in chat_of(server, first["chat_id"]).answers)


def test_a_provider_that_falls_silent_is_given_up_in_the_end(server: Server, open_webui: Sandbox, unique: str) -> None:
    with OpenWebUIClient(open_webui.url, open_webui.token, "stub-small", raise_on_error=True) as client:
        client.answer_timeout = 1
        with pytest.raises(AnswerFailed, match="nothing came for 1 s") as caught:
            client.chat("write 5 words\nfail silence 30", unique)
    answer = chat_of(server, caught.value.chat_id).shown[-1]
    assert (answer["done"], answer["error"]["content"]) == (True, "nothing came for 1 s")
    assert caught.value.partial.strip() == "word1"


def test_models_answer_side_by_side(client: OpenWebUIClient, server: Server, unique: str) -> None:
    models = ["stub-small", "gpt-4.1", "claude-sonnet"]
    made = client.parallel_chat("Hello", unique, models, enable_follow_up=True, tags=["x"])
    assert made is not None
    assert made["responses"] == {model: f"{model}, turn 1: you said “Hello”." for model in models}
    for model, reply in made["responses"].items():
        assert (reply["content"], reply["follow_ups"]) == (str(reply), made["follow_ups"][model])
        assert reply.get("message_id") == made["message_ids"][model]
    chat = chat_of(server, made["chat_id"])
    [question] = [message for message in chat.messages.values() if message["role"] == "user"]
    assert question["models"] == models == chat.models
    answers = [chat.messages[id] for id in question["childrenIds"]]
    assert {answer["model"]: answer["id"] for answer in answers} == made["message_ids"]
    assert sorted(answer["modelIdx"] for answer in answers) == [0, 1, 2]
    assert all(answer["done"] and answer["followUps"] for answer in answers)
    assert made["follow_ups"].keys() == set(models)
    assert chat.tags == {"x"}


def test_a_model_that_fails_does_not_vanish(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, unique: str
) -> None:
    provider.post("/_script", json={"do": "status", "value": "500", "model": "gpt-4.1"})
    made = client.parallel_chat("Hello", unique, ["stub-small", "gpt-4.1"])
    assert made is not None
    assert made["responses"]["gpt-4.1"] is None
    assert "scripted to answer 500" in made["errors"]["gpt-4.1"]
    assert made["responses"]["stub-small"]
    failed = chat_of(server, made["chat_id"]).messages[made["message_ids"]["gpt-4.1"]]
    assert (failed["done"], "scripted to answer 500" in str(failed["error"])) == (True, True)


def test_all_models_failing_is_a_failure(
    client: OpenWebUIClient, caplog: pytest.LogCaptureFixture, unique: str
) -> None:
    fails(client, caplog, AnswerFailed, None, "parallel_chat", "fail status 500", unique, ["stub-small", "gpt-4.1"])


def test_a_conversation_goes_on_with_what_the_model_proposes(
    client: OpenWebUIClient, server: Server, unique: str
) -> None:
    made = client.continuous_chat(f"Tea {unique}", 3, unique, tags=["x"])
    assert made is not None
    assert (made["total_rounds"], made["chat_title"]) == (3, unique)
    rounds = made["conversation_history"]
    assert [one["round"] for one in rounds] == [1, 2, 3]
    assert [one["question"] for one in rounds[1:]] == [one["follow_ups"][0] for one in rounds[:2]]
    chat = chat_of(server, made["chat_id"])
    assert [message["content"] for message in chat.shown[::2]] == [one["question"] for one in rounds]
    assert [chat.text(message) for message in chat.shown[1::2]] == [one["response"] for one in rounds]
    assert chat.tags == {"x"}


def test_a_conversation_goes_on_when_the_model_proposes_nothing(
    client: OpenWebUIClient, provider: httpx.Client, unique: str
) -> None:
    provider.post("/_script", json={"do": "answer", "value": "no JSON", "match": "### Task:", "times": 9})
    made = client.continuous_chat("Hello", 3, unique)
    assert made is not None
    questions = [one["question"] for one in made["conversation_history"]]
    assert len(set(questions)) == 3


def test_a_conversation_that_breaks_off_has_the_rounds_before(
    client: OpenWebUIClient, provider: httpx.Client, unique: str
) -> None:
    rule = {"do": "status", "value": "500", "match": "Tell me more", "path": "/v1/chat/completions", "times": 1}
    provider.post("/_script", json={**rule, "match": "Tell me more about: Hello"})
    made = client.continuous_chat("Hello", 3, unique)
    assert made is not None
    assert made["total_rounds"] == len(made["conversation_history"]) == 1
    assert "scripted to answer 500" in made["error"]


def test_several_models_go_on_together(client: OpenWebUIClient, server: Server, unique: str) -> None:
    models = ["stub-small", "gpt-4.1"]
    made = client.continuous_parallel_chat("Tea", 2, unique, models)
    assert made is not None
    rounds = made["conversation_history"]
    assert [set(one["responses"]) for one in rounds] == [set(models), set(models)]
    assert rounds[1]["responses"]["gpt-4.1"].startswith("gpt-4.1, turn 2")
    assert rounds[0]["responses"]["gpt-4.1"]["follow_ups"][0] in rounds[0]["follow_ups"]
    assert (made["model_ids"], rounds[0]["chat_id"]) == (models, made["chat_id"])
    chat = chat_of(server, made["chat_id"])
    assert len(chat.answers) == 4
    assert all(answer["done"] for answer in chat.answers)


def test_fifty_chats_at_once_are_not_mixed_up(open_webui: Sandbox, server: Server, unique: str) -> None:
    async def ask() -> list[Any]:
        async with AsyncOpenWebUIClient(open_webui.url, open_webui.token, "stub-small") as client:
            questions = (client.chat(f"say {n} {unique}", f"{unique} {n}") for n in range(50))
            return list(await asyncio.gather(*questions))

    made = asyncio.run(ask())
    assert [one and one["response"] for one in made] == [f"{n} {unique}" for n in range(50)]
    assert len({one["chat_id"] for one in made}) == 50
    chat = chat_of(server, made[33]["chat_id"])
    assert (chat.title, chat.text(chat.shown[-1])) == (f"{unique} 33", f"33 {unique}")


def test_sixteen_threads_share_one_client(open_webui: Sandbox, server: Server, unique: str) -> None:
    made: dict[int, Any] = {}
    with OpenWebUIClient(open_webui.url, open_webui.token, "stub-small") as client:

        def ask(number: int) -> None:
            made[number] = client.chat(f"say {number}", f"{unique} {number // 2}")

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {number: one["response"] for number, one in made.items()} == {n: str(n) for n in range(16)}
    assert len({one["chat_id"] for one in made.values()}) == 8
    both: Chat = chat_of(server, made[0]["chat_id"])
    assert sorted(message["content"] for message in both.shown[::2]) == ["say 0", "say 1"]
