"""Runs a plan: what depends on nothing first, a bounded number at a time, and on past failures where it can."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace

from owui_sync.apply.context import RunContext, Unlocked
from owui_sync.apply.discretion import without_secrets
from owui_sync.apply.execute import execute, lost_paths, write_for
from owui_sync.apply.outcome import (
    Event,
    Failure,
    Finished,
    Listener,
    Outcome,
    Progressed,
    Result,
    Started,
    Status,
)
from owui_sync.apply.rivals import LostRace
from owui_sync.apply.shared import SharedLock, is_shared
from owui_sync.apply.steps import Step, steps_of
from owui_sync.client.errors import ApiError, Conflict, ConnectionFailed, Forbidden, Invalid, TimedOut, Unauthorized
from owui_sync.errors import OwuiSyncError
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.unfinished import PartialWrite
from owui_sync.kinds.write import Progress
from owui_sync.observe.details import with_reliable_token
from owui_sync.plan.id_references import mark
from owui_sync.plan.owners import owner_of
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, Change, InventoryEntry, Plan
from owui_sync.scheduler import run_graph
from owui_sync.wording import listed_briefly

_log = logging.getLogger(__name__)

_NAMED = 20
"""So many things that went wrong with one object are told."""


def _silent(event: Event) -> None:
    """Listen to nothing."""


@dataclass(slots=True)
class Runner:
    """One run of one plan.

    Args:
        plan: what to do; its preconditions hold for `snapshot`.
        snapshot: the server as it was read last, under the lock.
        context: the client, the lock of the stack, and whether the run goes on.
        listen: told of each change as it starts and ends.
        rivals: address -> the other stack that is making that object, see `owui_sync.apply.rivals`.

    Nothing more is started once the run is stopped, the lock is lost, or the server no longer answers.
    """

    plan: Plan
    snapshot: Snapshot
    context: RunContext
    listen: Listener = _silent
    rivals: Mapping[str, str] = field(default_factory=dict)
    silent: bool = False
    results: dict[int, Result] = field(default_factory=dict)
    records: dict[str, InventoryEntry] = field(default_factory=dict)
    written: dict[str, ObservedResource] = field(default_factory=dict)
    halves: dict[int, ObservedResource] = field(default_factory=dict)
    finished: int = 0
    shared: SharedLock = field(init=False)

    def __post_init__(self) -> None:
        self.shared = SharedLock(self.context.writer)

    async def run(self) -> Outcome:
        """Make all changes that can be made. Never raises for a change that failed: the outcome says so."""
        self.records = {**self.snapshot.inventory.records}
        await run_graph(steps_of(self.plan.changes), self._work, self.context.parallelism)
        results = tuple(self.results[number] for number in range(len(self.plan.changes)))
        return Outcome(self.plan, results, self.context.writer.requests, interrupted=self.context.is_stopped())

    async def _work(self, step: Step) -> None:
        result = await self._change(self.plan.changes[step.number], step)
        self.results[step.number] = result
        if step.last:
            self.finished += 1
            self.listen(Finished(result, self.finished, len(self.plan.changes)))

    async def _change(self, change: Change, step: Step) -> Result:
        earlier = self.results.get(step.number)
        if earlier and earlier.status is not Status.DONE:
            return earlier
        if reason := self._halted() if earlier else self._blocked(change) or self._halted():
            return Result(change, Status.FAILED if earlier else Status.SKIPPED, error=Failure(reason))
        if not earlier:
            self.listen(Started(change))
        live = self.snapshot.find(change.live_address, change.id) if change.id else None
        live = self.halves.get(step.number, live)
        start = time.perf_counter() - (earlier.seconds if earlier else 0)

        def tell(progress: Progress) -> None:
            self.listen(Progressed(change, progress))

        try:
            if change.action is Action.CREATE and change.address in self.rivals:
                raise LostRace(change.address, self.rivals[change.address])
            part = step.part_of(change)
            write = write_for(part, self.snapshot.names, self.plan.message)
            write = replace(write, tell=tell, halted=self._halted)
            async with self._alone(change):
                after = await execute(part, live, self.context.writer, write, self.plan.stack)
        except Exception as error:
            status = self._failed(change, error)
            said = without_secrets(failure(_cause(error)), change, live)
            return Result(change, status, time.perf_counter() - start, said)
        if step.last or after is None:
            self._remember(change, after)
        else:
            self._remember_part(change, after)
            self.halves[step.number] = after
        return Result(change, Status.DONE, time.perf_counter() - start)

    def _alone(self, change: Change) -> AbstractAsyncContextManager[None]:
        """Keep other runs from writing the object of a change, where those of other stacks may."""
        has_rivals = is_shared(change) and not isinstance(self.context.lock, Unlocked)
        return self.shared.hold() if has_rivals else nullcontext()

    def _blocked(self, change: Change) -> str | None:
        if not change.depends_on:
            return None
        bad = [
            result.change.address
            for result in self.results.values()
            if result.status is not Status.DONE and result.change.address in change.depends_on
        ]
        return f"it needs {', '.join(sorted(bad))}, which was not done" if bad else None

    def _halted(self) -> str | None:
        """Return why nothing more is started."""
        return self.context.stop_reason() or ("the server no longer answered" if self.silent else None)

    def _failed(self, change: Change, error: Exception) -> Status:
        """Remember what is there all the same.

        A creation that failed may have made the object, and then it is ours; a refused one has not. An object that can
        be used though something in it is missing counts as done, so that what needs it goes on.
        """
        self.silent = self.silent or isinstance(_cause(error), ConnectionFailed | TimedOut)
        made = change.action in (Action.CREATE, Action.REPLACE)
        if isinstance(error, PartialWrite) and error.live and (made or error.usable):
            self.snapshot.names.pin(change.kind, change.key, error.live.id)
            self._remember_part(change, error.live)
            return Status.DONE if error.usable else Status.FAILED
        if made and change.record and not isinstance(error, Conflict | Forbidden | Invalid | LostRace | Unauthorized):
            self.records[change.address] = replace(change.record, id="", marker="")
        if not isinstance(error, OwuiSyncError):
            _log.debug("internal error in %s", change.address, exc_info=error)
        return Status.FAILED

    def _remember_part(self, change: Change, after: ObservedResource) -> None:
        """Record what was not done as it was, so that the next plan does it and takes it for nobody's change."""
        self._remember(change, after)
        if change.record is None:
            return
        known = self.snapshot.inventory.records.get(change.live_address)
        lost = set(lost_paths(change, after))
        before = {path: value for path, value in (known.fields if known else {}).items() if path in lost}
        kept = {path: value for path, value in change.record.fields.items() if path not in lost}
        self.records[change.address] = replace(change.record, id=after.id, fields=kept | before, marker="")
        del self.written[change.address]

    def _remember(self, change: Change, after: ObservedResource | None) -> None:
        """Record what the inventory says now; a namesake that was deleted is not the object that it knows."""
        known = self.records.get(change.address)
        if change.moved_from and after is not None:
            self.records.pop(change.live_address, None)
        if change.record is not None and after is not None:
            seen, fields = with_reliable_token(after, self.context.writer).marker, change.record.fields
            marker = mark(seen, after.kind, after.values, fields, self.snapshot.names)
            owner = owner_of(after) or change.record.owner
            self.records[change.address] = replace(change.record, id=after.id, marker=marker, owner=owner)
            self.written[change.address] = after
        elif known and known.id in ("", change.id):
            del self.records[change.address]


def _cause(error: Exception) -> Exception:
    """Return what went wrong with an object of which only a part was done."""
    return error.cause if isinstance(error, PartialWrite) else error


def failure(error: Exception) -> Failure:
    """Return what a report says about an error."""
    if isinstance(error, ApiError):
        return Failure(error.detail, error.status, f"{error.method} {error.path}", error.problems[0].hint)
    if isinstance(error, OwuiSyncError):
        problem = error.problems[0]
        return Failure(_all(error), None, problem.where, problem.hint)
    return Failure(
        f"internal error: {type(error).__name__}: {error}", hint="this is a bug of owui-sync; -vv shows where"
    )


def _all(error: OwuiSyncError) -> str:
    """Return what went wrong, all of it as long as that can be read."""
    messages = [problem.message for problem in error.problems]
    return listed_briefly(messages, _NAMED, "; ")
