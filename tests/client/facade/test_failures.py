from __future__ import annotations

import ast
import asyncio
import inspect
import logging
import re
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync import OpenWebUIClient, client
from owui_sync.client.chat.errors import AnswerSilent
from owui_sync.client.errors import ClientClosed, Missing, TimedOut
from owui_sync.client.facade.failures import for_programs, otherwise
from owui_sync.client.facade.options import KNOWN
from owui_sync.client.ready import NotReady
from owui_sync.errors import UsageError


class Client:
    """Fails as it is told to."""

    def __init__(self, error: Exception, raise_on_error: bool = False) -> None:
        self.error = error
        self.raise_on_error = raise_on_error

    @otherwise([])
    async def rows(self) -> list[int]:
        """Rows."""
        raise self.error


def test_a_typed_error_becomes_a_fresh_value_and_one_line_in_the_log(
    caplog: pytest.LogCaptureFixture, golden: SnapshotAssertion
) -> None:
    client = Client(Missing("group", "x", "/api/v1/groups/", ["a", "b"]))
    first = asyncio.run(client.rows())
    first.append(1)
    assert asyncio.run(client.rows()) == []
    lines = [record.getMessage() for record in caplog.records if record.name == "owui_sync.client"]
    assert len(lines) == 2
    [line] = set(lines)
    assert all(fact in line for fact in ("rows ", "GET /api/v1/groups/", "'x'", "a, b"))
    assert line == golden
    assert caplog.records[0].levelno == logging.ERROR


def test_raise_on_error_raises_it() -> None:
    with pytest.raises(Missing):
        asyncio.run(Client(Missing("group", "x", "/"), raise_on_error=True).rows())


@pytest.mark.parametrize("error", [ClientClosed(), ZeroDivisionError()])
def test_a_closed_client_and_mistakes_of_ours_are_raised_in_any_case(error: Exception) -> None:
    with pytest.raises(type(error)):
        asyncio.run(Client(error).rows())


def advice_for_programs(words: str) -> str:
    """What a program is told in place of this advice."""
    return str(for_programs(UsageError("x", hint=words)).problems[0].hint)


def advice_of_the_client() -> set[str]:
    """All texts in the source of the client library that name an option of the command line, or what it does."""
    folder = Path(str(client.__file__)).parent
    nodes = [node for file in folder.rglob("*.py") for node in ast.walk(ast.parse(file.read_text("utf-8")))]
    described = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {ast.get_docstring(node, clean=False) for node in nodes if isinstance(node, described)}
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    options = {text for text in texts - docs if re.search(r" \(?--[a-z]|^--.* .*|plan again|access: public", text)}
    return options - {NotReady.advice}  # What waits for a server is no part of the two classes.


def test_programs_are_told_parameters_and_no_options_of_the_command_line() -> None:
    told = {advice_for_programs(words) for words in advice_of_the_client()}
    assert not [words for words in told if re.search("--[a-z]|plan again|access: ", words)]
    named = {name for words in told for name in re.findall(r"`(\w+)", words)} - {"owui"}
    assert named >= {"token", "rate", "timeout", "insecure", "ca_bundle", "cert", "access_control"}
    assert named <= {*inspect.signature(OpenWebUIClient).parameters, *KNOWN, "access_control"}


def test_an_answer_that_takes_too_long_is_given_time_by_another_parameter_than_a_request() -> None:
    assert "`timeout`" in advice_for_programs(TimedOut.advice)
    assert "`answer_timeout`" in advice_for_programs(AnswerSilent.advice)


def test_advice_that_programs_were_given_is_not_worded_again() -> None:
    told = {advice_for_programs(words) for words in advice_of_the_client()}
    assert {advice_for_programs(words) for words in told} == told
