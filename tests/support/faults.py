"""Faults that strike one request of a command, wherever it comes from: the network, the server, or the machine."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from owui_sync import sandbox
from tests.support.project import Project, Ran
from tests.support.proxy import Answer, Proxy

FAULTS: Mapping[str, Answer] = {
    "reset": Answer(0, reset=True),
    "lost": Answer(0, cut=True, after=True),
    "cut": Answer(0, half=True),
    "500": Answer(500),
    "502": Answer(502),
    "503": Answer(503),
    "429": Answer(429),
    "page": Answer(200, b"<!doctype html><title>Please sign in</title>", "text/html; charset=utf-8"),
    "silence": Answer(0, silent=True),
}
"""What one request meets. The server has done its work before `lost` and `cut`, and knows nothing of the others."""

KILLS: Mapping[str, Answer] = {"kill": Answer(0, cut=True), "kill-after": Answer(0, cut=True, after=True)}
"""The process is killed before its request reaches the server, or once the server has done its work."""

RESTART = "restart"
"""The server is killed when the request arrives, and started again."""

BETWEEN = "restart-after"
"""The server is killed as soon as the command has ended, and started again before the next one."""

WRITERS = "writers"
"""A second process does the same at the same time, and the connection of one of the two is reset."""

_TIMEOUT = {"silence": "4"}
_LIMIT = 200.0


@dataclass(frozen=True, slots=True)
class Case:
    """A fault, and the number of the request that it strikes, counted from 1."""

    fault: str
    at: int

    def __str__(self) -> str:
        return f"{self.fault}@{self.at}"


@dataclass(slots=True)
class Breaker:
    """Breaks the request with that number and no other; `hit` says which one it was."""

    at: int
    answer: Answer
    number: int = 0
    hit: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, method: str, path: str) -> Answer | None:
        with self.lock:
            self.number += 1
            if self.number != self.at:
                return None
            self.hit = f"{method} {path}"
            return self.answer


Struck = tuple[str, Ran | None, list[Ran]]


def broken(project: Project, proxy: Proxy, case: Case, *words: str) -> Struck:
    """Run a command through the proxy with the fault.

    Returns:
        The request that was broken, how the command ended unless it was killed, and how others beside it ended.
    """
    words = (*words, "--format", "json")
    behind = replace(project, sandbox=replace(project.sandbox, url=proxy.url))
    if case.fault in KILLS:
        return _killed(behind, proxy, case, *words)
    if case.fault == RESTART:
        return _restarted(behind, proxy, case, *words)
    if case.fault == BETWEEN:
        return _restarted_after(behind, proxy, *words)
    breaker = proxy.rule = Breaker(case.at, FAULTS["reset" if case.fault == WRITERS else case.fault])
    if case.fault == WRITERS:
        other = behind.start(*words)
        ran, ended = behind.run(*words), _ended(other)
        return breaker.hit, ran, [ended]
    patience = ("--timeout", _TIMEOUT[case.fault]) if case.fault in _TIMEOUT else ()
    ran = behind.run(*words, *patience)
    return breaker.hit, ran, []


def _killed(behind: Project, proxy: Proxy, case: Case, *words: str) -> Struck:
    processes: list[subprocess.Popen[str]] = []
    started = threading.Event()

    def kill() -> None:
        started.wait()
        processes[0].kill()

    breaker = proxy.rule = Breaker(case.at, replace(KILLS[case.fault], then=kill))
    processes.append(behind.start(*words))
    started.set()
    ran = _ended(processes[0])
    return breaker.hit, None if breaker.hit else ran, []


def _restarted(behind: Project, proxy: Proxy, case: Case, *words: str) -> Struck:
    up = threading.Thread(target=sandbox.restart, args=(behind.sandbox.name,), kwargs={"deadline": _LIMIT})

    def kill() -> None:
        _kill_server(behind)
        up.start()

    breaker = proxy.rule = Breaker(case.at, Answer(0, cut=True, then=kill))
    ran = behind.run(*words)
    if breaker.hit:
        up.join()
    return breaker.hit, ran, []


def _restarted_after(behind: Project, proxy: Proxy, *words: str) -> Struck:
    proxy.rule = lambda method, path: None
    ran = behind.run(*words)
    _kill_server(behind)
    sandbox.restart(behind.sandbox.name, deadline=_LIMIT)
    return "the end", ran, []


def _kill_server(behind: Project) -> None:
    """Kill all its processes; it writes nothing any more."""
    [pid] = [one.sandbox.pid for one in sandbox.status() if one.sandbox.name == behind.sandbox.name]
    os.killpg(pid, signal.SIGKILL)


def _ended(process: subprocess.Popen[str]) -> Ran:
    try:
        out, err = process.communicate(timeout=_LIMIT)
    finally:
        process.kill()
    return Ran(process.returncode, out, err)
