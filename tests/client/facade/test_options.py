"""How a client can be made, and what making one leaves alone."""

from __future__ import annotations

import asyncio
import copy
import logging
import math
import pickle
import traceback
from pathlib import Path
from typing import Any

import httpx
import pytest
from stamina.instrumentation import RetryDetails, get_on_retry_hooks, set_on_retry_hooks

import owui_sync
from owui_sync import AsyncOpenWebUIClient, OpenWebUIClient
from owui_sync.client.errors import NotFound, WrongType, WrongValue
from owui_sync.client.facade.settings import WrongSetting
from owui_sync.client.http_options import HttpOptions, seconds_of
from owui_sync.errors import UsageError

URL = "https://chat.test"


class Seen:
    """A server that has one model, and remembers what it was sent; its function is a synchronous one."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200, json={"data": [{"id": "m", "name": "m"}]})


class OnlySynchronous(httpx.BaseTransport):
    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._seen(request)


def listed(**options: Any) -> Any:
    """The models, as a synchronous client with these options finds them."""
    with OpenWebUIClient(URL, "sk-1", "m", raise_on_error=True, **options) as client:
        return client.list_models()


def test_the_environment_names_the_server_and_the_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OWUI_URL", f"{URL}/owui/")
    monkeypatch.setenv("OWUI_TOKEN", "sk-2")
    with OpenWebUIClient() as client:
        assert (client.base_url, client.json_headers["Authorization"]) == (f"{URL}/owui", "Bearer sk-2")
    assert AsyncOpenWebUIClient("https://other.test", default_model_id="m").base_url == "https://other.test"
    monkeypatch.delenv("OWUI_TOKEN")
    (tmp_path / "token").write_text("sk-3\n")
    monkeypatch.setenv("OWUI_TOKEN_FILE", str(tmp_path / "token"))
    assert AsyncOpenWebUIClient().json_headers["Authorization"] == "Bearer sk-3"


def test_a_client_without_a_server_or_a_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OWUI_URL", raising=False)
    monkeypatch.delenv("OWUI_TOKEN", raising=False)
    cases: list[dict[str, Any]] = [{"token": "sk-1"}, {"base_url": URL}, {"base_url": URL, "token": ""}]
    for arguments in cases:
        for sort in (OpenWebUIClient, AsyncOpenWebUIClient):
            with pytest.raises(WrongSetting) as caught:
                sort(**arguments)
            assert isinstance(caught.value, ValueError)
            assert isinstance(caught.value, UsageError)
            assert "--" not in str(caught.value)


@pytest.mark.parametrize(
    "arguments", [(None, "sk-1", "m"), (URL, None, "m"), (URL, b"sk-1", "m"), (URL, "sk-1", "m", "5")]
)
def test_settings_of_a_wrong_type_are_refused(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError):
        AsyncOpenWebUIClient(*arguments)
    with pytest.raises(WrongType):
        OpenWebUIClient(*arguments[:3], timeout="5" if len(arguments) > 3 else 5)  # type: ignore[arg-type]


def test_httpx_options_are_used() -> None:
    seen, hooked = Seen(), []

    async def with_await(request: httpx.Request) -> None:
        hooked.append(request.method)

    options = {
        "cookies": {"a": "b"},
        "event_hooks": {"request": [with_await], "response": [lambda response: hooked.append(response.status_code)]},
        "limits": httpx.Limits(max_connections=3),
        "mounts": {"all://": OnlySynchronous(seen)},
        "timeout": httpx.Timeout(5, connect=1),
        "trust_env": False,
        "headers": {"X-Team": "a"},
    }
    assert listed(**options) == [{"id": "m", "name": "m"}]
    [request] = seen.requests
    assert (request.headers["cookie"], request.headers["x-team"]) == ("a=b", "a")
    assert (request.headers["authorization"], request.extensions["timeout"]["connect"]) == ("Bearer sk-1", 1)
    assert hooked == ["GET", 200]


def test_a_client_of_the_program_sends_everything_and_stays_open() -> None:
    seen = Seen()
    with httpx.Client(transport=OnlySynchronous(seen), headers={"X-Own": "1"}) as own:
        assert listed(http_client=own) == [{"id": "m", "name": "m"}]
        assert not own.is_closed

    async def main() -> bool:
        async with httpx.AsyncClient(transport=httpx.MockTransport(seen)) as own:
            async with AsyncOpenWebUIClient(URL, "sk-1", "m", http_client=own) as client:
                assert await client.list_models()
            return own.is_closed

    assert asyncio.run(main()) is False
    assert [request.headers["authorization"] for request in seen.requests] == ["Bearer sk-1"] * 2


def test_a_synchronous_client_of_the_program_streams() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=iter([b'{"data": ', b"[]}"]), headers={"content-type": "application/json"})

    with httpx.Client(transport=httpx.MockTransport(answer)) as own:
        assert listed(http_client=own) == []


def test_what_cannot_be_used_is_told_when_the_client_is_made(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("none")
    for options in ({"cert": str(tmp_path / "cert.pem")}, {"cert": ("none.pem", "none.key")}):
        with pytest.raises(WrongSetting, match="certificate"):
            OpenWebUIClient(URL, "sk-1", "m", **options)
    with pytest.raises(WrongType, match="http_client"):
        OpenWebUIClient(URL, "sk-1", "m", http_client="x")  # type: ignore[arg-type]


def test_times_of_httpx_are_seconds() -> None:
    times = [5, None, httpx.Timeout(3), httpx.Timeout(3, connect=9, write=7), httpx.Timeout(3, read=None)]
    assert [seconds_of(time) for time in times] == [5, math.inf, 3, 7, math.inf]


def test_making_a_client_changes_no_hooks_and_no_loggers() -> None:
    names = ["", "httpx", "httpcore", "stamina", "owui_sync", "owui_sync.client"]

    def state() -> object:
        loggers = [logging.getLogger(name) for name in names]
        return get_on_retry_hooks(), [(one.level, one.handlers[:], one.filters[:], one.propagate) for one in loggers]

    before = state()
    with OpenWebUIClient(URL, "sk-1", "m", transport=httpx.MockTransport(Seen())) as client:
        client.list_models()
    assert state() == before


def test_hooks_of_a_program_are_told_of_a_retry_and_not_what_is_sent() -> None:
    answers = [httpx.Response(503), httpx.Response(200, json={})]
    told: list[RetryDetails] = []

    def hook(details: RetryDetails) -> None:
        told.append(details)

    before = get_on_retry_hooks()
    set_on_retry_hooks([hook])
    try:
        transport = httpx.MockTransport(lambda _: answers.pop(0))
        with OpenWebUIClient(URL, "sk-1", "m", transport=transport) as client:
            client.session.put("/x", json={"password": "swordfish"})
    finally:
        set_on_retry_hooks(before)
    [one] = told
    assert one.args == ()
    assert one.kwargs == {}
    assert "503" in str(one.caused_by)


def test_errors_and_results_are_at_the_top_level_and_errors_can_be_pickled() -> None:
    for name in (
        "NotFound",
        "AnswerCut",
        "Uncertain",
        "WrongValue",
        "ChatResult",
        "TaskResult",
        "KeyedText",
        "Session",
    ):
        assert getattr(owui_sync, name).__name__ == name
        assert name in dir(owui_sync)
    for error in (
        NotFound("GET", "/x", 404, "gone", retry_after=2),
        owui_sync.AnswerCut("m", "why", partial="abc"),
        owui_sync.ClientClosed(),
        owui_sync.Missing("model", "m", "/api/models", ["a", "b"]),
    ):
        found = pickle.loads(pickle.dumps(error))
        assert (type(found), str(found), vars(found)) == (type(error), str(error), vars(error))


def test_messages_name_parameters_and_not_options_of_the_command_line(caplog: pytest.LogCaptureFixture) -> None:
    def busy(request: httpx.Request) -> httpx.Response:
        return httpx.Response(*{"/api/models": (429,), "/api/v1/groups/": (401,)}[request.url.path])

    with OpenWebUIClient(URL, "sk-1", "m", transport=httpx.MockTransport(busy), timeout=0.2) as client:
        assert client.list_models() is None
        assert client.list_groups() is None
        assert "(`rate`)" in caplog.text or "`timeout`" in caplog.text
        assert "check the token (`token`)" in caplog.text
        assert "--" not in caplog.text
        client.raise_on_error = True
        with pytest.raises(owui_sync.Unauthorized, match=r"\(`token`\)") as caught:
            client.list_groups()
        assert "--" not in str(caught.value.hint)
        with pytest.raises(owui_sync.Unauthorized, match=r"\(`token`\)") as caught:
            client.session.get("/api/v1/groups/").raise_for_status()
        assert "--" not in str(caught.value)


def test_a_server_that_cannot_list_its_notes_is_explained(caplog: pytest.LogCaptureFixture) -> None:
    """As Open WebUI answers once a note has a text as its content, on every version."""
    broken = httpx.MockTransport(lambda request: httpx.Response(500, text="Internal Server Error"))
    with OpenWebUIClient(URL, "sk-1", "m", transport=broken) as client:
        assert client.get_notes() is None
        assert client.get_notes_list() is None
    assert caplog.text.count("a note with a plain text as its content") == 2


@pytest.mark.parametrize(
    ("name", "values"),
    [
        (
            "base_url",
            [None, 5, b"https://x", "", "chat.test", "ftp://x.test", "unix:///x", "https://x.test:0", "https://x..y"],
        ),
        ("token", [None, 5, b"sk-1", "", " ", "sk-1 x", "sk-1\nx", "sk-1é", "sk-1\udc80"]),
        ("default_model_id", [5, b"m", ["m"], " ", "m\udc80"]),
        ("timeout", ["5", True, 0, -1, math.nan, 10**400, httpx.Timeout(0), httpx.Timeout(5, connect=-1)]),
        ("raise_on_error", ["yes", 7, []]),
        ("rate", ["5", True, 0, -1, math.nan]),
        ("connections", ["5", True, 0, -1, 1.5, None]),
        ("ca_bundle", [5, b"x", "", "/none.pem", "\0"]),
        ("verify", [5, "", "/none.pem", []]),
        ("insecure", ["yes", 7]),
        ("headers", ["x", ["a"], {"a": None}, {"a b": "c"}, {"a": "b\nc"}, {"a": "é"}, {"authorization": "Bearer x"}]),
        ("proxy", [5, "", "ftp://x", ["x"]]),
        ("cert", [5, [], "/none.pem", (1, 2), ("/a", "/b", "c", "d")]),
        ("cookies", ["x", 5, {"a": 5}, {"a": "b\nc"}, {"a": "b; c=d"}]),
        ("event_hooks", ["x", {"request": print}, {"request": [5]}, {"sent": [print]}]),
        ("http2", ["x", 7]),
        ("limits", ["x", {"max_connections": 5}, httpx.Limits(max_connections=0)]),
        ("mounts", ["x", {"all://": 5}, {"all": None}]),
        ("transport", ["x", httpx.HTTPTransport]),
        ("trust_env", ["x", 7]),
        ("http_client", ["x", httpx.Client]),
    ],
)
def test_what_a_client_cannot_be_made_with_is_refused_by_its_name(name: str, values: list[Any]) -> None:
    for sort in (OpenWebUIClient, AsyncOpenWebUIClient):
        for value in values:
            with pytest.raises((WrongType, WrongSetting)) as caught:
                sort(**{"base_url": URL, "token": "sk-1", name: value})
            assert name in str(caught.value)
            assert isinstance(caught.value, TypeError | ValueError)


def test_no_message_repeats_a_secret() -> None:
    cases: list[dict[str, Any]] = [
        {"base_url": "https://swordfish@chat.test"},
        {"base_url": "https://me:swordfish@chat.test"},
        {"base_url": "https://chat.test/?key=swordfish"},
        {"token": "swordfish\xe9"},
        {"token": ["swordfish"]},
        {"token": b"swordfish"},
        {"proxy": "http://me:swordfish@:99999"},
        {"proxy": ["http://me:swordfish@x"]},
        {"headers": {"X-Key": "swordfish\n"}},
        {"headers": {"X-Key": ["swordfish"]}},
        {"cookies": {"key": "swordfish\n"}},
        {"cert": ("none.pem", "none.key", "swordfish")},
    ]
    for arguments in cases:
        with pytest.raises((WrongType, WrongSetting)) as caught:
            OpenWebUIClient(**{"base_url": URL, "token": "sk-1", **arguments})
        shown = "".join(traceback.format_exception(None, caught.value, None)) + repr(caught.value)
        assert "swordfish" not in shown + pickle.dumps(caught.value).decode("latin-1")


def test_options_that_contradict_each_other_are_refused() -> None:
    with httpx.Client() as own:
        for options in (
            {"http_client": own, "proxy": "http://proxy.test"},
            {"http_client": own, "verify": False},
            {"http_client": own, "limits": httpx.Limits()},
            {"ca_bundle": "x.pem", "verify": "y.pem"},
            {"ca_bundle": "x.pem", "verify": False},
            {"insecure": True, "verify": True},
        ):
            with pytest.raises(WrongSetting, match=r"cannot go with http_client|verify"):
                OpenWebUIClient(URL, "sk-1", **options)
    with pytest.raises(WrongSetting, match="http_client is closed"):
        OpenWebUIClient(URL, "sk-1", http_client=own)


def test_what_httpx_takes_in_other_forms_is_taken_too() -> None:
    seen = Seen()
    for options in (
        {"headers": [("X-Team", "a")], "cookies": [("a", "b")]},
        {"headers": httpx.Headers({"x-team": "a"}), "cookies": httpx.Cookies({"a": "b"})},
    ):
        listed(transport=httpx.MockTransport(seen), **options)
    assert [(one.headers["x-team"], one.headers["cookie"]) for one in seen.requests] == [("a", "a=b")] * 2
    for proxy in (httpx.Proxy("http://proxy.test:3128", auth=("a", "b")), httpx.URL("http://proxy.test:3128")):
        OpenWebUIClient(URL, "sk-1", proxy=proxy).close()
    with pytest.raises(WrongType, match=r"unknown options prox;.*\n +did you mean proxy\?"):
        OpenWebUIClient(URL, "sk-1", prox="x")  # type: ignore[call-arg]


def test_no_part_of_a_client_shows_its_secrets_and_no_log_of_httpx_does(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)
    server = httpx.MockTransport(lambda request: httpx.Response(404, json={"detail": "no"}))
    options: dict[str, Any] = {
        "headers": {"X-Gate": "swordfish"},
        "cookies": {"session": "swordfish"},
        "transport": server,
    }
    with OpenWebUIClient(URL, "sk-swordfish", "m", **options) as client:
        client.list_models()
        parts = [client, client.session, client._async, client._async._settings, client._async._transport]
        assert "swordfish" not in repr(parts) + caplog.text
    cert = HttpOptions(cert=("cert.pem", "key.pem", "swordfish"))
    assert "swordfish" not in repr(cert)


def test_an_asynchronous_client_is_neither_copied_nor_pickled() -> None:
    client = AsyncOpenWebUIClient(URL, "sk-1")
    for make in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="cannot be copied or pickled"):
            make(client)


@pytest.mark.parametrize("sort", [OpenWebUIClient, AsyncOpenWebUIClient])
def test_attributes_are_checked_when_they_are_set(sort: type[Any]) -> None:
    client = sort(URL, "sk-1", "m")
    for name, values in {
        "default_model_id": [5, " ", b"m"],
        "task_model": [5, ["m"]],
        "answer_timeout": ["5", 0, math.nan, None],
        "raise_on_error": ["yes", 7],
    }.items():
        before = getattr(client, name)
        for value in values:
            with pytest.raises((WrongType, WrongValue), match=name):
                setattr(client, name, value)
        assert getattr(client, name) == before
    client.answer_timeout, client.task_model, client.raise_on_error = 5, "m", 1
    assert (client.answer_timeout, client.task_model, client.raise_on_error) == (5, "m", True)
