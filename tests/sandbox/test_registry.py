from __future__ import annotations

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from owui_sync.sandbox.errors import AlreadyRunning, PortInUse, SandboxError
from owui_sync.sandbox.ports import HOST
from owui_sync.sandbox.processes import Process
from owui_sync.sandbox.registry import check_name, living, reserve
from owui_sync.sandbox.state import SandboxRecord, records

FIRST = 21080


@pytest.fixture
def draft(own_cache: Path) -> SandboxRecord:
    return SandboxRecord(
        name="one",
        version="0.12.4",
        port=0,
        provider_port=0,
        data=own_cache / "data-one",
        admin_email="admin@example.com",
        admin_password="",
        secret_key="",
        settings={},
        owner=None,
        starter=Process.of(os.getpid()),
    )


def test_each_gets_ports_of_its_own_before_anything_listens(draft: SandboxRecord) -> None:
    one = reserve(draft, FIRST)
    two = reserve(replace(draft, name="two", data=draft.data / "two"), FIRST)
    assert len({one.port, two.port, one.provider_port, two.provider_port}) == 4
    assert one.port >= FIRST


def test_a_port_that_was_asked_for_is_kept_from_the_provider_too(draft: SandboxRecord) -> None:
    record = reserve(replace(draft, port=22080, provider_port=22080), FIRST)
    assert record.port == 22080
    assert record.provider_port != 22080


def test_a_port_of_another_sandbox_is_refused_with_its_name(draft: SandboxRecord) -> None:
    taken = reserve(draft, FIRST).port
    with pytest.raises(PortInUse, match=f"port {taken} is in use by the sandbox 'one'"):
        reserve(replace(draft, name="two", data=draft.data / "two", port=taken), FIRST)


def test_a_port_of_a_foreign_process_is_refused_with_its_pid(draft: SandboxRecord) -> None:
    with socket.create_server((HOST, 0)) as server, pytest.raises(PortInUse, match=rf"\(pid {os.getpid()}\)"):
        reserve(replace(draft, port=server.getsockname()[1]), FIRST)
    assert records() == []


def test_a_name_is_refused_while_it_is_in_use(draft: SandboxRecord) -> None:
    reserve(draft, FIRST)
    with pytest.raises(AlreadyRunning, match="'one' is starting") as caught:
        reserve(replace(draft, data=draft.data / "two"), FIRST)
    assert "down --name one" in str(caught.value.problems[0].hint)


def test_a_data_folder_is_refused_while_it_is_in_use(draft: SandboxRecord) -> None:
    reserve(draft, FIRST)
    with pytest.raises(AlreadyRunning, match="'one' is using the data folder"):
        reserve(replace(draft, name="two"), FIRST)


def test_what_a_dead_one_left_is_cleared_away(draft: SandboxRecord) -> None:
    dead = replace(draft, starter=Process(2**22 + 1, "1"))
    dead.save()
    dead.scratch.mkdir(parents=True)
    assert living() == []
    assert records() == []
    assert not dead.scratch.exists()
    assert reserve(draft, FIRST).name == "one"


@pytest.mark.parametrize("name", ["", "a/b", "..", ".hidden", "a b", "-x"])
def test_a_name_must_do_as_a_file_name(name: str) -> None:
    with pytest.raises(SandboxError, match="cannot name a sandbox"):
        check_name(name)
