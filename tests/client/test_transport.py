from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from owui_sync.client import errors
from owui_sync.client.call_time import time_of, within
from owui_sync.client.connect import Server
from owui_sync.client.http_options import HttpOptions
from owui_sync.client.shapes import Idempotency
from owui_sync.client.transport import Transport
from owui_sync.errors import UsageError
from tests.support.fake import TOKEN, URL, Answer, Fake, html, ok, says

T = TypeVar("T")
CUT = httpx.RemoteProtocolError("Server disconnected without sending a response.")
REFUSED = httpx.ConnectError("refused")


def use(transport: Transport, ask: Callable[[Transport], Coroutine[Any, Any, T]]) -> T:
    async def main() -> T:
        async with transport:
            return await ask(transport)

    return asyncio.run(main())


def send(transport: Transport, method: str = "GET", path: str = "/x", **options: Any) -> Any:
    return use(transport, lambda t: t.send(method, path, **options))


def create(transport: Transport) -> Any:
    return send(transport, "POST", json={}, kind=Idempotency.ONCE)


@pytest.mark.parametrize("url", [URL, f"{URL}/", f"{URL}/owui", f"{URL}/owui/"])
def test_base_url_with_and_without_slash_and_prefix(url: str) -> None:
    fake = Fake(ok(1))
    assert send(fake.transport(url), path="/api/v1/x/", params={"page": 1, "all": True}) == 1
    assert str(fake.seen[0].url) == url.rstrip("/") + "/api/v1/x/?page=1&all=true"


@pytest.mark.parametrize("answer", [CUT, httpx.ReadError("reset"), REFUSED, says(429, "slow down"), says(503, "boot")])
def test_repeatable_request_is_sent_again(answer: Answer) -> None:
    fake = Fake(answer, ok("done"))
    assert send(fake.transport()) == "done"
    assert len(fake.seen) == 2


@pytest.mark.parametrize("answer", [REFUSED, httpx.ConnectTimeout("slow"), says(429, "slow down")])
def test_creating_request_is_sent_again_when_it_certainly_did_not_arrive(answer: Answer) -> None:
    fake = Fake(answer, ok("done"))
    assert create(fake.transport()) == "done"
    assert len(fake.seen) == 2


@pytest.mark.parametrize("answer", [CUT, httpx.ReadError("reset"), httpx.WriteError("x"), says(502, ""), says(504, "")])
def test_creating_request_that_may_have_arrived_is_uncertain_and_sent_once(answer: Answer) -> None:
    fake = Fake(answer, ok("twice"))
    with pytest.raises(errors.Uncertain, match="POST /x was sent"):
        create(fake.transport())
    assert len(fake.seen) == 1


@pytest.mark.parametrize("answer", [says(500, "bug"), says(401, "Invalid token"), html()])
def test_final_answers_are_not_repeated(answer: Answer) -> None:
    fake = Fake(answer, ok())
    with pytest.raises(errors.ApiError):
        send(fake.transport())
    assert len(fake.seen) == 1


def test_rate_limit_that_outlasts_the_deadline_is_not_waited_for() -> None:
    fake = Fake(says(429, "slow down", Retry_After="120"))
    with pytest.raises(errors.RateLimited) as caught:
        send(fake.transport())
    assert len(fake.seen) == 1
    assert caught.value.retry_after == 120


def test_requests_counts_what_was_sent_and_not_what_found_no_connection() -> None:
    transport = Fake(REFUSED, says(503, ""), CUT, ok()).transport()
    send(transport)
    assert transport.requests == transport.count() == 3


