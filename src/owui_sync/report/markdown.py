"""Reports as Markdown for a comment on a pull request: what destroys something first, and never too long to post.

Whatever a user or a server wrote stands inside code (`markdown_parts`), and whole pieces are cut (`markdown_fit`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from owui_sync.apply.outcome import Failure, Outcome, Result, Status
from owui_sync.errors import Diagnostic, OwuiSyncError
from owui_sync.jobs.outcome import JobResult
from owui_sync.plan.file.document import digest_of
from owui_sync.plan.types import Action, Change, DueJob, Plan
from owui_sync.report.fields import INDENT, field_lines
from owui_sync.report.lines import Line
from owui_sync.report.markdown_fit import Piece, Section, fitted, size
from owui_sync.report.markdown_parts import FENCE_LINES, code, details, fence, html_code, html_words, words
from owui_sync.report.outcome_lines import duration, partial_count
from owui_sync.report.run_report import RunReport
from owui_sync.report.settings import Settings
from owui_sync.report.visible import visible, visible_lines
from owui_sync.wording import counted

LIMIT = 65_000
"""Characters of a report. GitHub takes 65,536; the rest is for what a workflow puts around it."""

_WIDTH = 100
"""Columns in which fields are arranged."""

_DESTROYING = (Action.DELETE, Action.REPLACE)
_ORDER = (*_DESTROYING, *(action for action in Action if action not in _DESTROYING))


def plan_markdown(plan: Plan, settings: Settings | None = None, error: OwuiSyncError | None = None) -> str:
    """Return what an apply would do, in at most `LIMIT` characters.

    Args:
        plan: the plan.
        settings: whether to list unchanged objects too, and to show every line that differs.
        error: why it is not applied.
    """
    settings = settings or Settings()
    problems = error.problems if error else plan.refusals
    sections = [
        Section("Refused" if plan.refusals else "Failed", [_problem(problem) for problem in problems]),
        *plan_sections(plan, full_diff=settings.full_diff),
        _warnings(plan.warnings),
    ]
    unchanged = [_address(address) for address in plan.unchanged] if settings.show_unchanged else []
    return _report("plan", plan, _planned(plan), sections, Section("Unchanged", unchanged))


def plan_sections(plan: Plan, *, full_diff: bool = False) -> list[Section]:
    """Return what an apply would do, what destroys something first; `full_diff` shows every line that differs."""
    changes = sorted(plan.changes, key=lambda change: _ORDER.index(change.action))
    return [
        Section("To delete or replace", [_change(c, full_diff) for c in changes if c.action in _DESTROYING]),
        Section("To change", [_change(c, full_diff) for c in changes if c.action not in _DESTROYING]),
        Section("Jobs to run", [_due(due) for due in plan.jobs]),
        Section("Not signed in yet", [_address(address) for address in plan.awaited]),
    ]


def job_sections(jobs: Sequence[JobResult]) -> list[Section]:
    """Return how jobs went, those that failed first."""
    return [
        Section("Jobs that failed", [_job(job) for job in jobs if job.status is Status.FAILED]),
        Section("Jobs", [_job(job) for job in jobs if job.status is not Status.FAILED]),
    ]


def error_markdown(report: RunReport) -> str:
    """Return why a command ended without a plan."""
    problems = report.error.problems if report.error else ()
    body = fitted([Section("Failed", [_problem(problem) for problem in problems])], LIMIT - 100)
    return f"## owui-sync {report.command}: failed\n\n{body}\n"


def _problem(problem: Diagnostic) -> Piece:
    first, *rest = visible_lines(problem.message).split("\n")
    short = f"- {code(first)}" + (f" at {code(problem.where)}" if problem.where else "")
    more = [*rest, *([f"help: {visible(problem.hint)}"] if problem.hint else [])]
    if not more:
        return Piece(short)
    place = f" at {html_code(problem.where)}" if problem.where else ""
    return Piece(short, lambda: details(f"{html_code(first)}{place}", fence(more)))


def outcome_markdown(outcome: Outcome, seconds: float, jobs: Sequence[JobResult] = ()) -> str:
    """Return how an apply went, in at most `LIMIT` characters: failures first.

    Args:
        outcome: the changes.
        seconds: wall time.
        jobs: those that ran after the changes.
    """
    results = sorted(outcome.results, key=lambda result: _ORDER.index(result.change.action))
    done = [result.change for result in results if result.status is Status.DONE]
    unrecorded = [_failure("inventory", "not kept", outcome.unrecorded)] if outcome.unrecorded else []
    unrecorded += [_failure(job.due.job.address, "not written down", job.unrecorded) for job in jobs if job.unrecorded]
    sections = [
        Section("Not recorded", unrecorded),
        Section("Failed", [_result(result) for result in results if result.status is Status.FAILED]),
        Section("Incomplete", [_result(result) for result in results if result.partial]),
        Section("Jobs that failed", [_job(job) for job in jobs if job.status is Status.FAILED]),
        Section("Skipped", [_result(result) for result in results if result.status is Status.SKIPPED]),
        Section("Deleted or replaced", [_change(change) for change in done if change.action in _DESTROYING]),
        Section("Changed", [_change(change) for change in done if change.action not in _DESTROYING]),
        Section("Jobs", [_job(job) for job in jobs if job.status is not Status.FAILED]),
        _warnings(outcome.plan.warnings),
    ]
    return _report("apply", outcome.plan, _applied(outcome, seconds), sections)


def _report(command: str, plan: Plan, summary: str, sections: Sequence[Section], rest: Section | None = None) -> str:
    """Return the whole report; `rest` only gets the room that the sections leave."""
    server = f"{code(plan.server.url)}, Open WebUI {code(plan.server.version)}"
    digest = f"Digest {code(digest_of(plan))}"
    text = f"## owui-sync {command}: stack {code(plan.stack)}\n\n{summary}\n\n{server}\n\n{digest}\n"
    for some in (sections, [rest] if rest else []):
        body = fitted(some, LIMIT - size(text) - 2)
        text += f"\n{body}\n" if body else ""
    return text


def _planned(plan: Plan) -> str:
    counts = [f"{count:,} to {action}" for action in _ORDER if (count := plan.count(action))]
    counts += [f"{counted(len(plan.awaited), 'user')} not signed in yet"] if plan.awaited else []
    counts += [f"{counted(len(plan.jobs), 'job')} to run"] if plan.jobs else []
    return f"**{', '.join(counts) or 'No changes'}**, {len(plan.unchanged):,} unchanged."


def _applied(outcome: Outcome, seconds: float) -> str:
    done = [result.change.action for result in outcome.results if result.status is Status.DONE]
    made = ", ".join(f"{action} {done.count(action):,}" for action in _ORDER if action in done) or "nothing"
    counts = {"incomplete": partial_count(outcome)}
    counts |= {status.value: outcome.count(status) for status in (Status.FAILED, Status.SKIPPED)}
    bad = [f"{count:,} {word}" for word, count in counts.items() if count]
    text = f"**Done: {made}**" + (f", **{', '.join(bad)}**" if bad else "") + f", in {duration(seconds)}."
    end = "finished" if outcome.unrecorded else "finished and recorded"
    return text + (f" Interrupted; changes in flight were {end}." if outcome.interrupted else "")


def _change(change: Change, full_diff: bool = False) -> Piece:
    name, what = f"{change.action.symbol} {change.address}", _what(change)
    short = f"- {code(name)} {what}" + (f", {words(change.reason)}" if change.reason else "")
    if change.action is Action.DELETE or not change.fields:
        return Piece(short)

    def full() -> str:
        summary = f"{html_code(name)} {what}" + (f", {html_words(change.reason)}" if change.reason else "")
        lines = [_diff(line) for line in field_lines(change, _WIDTH, full=full_diff)]
        return details(summary, fence(lines, "diff", most=len(lines) if full_diff else FENCE_LINES))

    return Piece(short, full)


def _what(change: Change) -> str:
    return change.action.value + (f", {counted(len(change.fields), 'field')}" if change.fields else "")


def _diff(line: Line) -> str:
    """Return a line of the human plan as one of a difference, whose marks stand at the beginning."""
    if line.indent == INDENT:
        return f"  {line.text.strip()}"
    mark, text = line.lead[0][0][0], "".join(text for text, _ in line.body)
    return f"@@ {text} @@" if mark == "@" else f"{mark} {text}"


def _due(due: DueJob) -> Piece:
    return Piece(f"- {code(f'> {due.job.address}')} due: {words(due.reason)}")


def _job(result: JobResult) -> Piece:
    """Return a job with its verdicts; what it answered opens on a click."""
    name, what = result.due.job.address, f"{result.status.value} in {duration(result.seconds)}"
    short = f"- {code(name)} {what}" + (f": {words(result.error.detail)}" if result.error else "")
    if result.status is Status.SKIPPED:
        return Piece(short)

    def full() -> str:
        checks = [
            f"{'met' if v.met else 'NOT MET'}: {v.check} {visible(v.wanted)} {visible(v.reason)}".rstrip()
            for v in result.verdicts
        ]
        why = list(_why(result.error)) if result.error and not checks else []
        answer = visible_lines(result.answered.text).split("\n")
        return details(f"{html_code(name)} {what}", fence([*checks, *why, visible(result.chat_url), "", *answer]))

    return Piece(short, full)


def _address(address: str) -> Piece:
    return Piece(f"- {code(address)}")


def _result(result: Result) -> Piece:
    return _failure(f"{result.change.action.symbol} {result.change.address}", result.change.action.value, result.error)


def _failure(name: str, what: str, error: Failure | None) -> Piece:
    if error is None:
        return Piece(f"- {code(name)} {what}")
    short = f"- {code(name)} {what}: {words(error.detail)}"
    return Piece(short, lambda: details(f"{html_code(name)} {what}", fence(list(_why(error)))))


def _why(error: Failure) -> Iterator[str]:
    if error.request:
        yield visible(error.request) + (f" -> {error.status}" if error.status else "")
    yield from visible_lines(error.detail).split("\n")
    if error.hint:
        yield f"help: {visible(error.hint)}"


def _warnings(warnings: Iterable[str]) -> Section:
    return Section("Warnings", [Piece(f"- {code(warning)}") for warning in warnings])
