"""Where units of work are done: in this process, in others on this machine, or on an existing Dask cluster."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context, parent_process
from typing import Protocol

from owui_sync.errors import Diagnostic, UsageError
from owui_sync.fleet.run_instance import failed, run_instance
from owui_sync.fleet.unit import InstanceReport, InstanceSpec

MOST_RUNS = 3
"""How often an instance is started whose worker dies."""


class Place(Protocol):
    """Where units of work are done."""

    async def run(self, spec: InstanceSpec) -> InstanceReport:
        """Do one unit of work."""

    async def __aenter__(self) -> Place:
        """Get ready."""

    async def __aexit__(self, *_: object) -> None:
        """Let go of all that was made ready."""


@dataclass(slots=True)
class ThisProcess:
    """Units of work are awaited here, next to each other.

    Args:
        is_stopped: as for `run_instance`.
    """

    is_stopped: Callable[[], bool]

    async def run(self, spec: InstanceSpec) -> InstanceReport:
        """Do one unit of work."""
        return await run_instance(spec, self.is_stopped)

    async def __aenter__(self) -> ThisProcess:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing was made ready."""


def run_in_worker(spec: InstanceSpec) -> InstanceReport:
    """Do one unit of work in a process, or a thread, that has no event loop."""
    return asyncio.run(run_instance(spec))


_orphaned = threading.Event()
_at_work = threading.Lock()


def _run_in_process(spec: InstanceSpec) -> InstanceReport:
    """Do one unit of work in a process of ours; what is in flight when we are killed is finished and recorded."""
    with _at_work:
        return asyncio.run(run_instance(spec, _orphaned.is_set))


def _begin_process() -> None:
    """Make a process of ours end when we do, and not by itself.

    Ctrl-C at a terminal reaches every process: only the one that the person started decides what it means.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait until we are gone; a pool whose owner was killed waits for work for ever."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    _orphaned.set()
    with _at_work:
        os._exit(1)


@dataclass(slots=True)
class Processes:
    """Each unit of work is done in one of several processes.

    Each process is a pool of its own: when one dies, only its own instance is started again.

    Args:
        count: how many processes there are.
    """

    count: int
    _free: asyncio.Queue[Executor] = field(default_factory=asyncio.Queue)
    _pools: list[Executor] = field(default_factory=list)

    async def run(self, spec: InstanceSpec) -> InstanceReport:
        """Do one unit of work as soon as a process is free."""
        pool = await self._free.get()
        try:
            for number in range(1, MOST_RUNS + 1):
                try:
                    done = await asyncio.wrap_future(pool.submit(_run_in_process, spec))
                    return replace(done, runs=number)
                except BrokenExecutor:
                    self._pools.remove(pool)
                    pool.shutdown(wait=False)
                    pool = self._start()
            return lost(spec, MOST_RUNS)
        finally:
            self._free.put_nowait(pool)

    async def __aenter__(self) -> Processes:
        for _ in range(self.count):
            self._free.put_nowait(self._start())
        return self

    async def __aexit__(self, *_: object) -> None:
        for pool in self._pools:
            pool.shutdown(wait=False, cancel_futures=True)

    def _start(self) -> Executor:
        pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin_process)
        self._pools.append(pool)
        return pool


def lost(spec: InstanceSpec, runs: int) -> InstanceReport:
    """Return the report of an instance whose worker died again and again."""
    problem = Diagnostic(
        f"its worker died {runs} times (worker-lost): what it did is not known",
        hint="look at the worker's memory and log; then continue with --resume, which adopts what was created",
    )
    return replace(failed(spec, 1, [problem]), runs=runs)


@dataclass(frozen=True, slots=True)
class Executing:
    """Where the work is done, as the command line says it.

    Args:
        place: `local`, `processes`, `processes:N` or `dask:ADDRESS`.
        sends_secrets: secrets travel to the workers of Dask.
    """

    place: str = "local"
    sends_secrets: bool = False


def place_for(executing: Executing, specs: Mapping[str, InstanceSpec], is_stopped: Callable[[], bool]) -> Place:
    """Return where units of work are done.

    Args:
        executing: what the command line says.
        specs: all that will be done there.
        is_stopped: as for `run_instance`.

    Raises:
        UsageError: the text names no such place.
    """
    text = executing.place
    kind, _, argument = text.partition(":")
    if kind == "dask" and argument:
        from owui_sync.fleet.dask import Dask

        return Dask(argument, specs, executing.sends_secrets)
    if executing.sends_secrets:
        raise UsageError("--send-secrets is for --executor dask:ADDRESS: others have the secrets of this process")
    if text == "local":
        return ThisProcess(is_stopped)
    if kind == "processes" and (not argument or (argument.isdecimal() and int(argument) > 0)):
        return Processes(int(argument) if argument else os.cpu_count() or 1)
    raise UsageError(
        f"--executor takes local, processes, processes:N or dask:ADDRESS, not {text!r}",
        hint="such as --executor dask:tls://scheduler.example.com:8786",
    )
