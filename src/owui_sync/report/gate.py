"""The report of `owui-sync test`."""

from __future__ import annotations

from collections.abc import Iterator

from owui_sync import __version__
from owui_sync.environments.gate import GateReport
from owui_sync.plan.file.table import (
    Codec,
    Key,
    Record,
    count,
    flag,
    maybe,
    seconds,
    several,
    shown,
    text,
    texts,
)
from owui_sync.report.checks import CHECK, check_lines, check_sections, checks_suite, maybe_plan
from owui_sync.report.document import APPLIED_JOB
from owui_sync.report.jobs_lines import jobs_lines
from owui_sync.report.junit import document, jobs_suite
from owui_sync.report.lines import Line
from owui_sync.report.markdown import LIMIT, job_sections, plan_sections
from owui_sync.report.markdown_fit import Piece, Section, fitted, size
from owui_sync.report.markdown_parts import code
from owui_sync.report.outcome_lines import duration
from owui_sync.report.plan_lines import plan_lines
from owui_sync.report.visible import visible
from owui_sync.values import Json

TEST = Record(
    "test",
    "What came of a test of manifests on a throwaway server.",
    (
        shown("format", Codec({"const": 1, "description": "Version of this format."}), lambda _: 1),
        shown("tool", text("Version of owui-sync."), lambda _: __version__),
        Key("stack", text("Name of the stack; empty if the manifests could not be read.")),
        Key("version", text("Version of Open WebUI; empty if none was chosen.")),
        shown("base", maybe("string", "Commit of the former state, in words."), lambda report: report.base or None),
        shown("passed", flag("Whether nothing failed."), lambda report: report.exit_code == 0),
        Key("exit_code", count("Of the command: that of the first step that failed.")),
        Key("seconds", seconds("Wall time of all steps.")),
        Key("checks", several(CHECK, "The steps, as far as they came.")),
        shown("changes", maybe_plan("The plan from the former state."), lambda report: report.review),
        Key("remaining", maybe_plan("What a second plan still wants to change.")),
        Key("jobs", several(APPLIED_JOB, "The jobs that ran.")),
        Key("assumed", texts("Addresses of what the live server has to have, as no manifest makes it.")),
        Key("warnings", texts("Of the manifests, and of the plan of the change.")),
    ),
)


def gate_lines(report: GateReport, width: int) -> Iterator[Line]:
    """Yield the report for people: the plan of the change, the jobs, the steps, and the verdict last."""
    if report.review:
        yield Line((), ((f"What the change does to {visible(report.base)}:", "bold"),))
        yield Line()
        yield from plan_lines(report.review, width)
        yield Line()
    if report.remaining and not report.remaining.empty:
        yield Line((), (("What a second apply would change again:", "bold red"),))
        yield Line()
        yield from plan_lines(report.remaining, width)
        yield Line()
    if report.jobs:
        yield from jobs_lines(report.jobs)
        yield Line()
    if report.assumed:
        yield Line((("Has to be on the live server: ", "bold"),), ((visible(", ".join(report.assumed)), ""),))
        yield Line()
    for warning in report.warnings:
        yield Line((("warning: ", "bold yellow"),), ((visible(warning), ""),))
    if report.warnings:
        yield Line()
    yield from check_lines(report.checks)
    yield Line()
    style = "bold red" if report.exit_code else "bold green"
    yield Line((), ((_verdict(report), style), (f" in {duration(report.seconds)}.", "")))


def gate_markdown(report: GateReport) -> str:
    """Return the report for a comment on a pull request, short enough for one."""
    server = f"on a throwaway Open WebUI {code(report.version)}" if report.version else "without a server"
    head = f"## owui-sync test: stack {code(report.stack or '?')}\n\n**{_verdict(report)}** {server}, "
    head += f"in {duration(report.seconds)}.\n"
    sections = check_sections(report.checks)
    if report.review:
        sections += [_named(each, f"from {code(report.base)}") for each in plan_sections(report.review)]
    if report.remaining and not report.remaining.empty:
        sections += [_named(each, "again by a second apply") for each in plan_sections(report.remaining)]
    sections += job_sections(report.jobs)
    sections += [
        Section("Has to be on the live server", [Piece(f"- {code(address)}") for address in report.assumed]),
        Section("Warnings", [Piece(f"- {code(warning)}") for warning in report.warnings]),
    ]
    body = fitted([sections[0], *sections[2:], sections[1]], LIMIT - size(head) - 2)
    return f"{head}\n{body}\n"


def gate_document(report: GateReport) -> Json:
    """Return the report for machines."""
    return TEST.dump(report)


def gate_junit(report: GateReport) -> str:
    """Return the report as JUnit XML: a suite of its steps and one of its jobs."""
    suites = [checks_suite("owui-sync test", report.checks)]
    return document([*suites, *([jobs_suite(report.stack, report.jobs)] if report.jobs else [])])


def _verdict(report: GateReport) -> str:
    return "The test failed" if report.exit_code else "The test passed"


def _named(section: Section, words: str) -> Section:
    return Section(f"{section.title} {words}", section.pieces)
