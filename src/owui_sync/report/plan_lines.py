"""The lines of the human plan."""

from __future__ import annotations

from collections.abc import Iterator

from owui_sync.plan.types import Action, Change, Plan
from owui_sync.report.fields import field_lines
from owui_sync.report.lines import Line, cells, padded
from owui_sync.report.settings import Settings
from owui_sync.report.visible import visible
from owui_sync.wording import counted

STYLES = {
    Action.CREATE: "green",
    Action.ADOPT: "cyan",
    Action.UPDATE: "yellow",
    Action.MOVE: "blue",
    Action.REPLACE: "bold magenta",
    Action.DELETE: "bold red",
}
"""Colour of each action, in every report for terminals."""

_OFTEN = (Action.CREATE, Action.UPDATE, Action.ADOPT, Action.DELETE, Action.REPLACE)
_LAST = {Action.REPLACE: 1, Action.DELETE: 2}
"""What destroys something comes last, right above the summary, where it cannot be overlooked."""
_ADDRESS = 44

WIDEST = 120
"""Columns in which fields are arranged on a wider terminal or in a file, so that causes stay near their fields."""


def plan_lines(plan: Plan, width: int, settings: Settings | None = None) -> Iterator[Line]:
    """Yield the lines of the human plan, arranged for `width` columns, with what `settings` asks for."""
    settings = settings or Settings()
    server = f"{visible(plan.server.url)} (Open WebUI {visible(plan.server.version)})"
    yield Line((), ((f"owui-sync {plan.tool} · {server} · stack {visible(plan.stack)}", "bold"),))
    yield Line()
    changes = sorted(plan.changes, key=lambda change: _LAST.get(change.action, 0))
    addresses = [*(change.address for change in changes), *(due.job.address for due in plan.jobs)]
    column = min(max((cells(visible(address)) for address in addresses), default=0), _ADDRESS) + 3
    for before, change in zip([None, *changes], changes, strict=False):
        if before is not None and _LAST.get(before.action) != _LAST.get(change.action):
            yield Line()
        yield _head(change, column)
        if change.action is not Action.DELETE:
            yield from field_lines(change, width, full=settings.full_diff)
    yield from _awaited(plan, column)
    yield from _jobs(plan, column)
    yield from _unchanged(plan) if settings.show_unchanged else ()
    if changes or plan.jobs or plan.awaited or (settings.show_unchanged and plan.unchanged):
        yield Line()
    yield summary_line(plan)


def _head(change: Change, column: int) -> Line:
    style = STYLES[change.action]
    symbol, address = change.action.symbol, visible(change.address)
    lead = ((f"{symbol} ", style), (padded(address, column - 1) + " ", style if change.action in _LAST else "bold"))
    return Line(lead, ((visible(_what(change)), style if change.action in _LAST else "dim"),), 2)


def _what(change: Change) -> str:
    """Return what happens, in words: the reason, and how many fields differ."""
    if change.action is Action.CREATE:
        return change.reason or "new"
    if change.action is Action.DELETE:
        return change.reason or "no longer in the manifests"
    action = {
        Action.ADOPT: "adopt",
        Action.MOVE: "move",
        Action.REPLACE: "replace",
    }.get(change.action)
    fields = counted(len(change.fields), "field") if change.fields else None
    return ", ".join(filter(None, (action, fields, change.reason)))


def _awaited(plan: Plan, column: int) -> Iterator[Line]:
    for address in plan.awaited:
        lead = (("! ", "yellow"), (padded(visible(address), column - 1) + " ", ""))
        yield Line(lead, (("not signed in yet", "dim"),), 2)


def _jobs(plan: Plan, column: int) -> Iterator[Line]:
    for due in plan.jobs:
        lead = (("> ", "magenta"), (padded(visible(due.job.address), column - 1) + " ", "bold"))
        yield Line(lead, ((f"due: {visible(due.reason)}", "dim"),), 2)


def _unchanged(plan: Plan) -> Iterator[Line]:
    if plan.changes:
        yield Line()
    for address in plan.unchanged:
        yield Line((("= ", "dim"),), ((visible(address), "dim"),), 2)


def summary_line(plan: Plan) -> Line:
    """Return the last line of the plan: how much of what it does."""
    unchanged = f"{len(plan.unchanged):,} unchanged."
    if plan.empty:
        return Line((), (("No changes. ", "bold green"), (unchanged, "")))
    body = [("Plan: ", "bold")]
    for action in (*_OFTEN, *([Action.MOVE] if plan.count(Action.MOVE) else [])):
        count = plan.count(action)
        body += [(f"{count:,} to {action.value}", STYLES[action] if count else "dim"), (", ", "dim")]
    jobs = f" {counted(len(plan.jobs), 'job')} to run." if plan.jobs else ""
    return Line((), (*body, (unchanged, ""), (jobs, "magenta")))
