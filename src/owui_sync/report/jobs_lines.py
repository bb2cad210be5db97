"""The lines of a terminal about jobs: how they went, and how the last runs went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from owui_sync.apply.outcome import Failure, Status
from owui_sync.jobs.outcome import JobResult, Verdict
from owui_sync.report.lines import Line, Span, cells, padded
from owui_sync.report.outcome_lines import duration, why
from owui_sync.report.visible import visible, visible_lines
from owui_sync.wording import counted, shortened

_SHOWN = 20
"""Lines of an answer that a failed job shows."""
_LINE = 300
_STATES = {"done": "green", "failed": "bold red", "unmet": "bold red", "running": "yellow"}


def jobs_lines(results: Sequence[JobResult]) -> Iterator[Line]:
    """Yield how jobs went: one line each, more for those that failed, and the counts."""
    for result in results:
        yield _head(result)
        if result.status is Status.FAILED:
            yield from _failed(result)
        if result.unrecorded and result.status is not Status.SKIPPED:
            yield from _unrecorded(result.unrecorded)
        for note in result.answered.notes:
            yield Line((("note: ", "cyan"),), ((visible(note), ""),), 6)
    yield Line()
    yield _counts(results)


def _head(result: JobResult) -> Line:
    mark: Span = {
        Status.DONE: ("✓ ", "bold green"),
        Status.FAILED: ("x ", "bold red"),
        Status.SKIPPED: ("· ", "yellow"),
    }[result.status]
    lead = (mark, (f"{visible(result.due.job.address)}  ", "bold"))
    if result.status is Status.SKIPPED:
        return Line(lead, ((f"skipped: {visible(result.error.detail if result.error else '')}", "dim"),), 2)
    facts = [result.status.value, duration(result.seconds)]
    facts += [counted(result.answered.tokens, "token")] if result.answered.tokens else []
    facts += [f"{visible(output)} written" for output in result.outputs]
    return Line(lead, ((", ".join(facts), ""), (f"  {visible(result.chat_url)}", "dim")), 2)


def _failed(result: JobResult) -> Iterator[Line]:
    unmet = [verdict for verdict in result.verdicts if not verdict.met]
    for verdict in unmet:
        yield _missing(verdict)
    if unmet:
        yield Line((), (("the answer was:", "dim"),), 6)
        lines = visible_lines(result.answered.text).split("\n")
        yield from (Line((("│ ", "dim"),), ((shortened(line, _LINE), ""),), 6) for line in lines[:_SHOWN])
        if len(lines) > _SHOWN:
            yield Line((), ((f"… {counted(len(lines) - _SHOWN, 'more line')}, see the chat", "dim"),), 6)
    elif result.error:
        yield from why(result.error)
        if result.error.hint:
            yield Line((("help: ", "cyan"),), ((visible(result.error.hint), ""),), 6)


def _unrecorded(error: Failure) -> Iterator[Line]:
    yield Line((), (("how it ended could not be written down:", "bold red"),), 6)
    yield from why(error)


def _missing(verdict: Verdict) -> Line:
    reason = f": {visible(verdict.reason)}" if verdict.reason else ""
    return Line((("expected ", "red"),), ((f"{verdict.check} {visible(verdict.wanted)}{reason}", ""),), 6)


def _counts(results: Sequence[JobResult]) -> Line:
    counts = {status: sum(result.status is status for result in results) for status in Status}
    body: list[Span] = [(f"{counts[Status.DONE]:,} done", "green" if counts[Status.DONE] else "dim")]
    body += [(f", {counts[Status.FAILED]:,} failed", "bold red")] if counts[Status.FAILED] else []
    body += [(f", {counts[Status.SKIPPED]:,} skipped", "yellow")] if counts[Status.SKIPPED] else []
    return Line((), (("Jobs: ", "bold"), *body))


def known_lines(jobs: Sequence[dict[str, Any]]) -> Iterator[Line]:
    """Yield the jobs of the manifests with their last runs, as rows."""
    if not jobs:
        yield Line((), (("the manifests have no jobs", "dim"),))
        return
    column = max(cells(visible(job["name"])) for job in jobs) + 2
    for job in jobs:
        state = job["state"]
        facts = [job["finished_at"] or job["started_at"]]
        facts += [duration(job["seconds"])] if job["seconds"] else []
        facts += [counted(job["tokens"], "token")] if job["tokens"] else []
        facts += [f"due: {visible(job['due'])}"] if job["due"] and job["due"] != state else []
        lead = ((padded(visible(job["name"]), column), "bold"), (padded(state, 11), _STATES.get(state, "dim")))
        yield Line(lead, ((", ".join(filter(None, facts)), ""), (f"  {job['chat_url'] or ''}", "dim")))
        if job["error"]:
            yield Line((), ((visible(job["error"]), "red"),), column)
