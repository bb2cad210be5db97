"""A command over many instances: the waves with the work of each instance, and the report of it all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from owui_sync.apply.signals import stop_on_signal
from owui_sync.errors import Diagnostic
from owui_sync.fleet.executors import Executing, Place, place_for
from owui_sync.fleet.report import FleetReport
from owui_sync.fleet.rollout import Rollout
from owui_sync.fleet.unit import Command, InstanceReport, InstanceSpec, Status
from owui_sync.fleet.wave import ALL, AT_ONCE, Wave
from owui_sync.plan.file.document import PROBLEM
from owui_sync.values import Json
from owui_sync.wording import listed_briefly

_STOPPING = "stopping: instances in flight are finished and recorded; press Ctrl-C again to stop at once"
_TICK = 0.2
"""Seconds between two looks at whether to go on waiting."""

Waves = Sequence[tuple[Wave, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told how it goes.

    Args:
        tell: gets what happens, in words for a person.
        finished: gets the report of each instance, how many are finished and how many there are.
        checkpoint: called now and then, so that what is known by then outlives this process.
    """

    tell: Callable[[str], None]
    finished: Callable[[InstanceReport, int, int], None]
    checkpoint: Callable[[], None] = lambda: None


@dataclass(slots=True)
class FleetRun:
    """One command over many instances.

    Args:
        specs: name -> what is to be done with the instance.
        waves: which instances follow which.
        report: gets what comes of them; it may hold those of an earlier run.
        listener: is told how it goes.
        executing: where the work is done.
        at_once: instances at the same time in waves that say nothing.
        bakes: whether to wait after waves that say so, and to plan them again.
    """

    specs: Mapping[str, InstanceSpec]
    waves: Waves
    report: FleetReport
    listener: Listener
    executing: Executing = field(default_factory=Executing)
    at_once: int = AT_ONCE
    bakes: bool = True
    _finished: int = 0
    _reports: dict[str, InstanceReport] = field(default_factory=dict)

    async def run(self) -> None:
        """Do the work; a first signal stops it in good order, a second one at once. The report holds what came of it.

        Raises:
            OwuiSyncError: the executor cannot be used; nothing was started.
        """
        with stop_on_signal(lambda: self.listener.tell(_STOPPING)) as is_stopped:
            async with place_for(self.executing, self.specs, is_stopped) as place:
                rollout = Rollout(
                    lambda name: self._work(place, name),
                    (lambda wave, names: self._bake(place, is_stopped, wave, names)) if self.bakes else None,
                    self.at_once,
                    is_stopped,
                )
                try:
                    self.report.end_waves(await rollout.run(self.waves))
                except asyncio.CancelledError:
                    self._end_at_once()
        self.report.interrupted = self.report.interrupted or is_stopped()

    def _end_at_once(self) -> None:
        """Name the instances whose end is not known, and those that were not started."""
        self.report.interrupted = True
        left = [name for _, names in self.waves for name in names if name not in self.report.instances]
        self.report.leave_out(left, "the run was stopped at once")

    async def _work(self, place: Place, name: str) -> bool:
        try:
            report = await place.run(self.specs[name])
        except asyncio.CancelledError:
            problem = Diagnostic(
                "stopped at once: what its worker did is not known",
                hint="continue with --resume, which adopts what was created",
            )
            report = InstanceReport(name, Status.FAILED, 130, problems=(PROBLEM.dump(problem),))
        self._finished += 1
        self._reports[name] = replace(report, changes=(), plan=None)
        self.report.add(report)
        self.listener.finished(report, self._finished, len(self.specs))
        self.listener.checkpoint()
        return report.is_done

    async def _bake(self, place: Place, is_stopped: Callable[[], bool], wave: Wave, names: Sequence[str]) -> str:
        """Wait, and plan the instances of a wave again. Returns why the next one must not start, or an empty text."""
        self.listener.tell(f"wave {wave.name}: waiting {wave.bake:g} s before it is planned again")
        end = time.monotonic() + wave.bake
        while time.monotonic() < end:
            if is_stopped():
                return "the run was stopped"
            await asyncio.sleep(min(_TICK, wave.bake))
        changed: list[str] = []

        async def look(name: str) -> bool:
            again = await place.run(replace(self.specs[name], command=Command.PLAN, saved=None, saves=False))
            problems = [*again.problems, *map(_unsettled, filter(_is_unsettled, again.changes))]
            report = replace(self._reports[name], baked=not problems)
            if problems:
                changed.append(name)
                report = replace(report, status=Status.FAILED, exit=again.exit or 3, problems=tuple(problems))
            self.report.add(report)
            return not problems

        everything = Wave(wave.name, parallel=wave.parallel, max_failures=ALL)
        await Rollout(look, None, self.at_once, is_stopped).run([(everything, names)])
        if not changed:
            return ""
        return f"planned again after {wave.bake:g} s, {listed_briefly(sorted(changed), 5)} differ from what was left"


def _is_unsettled(change: Json) -> bool:
    """Return whether a change of a plan that should be empty counts: jobs that always run are always due."""
    return not (change["action"] == "run" and change.get("reason") == "always")


def _unsettled(change: Json) -> Json:
    reason = change.get("reason") or f"{len(change['fields'])} fields differ"
    message = f"{change['kind']}/{change['key']} is not as it was left: {change['action']}, {reason}"
    return PROBLEM.dump(Diagnostic(message, hint="see who or what changes it; then continue with --resume"))
