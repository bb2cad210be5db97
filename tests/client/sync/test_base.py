from __future__ import annotations

import asyncio
import copy
import gc
import pickle
import subprocess
import sys
import textwrap
import threading
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from owui_sync import OpenWebUIClient
from owui_sync.client.connect import Server
from owui_sync.client.errors import ClientClosed, ConnectionFailed
from owui_sync.client.facade.stream import Done, Stream

from .test_loop import alive

NOWHERE = "http://127.0.0.1:9"


def sockets() -> set[str]:
    """The open TCP connections of this process."""
    links = (path for path in Path("/proc/self/fd").iterdir() if path.exists())
    return {link for link in (str(path.readlink()) for path in links) if link.startswith("socket:")}


class Mine(OpenWebUIClient):
    """A class of a program, with parameters of its own."""

    def __init__(self, server: Server) -> None:
        super().__init__(server.url, server.token, "stub-small", raise_on_error=True, headers={"X-Mine": "1"})


@pytest.fixture
def client(server: Server) -> Iterator[OpenWebUIClient]:
    with OpenWebUIClient(server.url, server.token, "stub-small") as client:
        yield client


def streamed(client: OpenWebUIClient, last: int, ended: list[bool], broken: bool = False) -> Stream[int, str]:
    """A stream of numbers, as a method of the asynchronous class would give it."""

    async def pieces() -> AsyncGenerator[int | Done[str], None]:
        try:
            for number in range(last):
                await asyncio.sleep(0)
                yield number
            if broken:
                raise ConnectionFailed("GET", "/", "broke", hint="")
            yield Done("sum")
        finally:
            ended.append(True)

    return client._async._stream("count", pieces(), "failed")


def test_works_where_an_event_loop_is_running(client: OpenWebUIClient) -> None:
    async def notebook() -> object:
        return client.list_models()

    assert asyncio.run(notebook())


def test_sixteen_threads_share_a_client_and_nothing_is_mixed_up(client: OpenWebUIClient, unique: str) -> None:
    found: dict[int, object] = {}

    def work(number: int) -> None:
        made = client.create_note(f"{unique} {number}", {"content": {"md": str(number)}})
        assert made is not None
        row = client.get_note_by_id(made["id"])
        assert row is not None
        found[number] = (row["title"], row["data"]["content"]["md"])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: (f"{unique} {number}", str(number)) for number in range(16)}
    assert alive() == ["owui-sync-client"]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc")
@pytest.mark.parametrize("end", ["close", "with", "forgotten"])
def test_no_thread_and_no_socket_is_left(server: Server, end: str) -> None:
    gc.collect()
    before = sockets()
    client = OpenWebUIClient(server.url, server.token, "stub-small")
    assert (alive(), sockets()) == ([], before)
    assert client.list_models()
    assert (alive(), sockets() > before) == (["owui-sync-client"], True)
    if end == "close":
        client.close()
    elif end == "with":
        with client:
            pass
    else:
        del client
        gc.collect()
    assert (alive(), sockets()) == ([], before)


@pytest.mark.parametrize(
    "end", ["", "client.close()", "raise SystemExit(0)", "import os; os.fork() or client.list_models()"]
)
def test_a_program_ends_without_a_word(server: Server, end: str) -> None:
    program = f"""
        from owui_sync import OpenWebUIClient
        client = OpenWebUIClient({server.url.replace("127.0.0.1", "localhost")!r}, {server.token!r}, "stub-small")
        assert client.list_models()
        {end}
    """
    words = [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c"]
    ran = subprocess.run([*words, textwrap.dedent(program)], capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_a_closed_client_says_so_whatever_its_settings(server: Server) -> None:
    for raise_on_error in (False, True):
        client = OpenWebUIClient(server.url, server.token, "stub-small", raise_on_error=raise_on_error)
        client.close()
        client.close()
        with pytest.raises(ClientClosed, match="closed"):
            client.list_models()


def test_a_server_that_is_down_fails_as_documented(caplog: pytest.LogCaptureFixture) -> None:
    with OpenWebUIClient(NOWHERE, "sk-1", "gpt-4.1") as client:
        assert client.list_models() is None
        assert client.rename_chat("x", "y") is False
        assert client.search_prompts("x") == []
        assert client.available_model_ids == []
        assert "rename_chat failed: POST /api/v1/chats/x cannot connect" in caplog.text
        client.raise_on_error = True
        with pytest.raises(ConnectionFailed):
            client.list_models()


def test_models_are_asked_for_at_the_first_look(server: Server) -> None:
    with OpenWebUIClient(server.url, server.token, "stub-small") as client:
        assert alive() == []
        assert "stub-small" in client.available_model_ids
    with OpenWebUIClient(server.url, server.token, "stub-small", skip_model_refresh=True) as client:
        assert client.available_model_ids == []
        client.list_models()
        assert "stub-small" in client.available_model_ids
        client.available_model_ids = ["mine"]
        assert client.available_model_ids == ["mine"]


def test_attributes_are_those_of_the_settings(server: Server) -> None:
    with OpenWebUIClient(f"{server.url}/", server.token, "stub-small") as client:
        assert (client.base_url, client.default_model_id, client.model_id) == (server.url, "stub-small", "stub-small")
        client.default_model_id = client.model_id = "gpt-4.1"
        client.chat_id = "c"
        assert (client.default_model_id, client.model_id, client.chat_id) == ("gpt-4.1", "gpt-4.1", "c")
        assert client.raise_on_error is False


def test_a_client_can_be_copied_and_pickled(server: Server) -> None:
    first = Mine(server)
    first.chat_id, first.task_model = "c", "gpt-4.1"
    copies = [copy.copy(first), copy.deepcopy(first), pickle.loads(pickle.dumps(first))]
    first.close()
    for made in copies:
        with made:
            assert (type(made), made.chat_id, made.task_model, made.raise_on_error) == (Mine, "c", "gpt-4.1", True)
            assert made.session.headers["X-Mine"] == "1"
            assert "stub-small" in made.available_model_ids


def test_a_stream_is_a_generator_with_a_return_value(client: OpenWebUIClient) -> None:
    ended: list[bool] = []
    pieces = client._stream(streamed(client, 3, ended))
    assert [next(pieces) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(StopIteration) as stop:
        next(pieces)
    assert (stop.value.value, ended) == ("sum", [True])


def test_a_stream_that_fails_gives_what_is_documented_or_raises(
    client: OpenWebUIClient, caplog: pytest.LogCaptureFixture
) -> None:
    def result() -> Iterator[str]:
        yield (yield from client._stream(streamed(client, 0, [], broken=True)))  # type: ignore[misc]

    assert list(result()) == ["failed"]
    assert "count failed: GET / broke" in caplog.text
    client.raise_on_error = True
    with pytest.raises(ConnectionFailed):
        list(client._stream(streamed(client, 2, [], broken=True)))


def test_a_stream_that_is_left_in_the_middle_ends(client: OpenWebUIClient) -> None:
    ended: list[bool] = []
    for _ in client._stream(streamed(client, 10**9, ended)):
        break
    gc.collect()
    assert client.list_models()
    assert ended == [True]


def test_many_streams_at_once_are_not_mixed_up(client: OpenWebUIClient) -> None:
    streams = [client._stream(streamed(client, 20, [])) for _ in range(8)]
    assert [list(pieces) for pieces in zip(*streams, strict=True)] == [[number] * 8 for number in range(20)]
