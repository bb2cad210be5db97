"""The page: what stands where, and the template that writes it."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from owui_sync.apply.outcome import Outcome, Status
from owui_sync.errors import Diagnostic
from owui_sync.plan.file.document import digest_of
from owui_sync.plan.types import Action, Change, Plan
from owui_sync.report.html.budget import Budget
from owui_sync.report.html.links import Link, links_from
from owui_sync.report.html.views import (
    ChangeView,
    ErrorView,
    JobView,
    change_view,
    due_view,
    error_view,
    job_view,
    result_view,
)
from owui_sync.report.run_report import RunReport
from owui_sync.report.visible import visible, visible_lines
from owui_sync.run.result import RunResult

_DESTROYING = (Action.DELETE, Action.REPLACE)
_WORDS = {"+": "added: ", "-": "removed: ", "~": "changed: ", "»": "moved: ", " ": "", "@": ""}
"""What is read aloud for the mark of a line."""

Sections = list[tuple[str, list[ChangeView]]]


@dataclass(slots=True)
class _Numbers:
    """Counts, for ids on the page."""

    count: int = 0

    def __call__(self) -> int:
        self.count += 1
        return self.count

    def last(self) -> int:
        """Return the number that was given last."""
        return self.count


def html_page(report: RunReport, environment: Mapping[str, str]) -> str:
    """Return the page of a plan, of what came of it, or of why there is none.

    Args:
        report: what is to be told.
        environment: of the process: CI systems say there in which repository the manifests are.
    """
    link, budget = links_from(environment), Budget()
    result, plan = report.result, report.plan
    sections: Sections = []
    jobs: list[JobView] = []
    if result:
        sections, jobs = _result_sections(result, link, budget), [job_view(job) for job in result.jobs]
    elif plan:
        sections, jobs = _plan_sections(plan, link, budget), [due_view(due) for due in plan.jobs]
    views = [view for _, views in sections for view in views]
    return _render(
        title=_title(report),
        chips=_chips(report),
        facts=_facts(plan) if plan else [],
        filters=_filters(views, jobs),
        problems=_problems(report),
        problems_title="Refused" if plan and plan.refusals else "Failed",
        sections=sections,
        jobs=jobs,
        lists=_lists(plan) if plan else [],
        addresses={view.address for view in views},
    )


def _title(report: RunReport) -> str:
    of = f": stack {visible(report.plan.stack)}" if report.plan else ": failed"
    return f"owui-sync {report.command}{of}"


def _chips(report: RunReport) -> list[tuple[str, str]]:
    if report.result:
        outcome = report.result.outcome
        counts = {status.value: outcome.count(status) for status in Status}
        counts["incomplete"] = sum(result.partial for result in outcome.results)
        ends = Counter(job.status for job in report.result.jobs)
        counts |= {f"{'job' if count == 1 else 'jobs'} {status.value}": count for status, count in ends.items()}
    elif plan := report.plan:
        counts = {f"to {action.value}": plan.count(action) for action in (*_DESTROYING, *Action)}
        jobs = "job to run" if len(plan.jobs) == 1 else "jobs to run"
        counts |= {jobs: len(plan.jobs), "not signed in yet": len(plan.awaited)}
        counts["unchanged"] = len(plan.unchanged)
    else:
        return []
    return [(f"{count:,}", words) for words, count in counts.items() if count]


def _facts(plan: Plan) -> list[tuple[str, str]]:
    facts = {
        "Server": f"{plan.server.url} (Open WebUI {plan.server.version})",
        "Made": f"{plan.created_at} by owui-sync {plan.tool}",
        "Commit": plan.manifests.commit or "",
        "Digest": digest_of(plan),
    }
    return [(name, visible(value)) for name, value in facts.items() if value]


def _plan_sections(plan: Plan, link: Link, budget: Budget) -> Sections:
    def views(changes: Iterable[Change]) -> list[ChangeView]:
        return [change_view(change, link, budget) for change in changes]

    destroying = views(change for change in plan.changes if change.action in _DESTROYING)
    return _some(
        ("To delete or replace", destroying),
        ("To change", views(change for change in plan.changes if change.action not in _DESTROYING)),
    )


def _result_sections(result: RunResult, link: Link, budget: Budget) -> Sections:
    views = [result_view(each, link, budget) for each in result.outcome.results]

    def ended(*statuses: str) -> list[ChangeView]:
        return [view for view in views if view.status in statuses]

    done = ended("done")
    return _some(
        ("Failed", ended("failed")),
        ("Incomplete", ended("incomplete")),
        ("Skipped", ended("skipped")),
        ("Deleted or replaced", [view for view in done if view.action in _DESTROYING]),
        ("Changed", [view for view in done if view.action not in _DESTROYING]),
    )


def _some(*sections: tuple[str, list[ChangeView]]) -> Sections:
    return [section for section in sections if section[1]]


def _problems(report: RunReport) -> list[ErrorView]:
    problems: Sequence[Diagnostic] = report.error.problems if report.error else ()
    if not problems and report.plan:
        problems = report.plan.refusals
    views = [_problem(problem) for problem in problems]
    outcome: Outcome | None = report.result.outcome if report.result else None
    if outcome and (unrecorded := error_view(outcome.unrecorded)):
        lines = ("The changes could not be recorded in the inventory:", *unrecorded.lines)
        views.append(replace(unrecorded, lines=lines))
    if outcome and outcome.interrupted:
        views.append(ErrorView(("Interrupted. Changes in flight were finished.",)))
    return views


def _problem(problem: Diagnostic) -> ErrorView:
    place = [f"at {visible(problem.where)}"] if problem.where else []
    return ErrorView((*visible_lines(problem.message).split("\n"), *place), visible(problem.hint or ""))


def _filters(views: Sequence[ChangeView], jobs: Sequence[JobView]) -> list[tuple[str, list[str]]]:
    extra = ["job"] if jobs else []
    return [
        ("action", [*dict.fromkeys(view.action for view in views), *extra]),
        ("kind", [*sorted({view.kind for view in views}), *extra]),
        ("cause", sorted({cause for view in views for cause in view.causes})),
    ]


def _lists(plan: Plan) -> list[tuple[str, Sequence[str], bool]]:
    lists = (
        ("Not signed in yet", plan.awaited, True),
        ("Warnings", plan.warnings, True),
        ("Unchanged", plan.unchanged, False),
    )
    return [(name, [visible(each) for each in items], is_open) for name, items, is_open in lists if items]


def _render(**context: Any) -> str:
    style, script = (_file(f"report.{ending}").rstrip("\n") for ending in ("css", "js"))
    jinja = Environment(autoescape=True, undefined=StrictUndefined, loader=FunctionLoader(_file))
    ids: dict[str, int] = {}

    def unique(address: str) -> str:
        ids[address] = ids.get(address, 0) + 1
        return quote(address) + (f"-{ids[address]}" if ids[address] > 1 else "")

    page = jinja.get_template("report.html.j2").render(
        **context,
        number=_Numbers(),
        unique=unique,
        quoted=quote,
        words=_WORDS,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )
    return f"{page}\n"


def _file(name: str) -> str:
    return (files("owui_sync") / "templates" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return what a Content-Security-Policy allows a text by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
