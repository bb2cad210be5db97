from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from owui_sync.client.connect import Server, connect, connect_read_only, find_token
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.errors import UsageError
from tests.support.asking import asking
from tests.support.fake import TOKEN, URL


def test_token_of_an_option_comes_before_the_environment() -> None:
    assert find_token("sk-a", None, {"OWUI_TOKEN": "sk-b", "OWUI_TOKEN_FILE": "/none"}) == "sk-a"
    assert find_token(None, None, {"OWUI_TOKEN": "sk-b"}) == "sk-b"


def test_token_file_may_end_with_a_line_break_and_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"\xef\xbb\xbfsk-a\r\n")
    assert find_token(None, file, {}) == "sk-a"
    assert find_token(None, None, {"OWUI_TOKEN_FILE": str(file)}) == "sk-a"


def test_two_tokens_are_refused() -> None:
    with pytest.raises(UsageError, match="--token and --token-file"):
        find_token("sk-a", "/file", {})
    with pytest.raises(UsageError, match="OWUI_TOKEN and OWUI_TOKEN_FILE"):
        find_token(None, None, {"OWUI_TOKEN": "sk-a", "OWUI_TOKEN_FILE": "/file"})


def test_no_token_says_where_to_put_one() -> None:
    with pytest.raises(UsageError, match="OWUI_TOKEN"):
        find_token(None, None, {})


def test_empty_token_names_its_source(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("\n")
    with pytest.raises(UsageError, match="OWUI_TOKEN is empty"):
        find_token(None, None, {"OWUI_TOKEN": ""})
    with pytest.raises(UsageError, match=rf"{file} is empty"):
        find_token(None, file, {})


def test_a_bad_token_from_elsewhere_is_not_blamed_on_the_option() -> None:
    with pytest.raises(UsageError, match="`token` of the target is empty"):
        find_token(" ", None, {}, ("`token` of the target", "`token_file` of the target"))


def test_unreadable_token_file_says_why(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name, reason in (("missing", "No such file"), (".", "directory"), ("binary", "UTF-8")):
        with pytest.raises(UsageError, match=reason) as caught:
            find_token(None, tmp_path / name, {})
        assert str(tmp_path) in str(caught.value)


def test_token_is_not_in_the_repr_of_the_settings() -> None:
    assert TOKEN not in repr(Server(url=URL, token=TOKEN))


def test_connections_are_for_reading_or_for_writing() -> None:
    async def kinds() -> tuple[type, type]:
        server = Server(url=URL, token=TOKEN)
        async with connect(server) as one, connect_read_only(server) as other:
            return type(one), type(other)

    assert asyncio.run(kinds()) == (Writer, Reader)


def test_connection_to_a_real_server(server: Server) -> None:
    assert asking(server, lambda writer: writer.get("/api/version"))["version"]