@pytest.mark.parametrize(("kind", "error"), [(Idempotency.SAFE, errors.TimedOut), (Idempotency.ONCE, errors.Uncertain)])
def test_deadline_holds_for_a_server_that_does_not_answer(kind: Idempotency, error: type[Exception]) -> None:
    async def silent(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(10)
        raise AssertionError

    transport = Transport(URL, TOKEN, timeout=0.02, http=httpx.MockTransport(silent))
    with pytest.raises(error, match=r"0\.02 s"):
        send(transport, "POST", kind=kind)


def test_a_silent_server_is_told_of_again_and_again_but_not_for_each_request(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("owui_sync.client.transport._PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr("owui_sync.client.transport._SILENCE_SECONDS", 0.1)

    async def silent(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.35)
        return ok()

    async def many(transport: Transport) -> None:
        await asyncio.gather(*(transport.send("GET", "/x") for _ in range(4)))

    begun = time.monotonic()
    use(Transport(URL, TOKEN, http=httpx.MockTransport(silent)), many)
    most = (time.monotonic() - begun) / 0.1
    told = [record.getMessage() for record in caplog.records if "waiting for the answer to GET /x" in record.message]
    assert 2 <= len(told) <= most


def test_no_more_requests_at_the_same_time_than_connections() -> None:
    running = most = 0

    async def slow(request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.005)
        running -= 1
        return ok()

    async def many(transport: Transport) -> None:
        await asyncio.gather(*(transport.send("GET", "/x") for _ in range(9)))

    use(Transport(URL, TOKEN, connections=3, http=httpx.MockTransport(slow)), many)
    assert most == 3


def test_rate_spreads_the_requests_and_their_repetitions() -> None:
    fake = Fake(says(503, ""), says(503, ""), ok())

    async def timed(transport: Transport) -> float:
        start = asyncio.get_running_loop().time()
        await transport.send("GET", "/x")
        return asyncio.get_running_loop().time() - start

    assert use(fake.transport(rate=50), timed) >= 0.039


def test_redirect_is_not_followed() -> None:
    fake = Fake(httpx.Response(302, headers={"Location": "https://elsewhere.test/"}), ok())
    with pytest.raises(errors.Redirected, match=r"redirected to https://elsewhere\.test/"):
        send(fake.transport())
    assert len(fake.seen) == 1


def test_log_has_one_line_a_request_with_method_path_status_and_time(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="owui_sync")
    send(Fake(CUT, ok({"secret": "hunter2"})).transport(), params={"q": "hunter2"})
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("owui_sync")]
    assert [line.rsplit(" ", 2)[0] for line in lines] == ["GET /x no answer", "GET /x 200"]
    assert all(line.endswith(" ms") for line in lines)
    assert TOKEN not in caplog.text
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize("answer", [CUT, REFUSED, says(401, f"bad token {TOKEN}"), httpx.Response(500, text=TOKEN)])
def test_token_is_in_no_message_and_no_repr(answer: Answer) -> None:
    transport = Fake(answer).transport()
    with pytest.raises(errors.ClientError) as caught:
        send(transport)
    assert TOKEN not in str(caught.value) + repr(caught.value) + repr(transport) + repr(vars(transport))


def test_caller_can_cancel() -> None:
    async def silent(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(10)
        raise AssertionError

    async def cancelled(transport: Transport) -> None:
        task = asyncio.create_task(transport.send("POST", "/x", kind=Idempotency.ONCE))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    use(Transport(URL, TOKEN, http=httpx.MockTransport(silent)), cancelled)


def test_time_is_the_servers_once_it_has_answered() -> None:
    transport = Fake(httpx.Response(200, json=1, headers={"Date": "Fri, 01 Jan 2100 00:00:00 GMT"})).transport()
    assert abs(transport.server_time() - time.time()) < 1
    assert not transport.time_is_known()
    send(transport)
    assert abs(transport.server_time() - 4102444800) < 2
    assert transport.time_is_known()


@pytest.mark.parametrize("off", [120, 3600, -86400])
def test_a_clock_of_this_machine_that_is_set_meanwhile_does_not_matter(
    off: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = Fake(httpx.Response(200, json=1, headers={"Date": "Fri, 01 Jan 2100 00:00:00 GMT"})).transport()
    send(transport)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + off)
    assert abs(transport.server_time() - 4102444800) < 2


def test_ca_bundle_has_to_be_a_file_with_certificates(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").touch()
    for name in ("empty.pem", "missing.pem"):
        with pytest.raises(UsageError, match=rf"{name} cannot be used"):
            Transport(URL, TOKEN, ca_bundle=tmp_path / name)


@pytest.mark.parametrize("wrong", [{"timeout": 0}, {"connections": 0}, {"rate": 0}])
def test_limits_have_to_be_above_zero(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"above zero|nothing through"):
        Transport(URL, TOKEN, **wrong)


def test_nothing_listens_is_told_at_once() -> None:
    with pytest.raises(errors.ConnectionFailed, match=r"cannot connect to http://127\.0\.0\.1:9"):
        send(Transport("http://127.0.0.1:9", TOKEN))


def test_answers_of_a_real_server(server: Server) -> None:
    async def ask(transport: Transport) -> None:
        assert await transport.send("GET", "/api/v1/groups/") is not None
        with pytest.raises(errors.MissingRoute):
            await transport.send("GET", "/api/v1/no-such-route")
        with pytest.raises(errors.MissingRoute):
            await transport.send("POST", "/api/v1/no-such-route", json={})
        with pytest.raises(errors.NotFound):
            await transport.send("DELETE", "/api/v1/groups/id/none/delete")
        with pytest.raises(errors.Invalid, match=r"body\.name: Field required"):
            await transport.send("POST", "/api/v1/groups/create", json={})
        assert transport.requests == 5

    use(server.transport(), ask)


@pytest.mark.parametrize("token", ["sk-wrong", "wrong"])
def test_wrong_token_at_a_real_server(server: Server, token: str) -> None:
    with pytest.raises(errors.Unauthorized):
        send(Transport(server.url, token), path="/api/v1/models/all")


def test_ordinary_user_at_a_real_server(plain: Server) -> None:
    with pytest.raises(errors.Forbidden):
        send(plain.transport(), path="/api/v1/models/all")


class Dripping(httpx.AsyncByteStream):
    """A body that gives one line now and another one much later."""

    def __init__(self, pause: float) -> None:
        self._pause = pause

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        yield b"one\n"
        await asyncio.sleep(self._pause)
        yield b"two\n"


@pytest.mark.parametrize(("silence", "limit", "got"), [(5.0, 0.1, ["one"]), (5.0, None, ["one", "two"])])
def test_lines_come_for_as_long_as_the_call_has_time(silence: float, limit: float | None, got: list[str]) -> None:
    server = httpx.MockTransport(lambda request: httpx.Response(200, stream=Dripping(0.3)))
    lines: list[str] = []

    async def main() -> None:
        async with Transport(URL, TOKEN, http=server) as transport:
            async for line in transport.lines("/x", json={}, silence=silence):
                lines.append(line)

    start = time.monotonic()
    with within(time_of(limit)):
        if limit is None:
            asyncio.run(main())
        else:
            with pytest.raises(errors.TimedOut, match=r"within 0\.1 s") as caught:
                asyncio.run(main())
            assert caught.value.whole_call
            assert time.monotonic() - start < 0.3
    assert lines == got


def test_a_client_of_the_program_that_is_closed_or_whose_loop_has_ended_is_told() -> None:
    own = httpx.Client(transport=httpx.MockTransport(lambda request: ok()))
    transport = Transport(URL, TOKEN, http=HttpOptions(client=own))
    send(transport)
    own.close()
    with pytest.raises(errors.ClientClosed):
        send(transport)

    def ended(request: httpx.Request) -> httpx.Response:
        raise RuntimeError("Event loop is closed")

    its = httpx.AsyncClient(transport=httpx.MockTransport(ended))
    with pytest.raises(UsageError, match="http_client belongs to an event loop that has ended"):
        send(Transport(URL, TOKEN, http=HttpOptions(client=its)))
