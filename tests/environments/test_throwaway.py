"""A throwaway server is gone with the command that started it, however that ended."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from owui_sync.sandbox.install import install
from owui_sync.sandbox.ports import is_free
from owui_sync.sandbox.state import SandboxRecord, records, scratch_of
from tests.support.project import Project

pytestmark = [pytest.mark.slow, pytest.mark.server]


def started(command: subprocess.Popen[str]) -> SandboxRecord:
    """Wait until the server of a command is started, which is long before it answers."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and command.poll() is None:
        for record in records():
            if f"-{command.pid}-" in record.name and record.server:
                return record
        time.sleep(0.02)
    raise AssertionError(f"no server was started: {command.communicate()}")


def test_killed_commands_leave_nothing_and_two_at_once_do_not_meet(project: Project) -> None:
    install("0.11.4")  # Commands of tests do not have what this machine needs to reach a package index.
    project.write(f"prompts: {{{project.stack}: {{content: x}}}}")
    commands = [
        project.start("test", ".", "--version", project.sandbox.version),
        project.start("rehearse", ".", "--from", "0.11.4", "--to", "0.12.4"),
    ]
    killed, ended = (started(command) for command in commands)
    assert not set(killed.ports) & set(ended.ports)
    commands[0].kill()
    commands[1].send_signal(signal.SIGTERM)
    for command in commands:
        command.communicate(timeout=60)
    assert commands[1].returncode == 130
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and any(left(record) for record in (killed, ended)):
        time.sleep(0.1)
    assert [left(record) for record in (killed, ended)] == [[], []]


def left(record: SandboxRecord) -> list[str]:
    """Say what is left of a sandbox."""
    found = [f"process {process.pid}" for process in record.processes if process.alive]
    found += [f"port {port}" for port in record.ports if not is_free(port)]
    folders: list[Path] = [scratch_of(record.name)]
    found += [str(folder) for folder in folders if folder.exists()]
    return found + [f"record {each.name}" for each in records() if each.name == record.name]
