"""Starts and stops processes by group, and never takes one for another that got the same pid later."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True)
class Process:
    """A process as it was when we saw it: its pid, and when it started, which tells it from a later one."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> Process:
        """Return the process that has this pid now; one that is gone gets a start that never matches."""
        return cls(pid, _started(pid) or "gone")

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        if child := _children.get(self.pid):
            child.poll()
        return _started(self.pid) == self.started


def spawn(command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path, user: str | None = None) -> Process:
    """Start a process in a session and group of its own, its output going to the end of `log`.

    Args:
        user: whom it is to run as; None for the user that we run as.
    """
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
    _children[child.pid] = child
    return Process.of(child.pid)


def stop(processes: Iterable[Process], grace: float = 5.0) -> None:
    """End the processes and their groups: asks all of them, waits `grace` seconds, then kills what is left.

    A process that is gone, whose pid another one has by now, or that is the caller itself, is left alone.
    """
    targets = [process for process in processes if process.pid != os.getpid()]
    for sign, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, grace)):
        targets = [process for process in targets if process.alive]
        for process in targets:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, sign)
        _wait_for_end(targets, seconds)


@contextmanager
def frozen(processes: Iterable[Process]) -> Iterator[None]:
    """Stop the processes and their groups in their tracks while the block runs."""
    held = [process for process in processes if process.alive]
    try:
        for process in held:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGSTOP)
        yield
    finally:
        for process in held:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGCONT)


def _wait_for_end(processes: list[Process], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while any(process.alive for process in processes) and time.monotonic() < deadline:
        time.sleep(0.02)


def _started(pid: int) -> str | None:
    """When the process started, in a form to compare with; None if it is gone or only waits to be reaped."""
    if not Path("/proc/self/stat").exists():
        return _started_by_ps(pid)
    try:
        # The name, in parentheses, may hold anything: the fields after it start at the state.
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else fields[19]


def _started_by_ps(pid: int) -> str | None:
    ps = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, started = ps.stdout.strip().partition(" ")
    return None if not started or state.startswith("Z") else started.strip()
