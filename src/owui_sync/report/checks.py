"""The steps of a test or a rehearsal: lines, a Markdown table, JSON, and JUnit XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from owui_sync.environments.checks import Check, CheckStatus
from owui_sync.errors import Diagnostic
from owui_sync.plan.file.document import PLAN, PROBLEM, plan_document
from owui_sync.plan.file.table import Codec, Key, Record, choice, seconds, several, text
from owui_sync.report.junit import Case, suite
from owui_sync.report.lines import Line, padded
from owui_sync.report.markdown_fit import Piece, Section
from owui_sync.report.markdown_parts import code, details, fence, html_words
from owui_sync.report.outcome_lines import duration
from owui_sync.report.visible import visible, visible_lines

CHECK = Record(
    "check",
    "One step.",
    (
        Key("name", text("In one or two words.")),
        Key("status", choice(CheckStatus, "How it went.")),
        Key("text", text("What came of it, in few words.")),
        Key("seconds", seconds("Wall time.")),
        Key("problems", several(PROBLEM, "Why it failed.")),
    ),
)


def maybe_plan(description: str) -> Codec:
    """Return the codec of a plan inside a report, or null."""
    schema = {"anyOf": [{"$ref": f"#/$defs/{PLAN.name}"}, {"type": "null"}], "description": description}
    return Codec(schema, lambda plan: plan_document(plan) if plan else None)


_MARKS = {
    CheckStatus.PASSED: ("✓ ", "bold green"),
    CheckStatus.FAILED: ("x ", "bold red"),
    CheckStatus.SKIPPED: ("· ", "yellow"),
}


_SIGNS = {CheckStatus.PASSED: "✅", CheckStatus.FAILED: "❌", CheckStatus.SKIPPED: "➖"}


def check_lines(checks: Sequence[Check]) -> Iterator[Line]:
    """Yield each step on a line, and below it what was wrong."""
    column = max((len(check.name) for check in checks), default=0) + 2
    for check in checks:
        lead = (_MARKS[check.status], (padded(check.name, column), "bold"))
        yield Line(lead, ((visible(check.text), ""), (f"  {duration(check.seconds)}", "dim")), 2)
        for problem in check.problems:
            yield from _problem(problem)


def check_sections(checks: Sequence[Check]) -> list[Section]:
    """Return the steps for a comment, those that failed first."""
    failed = [check for check in checks if check.status is CheckStatus.FAILED]
    rest = [check for check in checks if check.status is not CheckStatus.FAILED]
    return [Section("Failed", [_piece(check) for check in failed]), Section("Steps", [_piece(check) for check in rest])]


def checks_suite(name: str, checks: Sequence[Check]) -> ElementTree.Element:
    """Return the steps as a suite of JUnit; `name` is that of the command."""
    return suite(name, name, map(_case, checks))


def _case(check: Check) -> Case:
    if check.status is CheckStatus.SKIPPED:
        return Case("", check.name, check.seconds, "skipped", check.text)
    if check.status is CheckStatus.FAILED:
        first = check.problems[0].message if check.problems else check.text
        return Case("", check.name, check.seconds, "failure", first, "\n".join(map(str, check.problems)))
    return Case("", check.name, check.seconds)


def _problem(problem: Diagnostic) -> Iterator[Line]:
    for each in visible_lines(problem.message).split("\n"):
        yield Line((), ((each, ""),), 6)
    if problem.where:
        yield Line((("at ", "dim"),), ((visible(problem.where), ""),), 8)
    if problem.hint:
        yield Line((("help: ", "cyan"),), ((visible(problem.hint), ""),), 8)


def _piece(check: Check) -> Piece:
    told = f"{check.text}, {duration(check.seconds)}" if check.text else duration(check.seconds)
    short = f"- {_SIGNS[check.status]} {check.name}: {code(told)}"
    if not check.problems:
        return Piece(short)
    lines = [line for problem in check.problems for line in visible_lines(str(problem)).split("\n")]
    return Piece(short, lambda: details(f"❌ {check.name}: {html_words(told)}", fence(lines)))
