"""The lines of the summary of an apply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from owui_sync.apply.outcome import Failure, Outcome, Result, Status
from owui_sync.plan.types import Action
from owui_sync.report.lines import Line
from owui_sync.report.visible import visible, visible_lines

_DONE = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.ADOPT: "adopted",
    Action.MOVE: "moved",
    Action.REPLACE: "replaced",
    Action.DELETE: "deleted",
}
_ALIKE = 5
"""More skipped changes than this with the same reason are only counted."""
_SKIPPED = 20
"""So many lines say what was skipped; one failure at the bottom can take hundreds with it."""


def outcome_lines(outcome: Outcome, seconds: float) -> Iterator[Line]:
    """Yield the lines of the summary of an apply that took `seconds`."""
    failed = [result for result in outcome.results if result.status is Status.FAILED or result.partial]
    skipped = [result for result in outcome.results if result.status is Status.SKIPPED]
    for result in failed:
        yield from _failure(result)
    yield from _skips(skipped)
    if failed or skipped:
        yield Line()
    if outcome.interrupted:
        end = "finished." if outcome.unrecorded else "finished and recorded."
        yield Line((), (("Interrupted. ", "bold red"), (f"Changes in flight were {end}", "")))
    if outcome.unrecorded:
        yield from _unrecorded(outcome.unrecorded)
    yield _counts(outcome, seconds)


def _failure(result: Result) -> Iterator[Line]:
    change, error = result.change, result.error
    what = f"{_DONE[change.action]}, but not all of it" if result.partial else f"{change.action} failed"
    yield Line((("x ", "bold red"), (f"{visible(change.address)}  ", "bold red")), ((what, ""),), 2)
    if error:
        yield from why(error)
    if error and error.hint:
        yield Line((("help: ", "cyan"),), ((visible(error.hint), ""),), 6)


def why(error: Failure) -> Iterator[Line]:
    """Yield the request that failed, and the words of whoever refused it."""
    if error.request:
        status = f" -> {error.status}" if error.status else ""
        yield Line((), ((f"{visible(error.request)}{status}", "dim"),), 6)
    for each in visible_lines(error.detail).split("\n"):
        yield Line((), ((each, ""),), 6)


def _unrecorded(error: Failure) -> Iterator[Line]:
    yield Line((), (("The changes could not be recorded in the inventory:", "bold red"),))
    yield from why(error)
    yield Line((("help: ", "cyan"),), (("apply again: it adopts the existing objects and records them", ""),), 6)
    yield Line()


def _skips(skipped: Sequence[Result]) -> Iterator[Line]:
    """Yield what was skipped: one by one where reasons differ, as a count where many have the same."""
    alike: dict[str, list[Result]] = {}
    for result in skipped:
        alike.setdefault(result.error.detail if result.error else "", []).append(result)
    counts = {why: len(results) for why, results in alike.items() if len(results) > _ALIKE}
    single = [result for why, results in alike.items() if why not in counts for result in results]
    for result in single[:_SKIPPED]:
        yield _skipped(result)
    if len(single) > _SKIPPED:
        yield Line((), ((f"… {len(single) - _SKIPPED:,} more skipped", "dim"),), 2)
    for why, count in list(counts.items())[:_SKIPPED]:
        yield Line((("· ", "yellow"),), ((f"{count:,} skipped{_because(why)}", ""),), 2)
    if rest := list(counts.values())[_SKIPPED:]:
        yield Line((), ((f"… {sum(rest):,} more skipped, for {len(rest)} more reasons", "dim"),), 2)


def _because(why: str) -> str:
    return f": {visible(why)}" if why else ""


def _skipped(result: Result) -> Line:
    detail = _because(result.error.detail) if result.error else ""
    lead = (("· ", "yellow"), (f"{visible(result.change.address)}  ", ""))
    return Line(lead, ((f"{result.change.action} skipped{detail}", "dim"),), 2)


def _counts(outcome: Outcome, seconds: float) -> Line:
    done = [result.change.action for result in outcome.results if result.status is Status.DONE]
    counts = [f"{done.count(action):,} {word}" for action, word in _DONE.items() if action in done]
    text = f"{', '.join(counts) or 'nothing'} in {duration(seconds)}"
    partial, failed, skipped = partial_count(outcome), outcome.count(Status.FAILED), outcome.count(Status.SKIPPED)
    words = ((partial, "incomplete"), (failed, "failed"), (skipped, "skipped"))
    bad = [f"{count:,} {word}" for count, word in words if count]
    head = ("Applied: ", "bold red" if failed or partial else "bold yellow" if skipped else "bold green")
    return Line((), (head, (text, ""), (f"; {', '.join(bad)}" if bad else "", "bold red")))


def partial_count(outcome: Outcome) -> int:
    """Return how many objects are there without all that they are to hold."""
    return sum(result.partial for result in outcome.results)


def duration(seconds: float) -> str:
    """Return `0.1 s`, `12 s`, `3 min 20 s`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
