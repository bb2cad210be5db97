from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from owui_sync.sandbox.processes import Process, spawn, stop

DEAF = (
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print(child.pid, flush=True);"
    "time.sleep(60)"
)


def start(code: str, folder: Path) -> Process:
    return spawn([sys.executable, "-c", code], env=os.environ, cwd=folder, log=folder / "log")


def test_output_goes_to_the_end_of_the_log(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("before\n")
    process = start("print('after')", tmp_path)
    while process.alive:
        time.sleep(0.01)
    assert (tmp_path / "log").read_text() == "before\nafter\n"


def test_a_process_that_ended_is_not_alive_even_before_it_is_reaped() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    process = Process.of(child.pid)
    assert process.alive
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not process.alive
    child.communicate()


def test_stop_kills_what_does_not_listen_and_its_children(tmp_path: Path) -> None:
    process = start(DEAF, tmp_path)
    while not (said := (tmp_path / "log").read_text()):
        time.sleep(0.01)
    child = Process.of(int(said))
    assert child.alive
    stop([process], grace=0.3)
    assert not process.alive
    deadline = time.monotonic() + 5
    while child.alive and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not child.alive


def test_a_process_that_got_the_pid_later_is_left_alone(tmp_path: Path) -> None:
    process = start("import time; time.sleep(60)", tmp_path)
    stop([replace(process, started="1")], grace=0.1)
    assert process.alive
    stop([process])
    assert not process.alive


def test_stop_leaves_its_caller_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "killpg", lambda group, sign: sent.append((group, sign)))
    stop([Process.of(os.getpid())], grace=0.1)
    assert sent == []


def test_stop_asks_before_it_kills(tmp_path: Path) -> None:
    polite = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('bye', flush=True)));"
    process = start(polite + "print('up', flush=True); time.sleep(60)", tmp_path)
    while (tmp_path / "log").read_text() != "up\n":
        time.sleep(0.01)
    stop([process])
    assert (tmp_path / "log").read_text() == "up\nbye\n"


def test_a_pid_that_nobody_has_is_never_alive() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert not Process.of(child.pid).alive
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, signal.SIGCONT)
