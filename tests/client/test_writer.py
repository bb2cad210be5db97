from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest

from owui_sync.client.errors import Uncertain
from owui_sync.client.writer import Writer
from tests.support.fake import Fake, ok, says

Ask = Callable[[Writer], Coroutine[Any, Any, Any]]


def sent(fake: Fake, ask: Ask) -> httpx.Request:
    """The last request that `ask` sent."""

    async def main() -> None:
        async with fake.transport() as transport:
            await ask(Writer(transport))

    asyncio.run(main())
    return fake.seen[-1]


@pytest.mark.parametrize(
    ("ask", "method", "url", "body"),
    [
        (lambda w: w.create("/x", {"a": 1}), "POST", "/x", {"a": 1}),
        (lambda w: w.update("/x", {}), "POST", "/x", {}),
        (lambda w: w.toggle("/x", id="a/b"), "POST", "/x?id=a%2Fb", None),
        (lambda w: w.delete("/x"), "DELETE", "/x", None),
        (lambda w: w.delete("/x", {"id": 1}), "POST", "/x", {"id": 1}),
        (lambda w: w.get("/x", page=2), "GET", "/x?page=2", None),
    ],
)
def test_each_method_is_one_request(ask: Ask, method: str, url: str, body: Any) -> None:
    fake = Fake(ok())
    request = sent(fake, ask)
    content = request.read()
    assert (request.method, request.url.raw_path.decode()) == (method, url)
    assert (json.loads(content) if content else None) == body
    assert len(fake.seen) == 1


def test_upload_is_a_multipart_body_with_file_and_metadata() -> None:
    request = sent(Fake(ok()), lambda w: w.upload("/f", "a.json", b"\x00\x01", {"k": "v"}, process=False))
    body = request.read()
    assert request.url.query == b"process=false"
    assert b'name="file"; filename="a.json"' in body
    assert b"\x00\x01" in body
    assert b'name="metadata"\r\n\r\n{"k": "v"}' in body


def test_upload_without_metadata_has_no_such_field() -> None:
    assert b"metadata" not in sent(Fake(ok()), lambda w: w.upload("/f", "a", b"x")).read()


@pytest.mark.parametrize("ask", [lambda w: w.update("/x", {}), lambda w: w.delete("/x"), lambda w: w.delete("/x", {})])
def test_updates_and_deletes_are_repeated(ask: Ask) -> None:
    fake = Fake(says(502, ""), ok())
    sent(fake, ask)
    assert len(fake.seen) == 2


@pytest.mark.parametrize(
    "ask", [lambda w: w.create("/x", {}), lambda w: w.toggle("/x"), lambda w: w.upload("/x", "a", b"x")]
)
def test_creates_toggles_and_uploads_are_not(ask: Ask) -> None:
    fake = Fake(says(502, ""), ok())
    with pytest.raises(Uncertain):
        sent(fake, ask)
    assert len(fake.seen) == 1
