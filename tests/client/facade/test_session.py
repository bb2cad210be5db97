"""Requests of a program's own, and the time for one call."""

from __future__ import annotations

import asyncio
import io
import time
from typing import Any

import httpx
import pytest

from owui_sync import AsyncOpenWebUIClient, OpenWebUIClient
from owui_sync.client.connect import Server
from owui_sync.client.errors import NotFound, ServerError, TimedOut, Uncertain, WrongType, WrongValue

URL = "https://chat.test/owui"


def client(*answers: httpx.Response, seen: list[httpx.Request] | None = None, **options: Any) -> OpenWebUIClient:
    """A client whose server gives these answers, one after the other."""
    rest = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        return rest.pop(0) if len(rest) > 1 else rest[0]

    return OpenWebUIClient(URL, "sk-1", "m", transport=httpx.MockTransport(answer), **options)


def test_a_raw_request_has_the_token_and_gives_the_answer_whatever_its_status() -> None:
    seen: list[httpx.Request] = []
    with client(httpx.Response(404, json={"detail": "not found"}), seen=seen) as one:
        one.session.headers["X-Team"] = "a"
        answer = one.session.get(f"{one.base_url}/api/x?a=1", params={"b": 2}, headers=one.json_headers)
        assert (answer.status_code, answer.ok, answer.reason, answer.json()) == (
            404,
            False,
            "Not Found",
            {"detail": "not found"},
        )
        with pytest.raises(NotFound, match="GET /owui/api/x answered 404: not found"):
            answer.raise_for_status()
    [request] = seen
    assert str(request.url) == f"{URL}/api/x?a=1&b=2"
    assert (request.headers["authorization"], request.headers["x-team"]) == ("Bearer sk-1", "a")


@pytest.mark.parametrize(
    ("name", "words"),
    [("verify", "`verify` to the client"), ("proxies", "`proxy`"), ("headers", "update"), ("get", "lost")],
)
def test_what_would_be_lost_on_a_session_cannot_be_set(name: str, words: str) -> None:
    with client(httpx.Response(200)) as one:
        for session in (one.session, one._async.session):
            with pytest.raises(AttributeError, match=f"`session.{name}` cannot be set: .*{words}"):
                setattr(session, name, False)


def test_bodies_are_sent_as_requests_and_httpx_do() -> None:
    seen: list[httpx.Request] = []
    with client(httpx.Response(200, text="ok"), seen=seen) as one:
        assert one.session.post("/api/x", json={"a": 1}).raise_for_status().text == "ok"
        one.session.put("api/x", data=b"raw")
        one.session.post("api/x", data={"a": "b"}, files={"file": io.BytesIO(b"content")})
        one.session.post("api/x", files={"file": ("name.txt", b"content", "text/plain")})
        assert b"".join(one.session.delete("/api/x").iter_content(1)) == b"ok"
    assert [request.method for request in seen] == ["POST", "PUT", "POST", "POST", "DELETE"]
    assert [seen[0].content, seen[1].content] == [b'{"a":1}', b"raw"]
    assert b"content" in seen[2].content
    assert b'filename="name.txt"' in seen[3].content


def test_raw_requests_are_repeated_as_others_are() -> None:
    busy, good = httpx.Response(503), httpx.Response(200, text="ok")
    with client(busy, good) as one:
        assert one.session.get("/x").text == "ok"
    with client(busy, good) as one, pytest.raises(Uncertain):
        one.session.post("/x")
    with client(busy) as one, pytest.raises(ServerError):
        one.session.get("/x")


@pytest.mark.parametrize("url", ["https://other.test/x", "https://chat.test/x", "https://chat.test/owui2/x"])
def test_the_token_is_sent_to_no_other_server(url: str) -> None:
    with client(httpx.Response(200)) as one, pytest.raises(WrongValue, match="not below"):
        one.session.get(url)


async def _slow(request: httpx.Request) -> httpx.Response:
    await asyncio.sleep(5)
    return httpx.Response(200, json={"data": []})


