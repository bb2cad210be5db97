"""What a message says of a run: counts, addresses and a link; no value of a field, and no text of an error.

A chat keeps what it was told, and its readers are not those of the server. So the message is made of what is harmless
there, and each format is made of the message alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from owui_sync import __version__
from owui_sync.apply.outcome import Status
from owui_sync.plan.drift import drifted
from owui_sync.plan.file.document import digest_of
from owui_sync.plan.types import Action, Plan
from owui_sync.report.plan_lines import summary_line
from owui_sync.report.run_report import RunReport
from owui_sync.report.visible import visible
from owui_sync.run.result import RunResult
from owui_sync.values import Json
from owui_sync.wording import counted

FORMAT = 1
"""Version of the message."""
MOST = 20
"""Addresses in a message."""

_DIFFERENCES = 2
_CARD = "application/vnd.microsoft.card.adaptive"


def events_of(report: RunReport) -> tuple[str, ...]:
    """Return what happened, the worst first: `failed`, `drift`, `applied`; empty if there is nothing to tell.

    A person who answered the question of an apply with no is told nothing that they do not know.
    """
    plan, result = report.plan, report.result
    is_given_up = report.reason == "interrupted" and result is None
    is_changed = result is not None and (
        result.outcome.count(Status.DONE) > 0 or any(job.status is Status.DONE for job in result.jobs)
    )
    found = {
        "failed": report.exit_code not in (0, _DIFFERENCES) and not is_given_up,
        "drift": plan is not None and drifted(plan) > 0,
        "applied": is_changed,
    }
    return tuple(event for event, happened in found.items() if happened)


def message_of(report: RunReport, environ: Mapping[str, str]) -> Json:
    """Return the message as receivers of the format `json` get it.

    Args:
        environ: names the run of a pipeline; see `run_url`.
    """
    plan, result = report.plan, report.result
    changes = _changes(plan, result)
    return {
        **head(report.command, events_of(report), report),
        "target": report.target,
        "stack": plan.stack if plan else None,
        "server": {"url": plan.server.url, "version": plan.server.version} if plan else None,
        "digest": digest_of(plan) if plan else None,
        "plan": _counts(plan) if plan else None,
        "result": {status.value: result.outcome.count(status) for status in Status} if result else None,
        "jobs": _job_counts(result) if result else None,
        "changes": changes[:MOST],
        "more": max(0, len(changes) - MOST),
        "run": run_url(environ),
        "text": _text(report),
    }


class Ended(Protocol):
    """How a run ended, whatever it was about."""

    @property
    def exit_code(self) -> int:
        """What the command ends with."""

    @property
    def reason(self) -> str:
        """Why it failed, in one word; empty when it did not."""

    @property
    def seconds(self) -> float:
        """Wall time."""

    @property
    def ended_at(self) -> float:
        """Seconds since 1970."""


def head(command: str, events: Iterable[str], run: Ended) -> Json:
    """Return the keys that every message begins with."""
    return {
        "format": FORMAT,
        "tool": __version__,
        "command": command,
        "events": list(events),
        "exit_code": run.exit_code,
        "reason": run.reason,
        "ended_at": datetime.fromtimestamp(run.ended_at, UTC).isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 3),
    }


def told(events: Iterable[str], run: Ended) -> str:
    """Return in words what happened."""
    return " and ".join(f"failed ({run.reason})" if one == "failed" else _HAPPENED[one] for one in events)


def _counts(plan: Plan) -> dict[str, int]:
    counts = {action.value: plan.count(action) for action in Action}
    return {**counts, "unchanged": len(plan.unchanged), "jobs": len(plan.jobs), "drifted": drifted(plan)}


def _job_counts(result: RunResult) -> dict[str, int]:
    return {status.value: sum(job.status is status for job in result.jobs) for status in Status}


def _changes(plan: Plan | None, result: RunResult | None) -> list[dict[str, str]]:
    """Return each change by action and address, and how it ended; what was not made comes first."""
    if result is None:
        return [{"action": change.action.value, "object": change.address} for change in plan.changes] if plan else []
    results = sorted(result.outcome.results, key=lambda one: one.status is Status.DONE)
    return [
        {"action": one.change.action.value, "object": one.change.address, "status": one.status.value} for one in results
    ]


_HAPPENED = {"drift": "found drift", "applied": "made changes"}


def _text(report: RunReport) -> str:
    """Return what happened and how much of it, in two or three lines."""
    plan, result = report.plan, report.result
    place = f"stack {plan.stack} on {plan.server.url}" if plan else ""
    where = ", ".join(filter(None, (f"target {report.target}" if report.target else "", place)))
    lines = [f"owui-sync {report.command} {told(events_of(report), report)}" + (f": {where}" if where else "")]
    if plan:
        lines.append(summary_line(plan).text.strip())
    if result:
        counts = ", ".join(f"{result.outcome.count(status)} {status.value}" for status in Status)
        jobs = f"; {counted(len(result.jobs), 'job')}" if result.jobs else ""
        lines.append(f"Result: {counts}{jobs}.")
    return "\n".join(map(visible, lines))


def run_url(environ: Mapping[str, str]) -> str | None:
    """Return the address of the run of GitHub Actions, GitLab CI, Jenkins or Azure Pipelines that we are in."""
    get = environ.get
    if (server := get("GITHUB_SERVER_URL")) and (repository := get("GITHUB_REPOSITORY")):
        return f"{server}/{repository}/actions/runs/{get('GITHUB_RUN_ID', '')}"
    collection, project, build = get("SYSTEM_COLLECTIONURI"), get("SYSTEM_TEAMPROJECT"), get("BUILD_BUILDID")
    if collection and project and build:
        return f"{collection}{project}/_build/results?buildId={build}"
    return get("CI_JOB_URL") or get("BUILD_URL")


def _lines(message: Json) -> list[str]:
    """Return the list of changes, or of the instances that failed, for people."""
    lines = [
        f"{row['action']} {visible(row['object'])}" + (f" ({row['status']})" if row.get("status") else "")
        for row in message.get("changes", ())
    ]
    lines += [f"{visible(row['instance'])} {row['status']} ({row['reason']})" for row in message.get("failed", ())]
    return [*lines, *([f"and {message['more']:,} more"] if message["more"] else [])]


def _slack(message: Json) -> Json:
    # A text between backticks is shown as it is; `<`, `>` and `&` would make a link or wake everybody up all the same.
    lines = [f"• `{line.replace('`', chr(39))}`" for line in _lines(message)]
    title, *rest = message["text"].split("\n")
    text = "\n".join([title, *rest, *lines])
    for char, word in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(char, word)
    return {"text": f"{text}\n<{message['run']}|Run>" if message["run"] else text}


def _teams(message: Json) -> Json:
    # A `TextRun` is shown as it is; a `TextBlock` would take Markdown.
    title, *rest = message["text"].split("\n")
    body = [_paragraph(title, bold=True), *map(_paragraph, [*rest, *_lines(message)])]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if message["run"]:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Run", "url": message["run"]}]
    return {"type": "message", "attachments": [{"contentType": _CARD, "content": card}]}


def _paragraph(text: str, *, bold: bool = False) -> Json:
    weight = {"weight": "Bolder"} if bold else {}
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **weight}]}


BODIES: Mapping[str, Callable[[Json], Json]] = {"json": lambda message: message, "slack": _slack, "teams": _teams}
"""Format of a receiver -> what makes the body of the request from a message."""
