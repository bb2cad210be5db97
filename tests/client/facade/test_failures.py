from __future__ import annotations

import asyncio
import logging

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.client.errors import ClientClosed, Missing
from owui_sync.client.facade.failures import otherwise


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
