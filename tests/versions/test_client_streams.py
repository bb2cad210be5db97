"""Streams through both classes of the client library, on every version, checked through the server's own API."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from owui_sync import AsyncOpenWebUIClient, OpenWebUIClient
from owui_sync.client.chat.errors import AnswerCut, AnswerFailed
from owui_sync.client.errors import Missing
from owui_sync.sandbox import Sandbox
from tests.support.server import Server
from tests.support.stored import asked, chat_of, chats_titled, make_tool

# The two classes hand the pieces of a stream on in ways of their own.
pytestmark = pytest.mark.both_classes


def read(stream: Any) -> tuple[list[Any], Any]:
    """The pieces of a stream, and what it returns."""
    pieces: list[Any] = []
    iterator: Iterator[Any] = iter(stream)
    while True:
        try:
            pieces.append(next(iterator))
        except StopIteration as end:
            return pieces, end.value


def test_the_text_comes_in_pieces_and_ends_with_the_stored_message(
    client: OpenWebUIClient, server: Server, unique: str
) -> None:
    pieces, made = read(client.stream_chat("write 5 words", unique, tags=["x"], enable_follow_up=True))
    assert pieces == ["word1 ", "word2 ", "word3 ", "word4 ", "word5"]
    assert made["response"] == "".join(pieces)
    chat = chat_of(server, made["chat_id"])
    [question, answer] = chat.shown
    assert (chat.title, chat.models, chat.tags) == (unique, ["stub-small"], {"x"})
    assert (question["content"], answer["id"], answer["done"]) == ("write 5 words", made["message_id"], True)
    assert chat.text(answer) == made["response"]
    assert answer["followUps"] == made["follow_ups"]
    assert answer["usage"]["total_tokens"] > 0
    assert len(chat.messages) == 2


def test_pieces_come_while_the_model_writes(client: OpenWebUIClient, unique: str) -> None:
    start, times = time.monotonic(), []
    for _ in client.stream_chat("write 5 words\nfail slow 0.3", unique):
        times.append(time.monotonic() - start)
    assert times[-1] - times[0] > 0.9


def test_a_stream_continues_a_chat_and_a_chat_continues_a_stream(
    client: OpenWebUIClient, provider: httpx.Client, unique: str
) -> None:
    first = client.chat("One", unique)
    assert first is not None
    _, second = read(client.stream_chat("Two", unique))
    third = client.chat("Three", unique)
    assert third is not None
    assert first["chat_id"] == second["chat_id"] == third["chat_id"]
    said = [message["content"] for message in asked(provider, "Three")[-1]["messages"]]
    assert said == ["One", first["response"], "Two", second["response"], "Three"]


def test_parameters_about_placeholders_are_accepted_and_none_is_ever_there(
    client: OpenWebUIClient, server: Server, unique: str
) -> None:
    stream = client.stream_chat(
        "Hello",
        unique,
        cleanup_placeholder_messages=True,
        placeholder_pool_size=30,
        min_available_messages=10,
        wait_before_request=10.0,
    )
    _, made = read(stream)
    assert len(chat_of(server, made["chat_id"]).messages) == 2


def test_sources_come_with_a_stream(client: OpenWebUIClient, server: Server, unique: str, tmp_path: Path) -> None:
    path = tmp_path / "tea.txt"
    path.write_text("Green tea is brewed at eighty degrees.")
    pieces, made = read(client.stream_chat("At how many degrees is it brewed?", unique, rag_files=[str(path)]))
    assert "".join(pieces) == "Green tea is brewed at eighty degrees. [1]"
    assert made["sources"][0]["document"] == ["Green tea is brewed at eighty degrees."]
    assert chat_of(server, made["chat_id"]).shown[-1]["sources"] == made["sources"]


def test_a_tool_is_run_for_a_stream(client: OpenWebUIClient, server: Server, unique: str) -> None:
    make_tool(server, unique)
    _, made = read(client.stream_chat('call tool weather {"city": "Bern"}', unique, tool_ids=[unique]))
    assert "sunny in Bern" in str(made["sources"])


@pytest.mark.parametrize("fault", ["stream-error", "cut 0.2", "unfinished"])
def test_what_is_cut_off_gives_what_came_and_then_fails(
    client: OpenWebUIClient, server: Server, caplog: pytest.LogCaptureFixture, unique: str, fault: str
) -> None:
    pieces: list[str] = []
    client.raise_on_error = True
    stream = client.stream_chat(f"write 10 words\nfail {fault}", unique)
    with pytest.raises(AnswerCut) as caught:
        pieces.extend(stream)
    assert pieces
    assert caught.value.partial == "".join(pieces)
    chat = chat_of(server, caught.value.chat_id)
    answer = chat.shown[-1]
    assert (chat.text(answer), answer["done"]) == ("".join(pieces), True)
    assert answer["error"]["content"] == caught.value.reason
    client.raise_on_error = False
    with caplog.at_level(logging.ERROR, "owui_sync.client"):
        assert read(client.stream_chat(f"write 10 words\nfail {fault}", unique))[1] is None
    assert "stream_chat failed: " in caplog.text


def test_a_provider_that_refuses_or_falls_silent_fails_the_stream(
    client: OpenWebUIClient, server: Server, unique: str
) -> None:
    client.raise_on_error = True
    with pytest.raises(AnswerFailed, match="scripted to answer 500"):
        read(client.stream_chat("fail status 500", unique))
    client.answer_timeout = 1
    with pytest.raises(AnswerFailed, match="nothing came for 1 s") as caught:
        read(client.stream_chat("write 5 words\nfail silence 30", unique))
    assert chat_of(server, caught.value.chat_id).shown[-1]["error"] == {"content": "nothing came for 1 s"}


def test_what_is_not_there_fails_before_anything_is_asked(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, unique: str
) -> None:
    client.raise_on_error = True
    with pytest.raises(Missing):
        read(client.stream_chat(f"Hello {unique}", unique, rag_collections=["nothing"]))
    assert asked(provider, unique) == []
    assert chats_titled(server, unique) == []


def test_who_stops_reading_leaves_what_came_in_the_chat(open_webui: Sandbox, server: Server, unique: str) -> None:
    async def main() -> str:
        async with AsyncOpenWebUIClient(open_webui.url, open_webui.token, "stub-small") as client:
            async with client.stream_chat("write 50 words\nfail slow 0.1", unique) as stream:
                assert await anext(stream) == "word1 "
            assert client.chat_id
            return client.chat_id

    chat = chat_of(server, asyncio.run(main()))
    assert chat.text(chat.shown[-1]).startswith("word1")
    assert chat.shown[-1]["done"] is True
    assert len(chat.text(chat.shown[-1]).split()) < 50


def test_who_leaves_a_stream_and_then_its_client_loses_nothing(
    open_webui: Sandbox, server: Server, unique: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> str:
        async with AsyncOpenWebUIClient(open_webui.url, open_webui.token, "stub-small") as client:
            async for piece in client.stream_chat("write 50 words\nfail slow 0.1", unique):
                assert piece == "word1 "
                break
            assert client.chat_id
            return client.chat_id

    chat = chat_of(server, asyncio.run(main()))
    assert chat.text(chat.shown[-1]).startswith("word1")
    assert [message for message in caplog.messages if "word" in message or "closed" in message] == []


def test_a_program_without_an_event_loop_loses_nothing_of_it_either(
    open_webui: Sandbox, server: Server, unique: str
) -> None:
    for number in range(3):  # By chance, the answer is being stored already.
        with OpenWebUIClient(open_webui.url, open_webui.token, "stub-small") as client:
            for piece in client.stream_chat("write 5 words", f"{unique} {number}"):
                assert piece == "word1 "
                break
            assert client.chat_id
        chat = chat_of(server, client.chat_id)
        assert chat.text(chat.shown[-1]).startswith("word1")


def test_a_stream_that_is_cancelled_before_its_first_word_leaves_no_chat(
    open_webui: Sandbox, server: Server, unique: str
) -> None:
    async def main() -> None:
        async with AsyncOpenWebUIClient(open_webui.url, open_webui.token, "stub-small") as client:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(client.stream_chat("x\nfail delay 5", unique)), 1)

    asyncio.run(main())
    assert chats_titled(server, unique) == []


def test_rounds_come_in_pieces(client: OpenWebUIClient, server: Server, unique: str) -> None:
    pieces, made = read(client.continuous_stream_chat("Hello", 2, unique))
    for one in made["conversation_history"]:
        start, *chunks, end = [piece for piece in pieces if piece.get("round") == one["round"]]
        assert start == {**start, "type": "round_start", "question": one["question"], "total_rounds": 2}
        assert {chunk["type"] for chunk in chunks} == {"content"}
        assert "".join(chunk["content"] for chunk in chunks) == one["response"]
        assert end == {"type": "round_complete", **one}
    assert pieces[-1] == {"type": "conversation_complete", "summary": made}
    assert (made["total_rounds"], made["chat_title"]) == (2, unique)
    assert made["conversation_history"][1]["question"] == made["conversation_history"][0]["follow_ups"][0]
    assert [message["content"] for message in chat_of(server, made["chat_id"]).shown[::2]] == [
        one["question"] for one in made["conversation_history"]
    ]
