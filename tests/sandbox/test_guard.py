from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from owui_sync.sandbox.guard import watch
from owui_sync.sandbox.processes import Process, spawn, stop
from owui_sync.sandbox.state import SandboxRecord, find


@pytest.fixture
def record(own_cache: Path, tmp_path: Path) -> SandboxRecord:
    def sleeper() -> Process:
        code = "import time; time.sleep(60)"
        return spawn([sys.executable, "-c", code], env=os.environ, cwd=tmp_path, log=tmp_path / "log")

    record = SandboxRecord(
        name="one",
        version="0.12.4",
        port=8080,
        provider_port=9080,
        data=tmp_path,
        admin_email="",
        admin_password="",
        secret_key="",
        settings={},
        owner=sleeper(),
        starter=Process.of(os.getpid()),
        token="sk-1",
        server=sleeper(),
        provider=sleeper(),
        guard=Process.of(os.getpid()),
    )
    record.save()
    return record


def test_a_sandbox_stops_when_its_owner_is_killed(record: SandboxRecord) -> None:
    guard = threading.Thread(target=watch, args=("one", 0.02))
    guard.start()
    guard.join(0.2)
    assert guard.is_alive()
    assert record.owner
    stop([record.owner], grace=0.1)
    guard.join(5)
    assert not guard.is_alive()
    assert not any(process and process.alive for process in (record.server, record.provider))
    assert find("one") is None


def test_the_guard_ends_with_the_sandbox(record: SandboxRecord) -> None:
    guard = threading.Thread(target=watch, args=("one", 0.02))
    guard.start()
    record.forget()
    guard.join(5)
    assert not guard.is_alive()
    stop(process for process in (record.owner, record.server, record.provider) if process)


def test_a_sandbox_without_an_owner_needs_no_guard(record: SandboxRecord) -> None:
    stop(process for process in (record.owner, record.server, record.provider) if process)
    replace(record, owner=None).save()
    watch("one")
    assert find("one")
