from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from owui_sync.client.api import chats, completions, tasks
from owui_sync.client.connect import Server
from owui_sync.client.errors import ApiError, ServerError, TimedOut, UnknownAnswer
from owui_sync.client.writer import Writer
from owui_sync.sandbox import Sandbox
from tests.support.asking import asking, counting
from tests.support.fake import Fake
from tests.support.proxy import Answer, Proxy, proxied


def asked(prompt: str) -> dict[str, Any]:
    return {"model": "stub-small", "messages": [{"role": "user", "content": prompt}]}


def parts(server: Server, prompt: str, silence: float = 10) -> list[Any]:
    async def read(writer: Writer) -> list[Any]:
        return [part async for part in completions.stream(writer, asked(prompt), silence)]

    return counting(server, read)[0]


def text(found: list[Any]) -> str:
    choices = [choice for part in found if part for choice in part.get("choices", ())]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def test_the_models_that_the_user_may_ask_are_listed(server: Server) -> None:
    rows, requests = counting(server, completions.models)
    assert {"stub-small", "gpt-4.1"} <= {row["id"] for row in rows}
    assert requests == 1


def test_an_answer_is_one_document(server: Server) -> None:
    document = asking(server, lambda writer: completions.answer(writer, asked("say yes"), 10))
    assert document["choices"][0]["message"]["content"] == "yes"


def test_a_whole_stream_ends_with_its_mark(server: Server) -> None:
    found = parts(server, "say one two three")
    assert (text(found), found[-1]) == ("one two three", None)


def test_a_stream_that_was_cut_off_has_no_mark(server: Server) -> None:
    found = parts(server, "say one two three\nfail unfinished")
    assert None not in found


def test_a_server_that_drops_its_own_error_is_named_as_the_cause() -> None:
    async def read() -> list[Any]:
        writer = Writer(
            Fake(httpx.Response(200, content=b"null", headers={"content-type": "application/json"})).transport()
        )
        return [part async for part in completions.stream(writer, asked("hello"), 10)]

    with pytest.raises(UnknownAnswer, match="the server failed before it asked the model"):
        asyncio.run(read())


def test_the_words_of_the_provider_are_in_the_error(server: Server) -> None:
    with pytest.raises(ServerError, match="scripted to answer 500"):
        parts(server, "fail status 500")
    with pytest.raises(ApiError, match="Model not found"):
        asking(server, lambda writer: completions.answer(writer, {**asked("x"), "model": "nobody"}, 10))


@contextmanager
def processes(open_webui: Sandbox, server: Server, unknowing: int) -> Iterator[tuple[Server, Proxy]]:
    """A server of several processes: so many questions meet one that does not know the model."""
    left = [Answer(400, b'{"detail": "Model not found"}')] * unknowing
    with proxied(open_webui) as (_, proxy):
        proxy.rule = lambda method, path: left.pop() if left and path == completions.PATH else None
        yield replace(server, url=proxy.url), proxy


@pytest.mark.parametrize("way", ["answer", "stream"])
def test_a_process_that_does_not_know_a_listed_model_yet_is_asked_again(
    server: Server, open_webui: Sandbox, way: str
) -> None:
    with processes(open_webui, server, unknowing=3) as (several, proxy):
        if way == "stream":
            assert text(parts(several, "say yes")) == "yes"
        else:
            document = asking(several, lambda writer: completions.answer(writer, asked("say yes"), 10))
            assert document["choices"][0]["message"]["content"] == "yes"
    assert [path for _, path in proxy.seen if path != "/api/version"] == [completions.PATH, "/api/models"] * 3 + [
        completions.PATH
    ]


def test_a_model_that_is_listed_and_never_known_is_an_error_in_the_end(server: Server, open_webui: Sandbox) -> None:
    with processes(open_webui, server, unknowing=99) as (several, proxy):
        with pytest.raises(ApiError, match="Model not found"):
            asking(several, lambda writer: completions.answer(writer, asked("x"), 10))
        with pytest.raises(ApiError, match="Model not found"):
            parts(several, "x")
    assert len(proxy.seen) < 60


def test_silence_ends_the_wait(server: Server) -> None:
    with pytest.raises(TimedOut, match=r"no answer within 0\.5 s"):
        parts(server, "say one two\nfail silence 3", silence=0.5)


def test_the_server_answers_into_a_chat_by_itself_and_can_be_stopped(
    server: Server, open_webui: Sandbox, unique: str
) -> None:
    def until_asked() -> None:
        """Wait for the model's turn: a stop while the server still writes can lock its database for good (0.12.4)."""
        while unique not in httpx.get(f"{open_webui.provider_url}/_requests", trust_env=False).text:
            time.sleep(0.05)

    async def live(writer: Writer) -> Any:
        row = await chats.create(writer, {"title": unique, "history": {"messages": {}, "currentId": None}})
        user: dict[str, Any] = {
            "id": "u",
            "parentId": None,
            "childrenIds": [],
            "role": "user",
            "content": f"say a {unique}\nfail slow 5",
        }
        body = {"model": "stub-small", "stream": True, "chat_id": row["id"], "parent_id": None, "id": "a"}
        started = await completions.start(writer, {**body, "user_message": user, "session_id": "x"})
        assert await tasks.running(writer, row["id"]) == started["task_ids"]
        await asyncio.to_thread(until_asked)
        await tasks.stop(writer, row["id"], started["task_ids"])
        assert await tasks.running(writer, row["id"]) == []
        await tasks.stop(writer, row["id"], [])
        return (await chats.get(writer, row["id"]))["chat"]["history"]["messages"]["a"]["done"]

    assert asking(server, live) is True


def test_the_server_answers_into_a_chat_while_one_waits(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> Any:
        row = await chats.create(writer, {"title": unique, "history": {"messages": {}, "currentId": None}})
        user: dict[str, Any] = {"id": "u", "parentId": None, "childrenIds": [], "role": "user", "content": "say yes"}
        body = {"model": "stub-small", "stream": True, "chat_id": row["id"], "parent_id": None, "id": "a"}
        await completions.run(writer, {**body, "user_message": user}, 30)
        return (await chats.get(writer, row["id"]))["chat"]["history"]["messages"]["a"]

    stored = asking(server, live)
    assert (stored["content"], stored["done"]) == ("yes", True)


def test_a_model_that_is_set_not_to_stream_gives_its_answer_at_once(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> list[Any]:
        body = {"id": unique, "name": unique, "base_model_id": "stub-small", "params": {"stream_response": False}}
        await writer.create("/api/v1/models/create", {**body, "meta": {}})
        await completions.models(writer)  # Only then can it be asked.
        return [part async for part in completions.stream(writer, {**asked("say yes"), "model": unique}, 10)]

    [document] = asking(server, live)
    assert document["choices"][0]["message"]["content"] == "yes"
