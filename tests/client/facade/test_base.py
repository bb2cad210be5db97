from __future__ import annotations

import asyncio
import logging
import ssl
from typing import Any

import httpx
import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync import AsyncOpenWebUIClient
from owui_sync.client.connect import Server
from owui_sync.client.errors import ClientClosed
from owui_sync.errors import UsageError

URL = "https://chat.test"


def models(request: httpx.Request) -> httpx.Response:
    """Answers to everything with one model, and its name tells the headers."""
    return httpx.Response(200, json={"data": [{"id": "m", "name": request.headers.get("cf-access", "")}]})


def client(url: str = URL, **options: Any) -> AsyncOpenWebUIClient:
    return AsyncOpenWebUIClient(url, "sk-1", "m", transport=httpx.MockTransport(models), **options)


def test_headers_are_sent_with_each_request() -> None:
    async def main() -> Any:
        async with client(headers={"CF-Access": "yes"}) as one:
            return await one.list_models()

    assert asyncio.run(main()) == [{"id": "m", "name": "yes"}]


@pytest.mark.parametrize("verify", [True, False, ssl.create_default_context()])
def test_httpx_options_that_make_sense_are_taken(verify: object) -> None:
    assert client(verify=verify, proxy="http://127.0.0.1:9").base_url == URL


def test_a_ca_file_that_is_not_there_is_told_at_once() -> None:
    for options in ({"verify": "/none.pem"}, {"ca_bundle": "/none.pem"}):
        with pytest.raises(UsageError, match=r"/none\.pem"):
            client(**options)


def test_unknown_options_are_refused_by_name(golden: SnapshotAssertion) -> None:
    with pytest.raises(TypeError, match=r"auth, retries\b.*\bheaders, http2") as caught:
        client(retries=True, auth=None)
    assert str(caught.value) == golden


def test_a_token_over_plain_http_is_warned_of_once(caplog: pytest.LogCaptureFixture, golden: SnapshotAssertion) -> None:
    with caplog.at_level(logging.WARNING, "owui_sync.client"):
        client("http://127.0.0.1:8080")
        client("http://open-webui:8080", insecure=True)
        assert caplog.text == ""
        assert client("http://open-webui:8080/").base_url == "http://open-webui:8080"
    [message] = caplog.messages
    assert "open-webui" in message
    assert message == golden


@pytest.mark.parametrize(("url", "token"), [("chat.test", "sk-1"), (URL, ""), (URL, "two words")])
def test_addresses_and_tokens_are_checked_at_once(url: str, token: str) -> None:
    with pytest.raises(UsageError):
        AsyncOpenWebUIClient(url, token, "m")


def test_a_closed_client_says_so() -> None:
    async def main() -> None:
        one = client()
        await one.close()
        await one.close()
        with pytest.raises(ClientClosed):
            await one.list_models()

    asyncio.run(main())


def test_a_client_outlives_an_event_loop_that_has_ended_and_refuses_a_second_one_beside_the_first() -> None:
    one = client()
    assert asyncio.run(one.list_models())
    assert asyncio.run(one.list_models())

    async def first() -> None:
        await one.list_models()
        with pytest.raises(UsageError, match="one event loop"):
            await asyncio.to_thread(lambda: asyncio.run(use()))

    async def use() -> object:
        return await one.list_models()

    asyncio.run(first())


def test_fifty_calls_at_once_on_a_real_server(server: Server, unique: str) -> None:
    async def main() -> list[str]:
        async with AsyncOpenWebUIClient(server.url, server.token, "stub-small") as one:
            made = await asyncio.gather(*(one.create_note(f"{unique} {number}") for number in range(50)))
            rows = await asyncio.gather(*(one.get_note_by_id(note["id"]) for note in made if note))
            return [row["title"] for row in rows if row]

    assert asyncio.run(main()) == [f"{unique} {number}" for number in range(50)]
