from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from owui_sync.sandbox.ports import HOST, accepts, first_free, holder, is_free, listens


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((HOST, 0)) as server:
        yield server.getsockname()[1]


def test_a_port_that_somebody_listens_on_is_not_free(taken: int) -> None:
    assert not is_free(taken)


def test_a_port_is_free_again_at_once(taken: int) -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection((HOST, port)):
            server.accept()[0].close()
    assert is_free(port)


def test_the_first_free_port_passes_over_those_in_use_and_those_reserved(taken: int) -> None:
    found = first_free(taken, {taken + 1})
    assert found > taken + 1
    assert is_free(found)


def test_the_holder_of_a_port_is_named_with_its_pid(taken: int) -> None:
    assert f"(pid {os.getpid()})" in str(holder(taken))
    assert listens(os.getpid(), taken)
    assert not listens(os.getppid(), taken)


def test_a_port_takes_connections_while_somebody_listens(taken: int) -> None:
    assert accepts(taken)
    assert not accepts(first_free(taken))


def test_a_free_port_has_no_holder(taken: int) -> None:
    assert holder(first_free(taken)) is None
