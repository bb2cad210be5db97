"""The waves at work: what is started when, and when nothing more is. Knows the names of instances and no servers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from owui_sync.fleet.wave import AT_ONCE, Wave

Work = Callable[[str], Awaitable[bool]]
"""Does the work of one instance and returns whether it succeeded."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class WaveResult:
    """What came of a wave.

    Args:
        name: of the wave.
        size: how many instances it has in this run.
        started: those that were started, in that order.
        failed: those of them that failed.
        not_started: the others.
        stop: why nothing more was started in it or after it; empty: nothing stopped it.
    """

    name: str
    size: int
    started: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    not_started: tuple[str, ...] = ()
    stop: str = ""


@dataclass(slots=True)
class Rollout:
    """Runs waves one after the other.

    Args:
        work: what is done with an instance.
        bake: what is done after a wave that bakes: gets the wave and the instances that succeeded, and returns why
            the next wave must not start, or an empty text.
        at_once: instances at the same time in waves that say nothing.
        is_stopped: whether the user stopped the run.
    """

    work: Work
    bake: Callable[[Wave, Sequence[str]], Awaitable[str]] | None = None
    at_once: int = AT_ONCE
    is_stopped: Callable[[], bool] = _never

    async def run(self, waves: Sequence[tuple[Wave, Sequence[str]]]) -> list[WaveResult]:
        """Run the waves; after one that is stopped, the others are not started.

        When it is cancelled, the work in flight is cancelled too and awaited.
        """
        results: list[WaveResult] = []
        stop = ""
        for wave, names in waves:
            if stop:
                results.append(WaveResult(wave.name, len(names), not_started=tuple(names), stop=stop))
                continue
            result = await self._wave(wave, names)
            results.append(result)
            if result.stop:
                stop = f"wave {wave.name}: {result.stop}"
        return results

    async def _wave(self, wave: Wave, names: Sequence[str]) -> WaveResult:
        running = _RunningWave(wave, len(names), self.is_stopped)
        for batch in wave.split(names):
            if not running.stop:
                await running.do(self.work, batch, wave.parallel or self.at_once)
        stop = running.stop
        succeeded = [name for name in running.started if name not in running.failed]
        if not stop and wave.bake and self.bake and succeeded:
            stop = await self.bake(wave, succeeded)
        started = set(running.started)
        left = tuple(name for name in names if name not in started)
        return WaveResult(wave.name, len(names), tuple(running.started), tuple(running.failed), left, stop)


@dataclass(slots=True)
class _RunningWave:
    """A wave while it runs: what was started, what failed."""

    wave: Wave
    size: int
    is_stopped: Callable[[], bool]
    started: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def stop(self) -> str:
        """Why nothing more is started; empty: it goes on."""
        if self.is_stopped():
            return "the run was stopped"
        if self.wave.max_failures.is_exceeded(len(self.failed), self.size):
            return f"{len(self.failed)} of {self.size} failed, and at most {self.wave.max_failures} may"
        return ""

    async def do(self, work: Work, names: Sequence[str], parallel: int) -> None:
        """Do the work of a batch, so many at once, until it is done or nothing more is to be started."""
        waiting = list(reversed(names))
        running: dict[asyncio.Future[bool], str] = {}
        try:
            while running or (waiting and not self.stop):
                while waiting and len(running) < parallel and not self.stop:
                    name = waiting.pop()
                    self.started.append(name)
                    running[asyncio.ensure_future(work(name))] = name
                finished, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in finished:
                    name = running.pop(task)
                    if not task.result():
                        self.failed.append(name)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
