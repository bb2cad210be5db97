from __future__ import annotations

import asyncio
import re

import httpx
import pytest

from owui_sync.client.connect import Server
from owui_sync.client.errors import ApiError, ConnectionFailed, NotOpenWebUI, ServerError
from owui_sync.client.reader import Reader, ReadOnly
from owui_sync.client.versions import TESTED, Version, detect
from tests.support.asking import counting
from tests.support.fake import URL, Answer, Fake, html, ok, says


def detected(answer: Answer) -> Version:
    async def main() -> Version:
        async with Fake(answer).transport() as transport:
            return await detect(Reader(ReadOnly(transport)))

    return asyncio.run(main())


@pytest.mark.parametrize("text", ["0.12.4", "0.13.0.dev1", "0.13.0-rc1", "1.2.3+local"])
def test_version_is_written_as_it_was_read(text: str) -> None:
    assert str(Version.parse(text)) == text


def test_leading_v_and_missing_patch_are_tolerated() -> None:
    assert Version.parse(" v0.12 ") == Version(0, 12, 0)


@pytest.mark.parametrize("text", ["", "latest", "12", "a.b.c", "None"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no version"):
        Version.parse(text)


def test_order_is_by_number_and_a_suffix_comes_before_the_release() -> None:
    texts = ["0.6.43", "0.12.4", "0.13.0-rc1", "0.13.0.dev1", "0.13.0", "0.13.0+local", "1.0.0"]
    assert [str(version) for version in sorted(map(Version.parse, reversed(texts)))] == texts
    assert Version.parse("0.13.0.dev1") > Version(0, 12, 4)


def test_tested_versions_are_in_order() -> None:
    assert list(TESTED) == sorted(TESTED)


@pytest.mark.parametrize(
    "answer",
    [
        html(),
        html(404),
        says(404, "Not Found"),
        says(401, "Not authenticated"),
        httpx.Response(200, text="ok"),
        ok({"version": "0.5.1"}),
        ok({"version": "unknown", "deployment_id": ""}),
        ok({"deployment_id": ""}),
        ok([]),
        says(403, "no"),
    ],
)
def test_other_servers_are_named_as_such(answer: Answer) -> None:
    with pytest.raises(NotOpenWebUI, match=URL):
        detected(answer)


@pytest.mark.parametrize(
    ("answer", "error"), [(says(500, "bug"), ServerError), (httpx.ConnectError("refused"), ConnectionFailed)]
)
def test_failures_say_nothing_about_the_kind_of_server(answer: Answer, error: type[Exception]) -> None:
    with pytest.raises(error):
        detected(answer)


def test_version_of_a_real_server_takes_one_request_and_no_valid_token(server: Server) -> None:
    stranger = Server(url=server.url, token="sk-wrong")
    version, requests = counting(stranger, detect)
    assert version in TESTED
    assert requests == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            httpx.Response(302, headers={"Location": "https://login.test/sso?x=1"}),
            "redirected to https://login.test/sso",
        ),
        (httpx.Response(401, headers={"WWW-Authenticate": 'Basic realm="Staff"'}), 'Basic realm="Staff"'),
        (httpx.Response(403, html="<title>Blocked</title>", headers={"Server": "wall"}), "page of wall with the title"),
    ],
)
def test_what_stands_before_a_server_is_named_instead(answer: Answer, words: str) -> None:
    with pytest.raises(ApiError, match=re.escape(words)):
        detected(answer)
