from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from owui_sync.sandbox.paths import sandbox_dir
from owui_sync.sandbox.processes import Process
from owui_sync.sandbox.state import SandboxRecord, find, records

GONE = Process(2**22 + 1, "1")


@pytest.fixture
def record(own_cache: Path) -> SandboxRecord:
    me = Process.of(os.getpid())
    return SandboxRecord(
        name="one",
        version="0.12.4",
        port=8080,
        provider_port=9080,
        data=own_cache / "data",
        admin_email="admin@example.com",
        admin_password="hush",
        secret_key="hush-hush",
        settings={"A": "b"},
        owner=None,
        starter=me,
        token="sk-1",
        server=me,
        provider=me,
    )


def test_a_saved_record_is_found_as_it_was(record: SandboxRecord) -> None:
    record.save()
    replace(record, name="two", owner=GONE, guard=GONE).save()
    assert find("one") == record
    assert [each.name for each in records()] == ["one", "two"]
    assert records()[1].owner == GONE


def test_a_forgotten_record_is_gone(record: SandboxRecord) -> None:
    record.save()
    record.forget()
    assert find("one") is None
    assert records() == []


def test_the_file_is_for_the_owner_only(record: SandboxRecord) -> None:
    record.save()
    assert stat.S_IMODE(sandbox_dir(".state", "one.json").stat().st_mode) == 0o600


def test_secrets_are_not_shown(record: SandboxRecord) -> None:
    for shown in (repr(record), repr(record.sandbox())):
        assert "hush" not in shown
        assert "sk-1" not in shown


def test_it_runs_while_both_processes_do(record: SandboxRecord) -> None:
    assert record.condition == "running"
    assert replace(record, provider=GONE).condition == "dead"
    assert replace(record, server=GONE).condition == "dead"


def test_without_a_token_it_starts_as_long_as_its_starter_lives(record: SandboxRecord) -> None:
    assert replace(record, token="").condition == "starting"
    assert replace(record, token="", starter=GONE).condition == "dead"


def test_the_sandbox_says_where_it_is(record: SandboxRecord) -> None:
    sandbox = record.sandbox()
    assert (sandbox.url, sandbox.provider_url) == ("http://127.0.0.1:8080", "http://127.0.0.1:9080")
    assert (sandbox.pid, sandbox.provider_pid) == (os.getpid(), os.getpid())
    assert replace(record, server=None).sandbox().pid == 0


def test_a_record_of_a_newer_release_is_read_without_what_only_that_one_knows(record: SandboxRecord) -> None:
    record.save()
    path = sandbox_dir(".state", f"{record.name}.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), "database": "postgresql"}))
    assert find(record.name) == record
