from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

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


def refused(*given: Any) -> str:
    """Why no token can be found."""
    with pytest.raises(UsageError) as caught:
        find_token(*given)
    assert "sk-a" not in str(caught.value)
    return str(caught.value)


def test_two_tokens_are_refused(golden: SnapshotAssertion) -> None:
    options = refused("sk-a", "/file", {})
    assert ("--token " in options, "--token-file" in options) == (True, True)
    variables = refused(None, None, {"OWUI_TOKEN": "sk-a", "OWUI_TOKEN_FILE": "/file"})
    assert ("OWUI_TOKEN " in variables, "OWUI_TOKEN_FILE" in variables) == (True, True)
    assert [options, variables] == golden


def test_no_token_says_where_to_put_one(golden: SnapshotAssertion) -> None:
    message = refused(None, None, {})
    assert "OWUI_TOKEN" in message
    assert message == golden


def test_empty_token_names_its_source(tmp_path: Path, golden: SnapshotAssertion) -> None:
    file = tmp_path / "token"
    file.write_text("\n")
    variable, of_file = refused(None, None, {"OWUI_TOKEN": ""}), refused(None, file, {})
    assert "OWUI_TOKEN" in variable
    assert str(file) in of_file
    assert [variable, of_file.replace(str(file), "FILE")] == golden


def test_a_bad_token_from_elsewhere_is_not_blamed_on_the_option(golden: SnapshotAssertion) -> None:
    message = refused(" ", None, {}, ("`token` of the target", "`token_file` of the target"))
    assert "`token` of the target" in message
    assert "--token" not in message.splitlines()[0]
    assert message == golden


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