def test_a_call_may_have_a_time_of_its_own() -> None:
    start = time.monotonic()
    with OpenWebUIClient(URL, "sk-1", "m", transport=httpx.MockTransport(_slow)) as one:
        assert one.list_models(timeout=0.1) is None
        assert one.get_notes(timeout=httpx.Timeout(0.1)) is None
        one.raise_on_error = True
        with pytest.raises(TimedOut, match=r"within 0\.1 s"):
            one.list_models(timeout=0.1)
        with pytest.raises(TimedOut):
            list(one.stream_chat("x", "x", timeout=0.1))
        with pytest.raises(TimedOut):
            one.session.get("/x", timeout=0.1)
        with pytest.raises(WrongType):
            one.list_models(timeout="soon")  # type: ignore[arg-type]
        with pytest.raises(WrongValue):
            one.list_models(timeout=0)

    async def main() -> None:
        async with AsyncOpenWebUIClient(
            URL, "sk-1", "m", raise_on_error=True, transport=httpx.MockTransport(_slow)
        ) as two:
            with pytest.raises(TimedOut):
                await two.list_models(timeout=0.1)
            with pytest.raises(TimedOut):
                await anext(two.stream_chat("x", "x", timeout=0.1))

    asyncio.run(main())
    assert time.monotonic() - start < 4


def test_a_call_may_take_longer_than_a_request_may_otherwise() -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.3)
        return httpx.Response(200, json={"data": []})

    with OpenWebUIClient(URL, "sk-1", "m", timeout=0.1, transport=httpx.MockTransport(answer)) as one:
        assert one.list_models() is None
        assert one.list_models(timeout=5) == []


def test_programs_reach_for_what_else_there_is(server: Server, unique: str, tmp_path: Any) -> None:
    path = tmp_path / f"{unique}.txt"
    path.write_text("Green tea is brewed at eighty degrees.")
    with OpenWebUIClient(server.url, server.token, "stub-small", raise_on_error=True) as one:
        assert one.chat_object_from_server is None
        made = one.chat("Hello", unique)
        assert made is not None
        row = one.chat_object_from_server
        assert row is not None
        assert (row["id"], row["chat"]["title"]) == (made["chat_id"], unique)
        file = one.upload_file(path)
        assert file is not None
        assert one.session.get(f"/api/v1/files/{file['id']}").json()["filename"] == path.name
        assert one.task_model is None
        one.task_model = "gpt-4.1"
        changed = one.update_chat_metadata(made["chat_id"], regenerate_title=True)
        assert changed is not None
        assert changed["suggested_title"]


def test_what_nothing_can_be_made_of_is_refused_before_it_is_sent() -> None:
    seen: list[httpx.Request] = []
    cases: list[tuple[type[Exception], str, dict[str, Any]]] = [
        (WrongType, "method", {"method": None}),
        (WrongType, "url", {"url": None}),
        (WrongType, "params", {"params": 5}),
        (WrongType, "json", {"json": {"a": object()}}),
        (WrongType, "data", {"data": 5}),
        (WrongType, "files", {"files": "x.txt"}),
        (WrongType, "files", {"files": {"file": 5}}),
        (WrongType, "headers", {"headers": "x"}),
        (WrongValue, "headers", {"headers": {"X-Team": "a\r\nX-Evil: b"}}),
        (WrongType, "timeout", {"timeout": "5"}),
        (WrongValue, "timeout", {"timeout": 0}),
        (WrongValue, "address is too long", {"url": "/" + "x" * 100_000}),
    ]
    with client(httpx.Response(200), seen=seen) as one:
        for kind, word, options in cases:
            with pytest.raises(kind, match=word):
                one.session.request(**{"method": "POST", "url": "/x", **options})
        assert seen == []


def test_files_may_be_texts_and_several_of_one_field() -> None:
    seen: list[httpx.Request] = []
    with client(httpx.Response(200), seen=seen) as one:
        one.session.post("/x", files=[("file", ("a.txt", "text a")), ("file", io.StringIO("text b"))])
        one.session.post("/x", data=io.BytesIO(b"raw"), headers={"Content-Type": "text/plain"})
    assert b"text a" in seen[0].content
    assert b"text b" in seen[0].content
    assert (seen[1].content, seen[1].headers["content-type"]) == (b"raw", "text/plain")


def test_headers_of_the_whole_client_do_not_say_what_a_body_is() -> None:
    seen: list[httpx.Request] = []
    with client(httpx.Response(200), seen=seen, headers={"Content-Type": "application/json"}) as one:
        one.session.headers["Content-Length"] = "5"
        one.session.post("/x", files={"file": b"content"})
    assert seen[0].headers["content-type"].startswith("multipart/form-data")
    assert seen[0].headers["content-length"] != "5"
