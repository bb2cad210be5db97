"""What holds for the source as a whole. Which station may import which is checked by `lint-imports`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "owui_sync"
FILES = sorted(SOURCE.rglob("*.py"))
PRINTERS = ("cli", "report")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60

TESTED_ELSEWHERE = {
    **{
        f"jobs/{module}": "tested on a real server: tests/versions/test_jobs.py and tests/live/test_jobs.py"
        for module in (
            "archive",
            "chat",
            "given",
            "known",
            "outputs",
            "record",
            "research",
            "run",
            "runner",
            "sources",
            "steps",
            "task",
            "work",
        )
    },
    "jobs/outcome": "frozen data; every test of reports about jobs reads it",
    "cli/jobs": "tests/versions/test_jobs.py",
    "cli/jobs_phase": "tests/versions/test_jobs.py",
    "cli/run_jobs": "tests/versions/test_jobs.py",
    "kinds/automation": "tested on a real server: tests/versions/test_automations.py",
    "kinds/job_files": "tests/versions/test_jobs.py",
    "manifest/jobs_schema": "tests/manifest/test_jobs.py",
    "observe/jobs": "tests/versions/test_jobs.py and tests/live/test_jobs.py",
    "report/jobs_schema": "tests/report/test_jobs_document.py",
    "report/schema_parts": "tests/report/test_schema.py",
    "apply/outcome": "frozen data; every test of the runner and of the reports reads it",
    "cli/options": "tests/cli/test_main.py",
    "cli/planning": "tests/cli/test_plan.py and test_apply.py",
    "cli/sandbox": "tests/sandbox/test_cli.py",
    "manifest/wrong": "tests/manifest/test_check.py",
    "report/document": "tests/report/test_json.py and test_saved.py",
    "plan/types": "frozen data; every test of the planner reads it",
    "kinds/base": "tested through the kinds, and by tests/plan/test_difference.py",
    "kinds/files/folders": "tests/versions/test_knowledge_files.py",
    "kinds/files/leftovers": "tests/versions/test_knowledge_files.py and tests/live/test_knowledge_faults.py",
    "kinds/files/removal": "tests/versions/test_knowledge.py and test_knowledge_files.py",
    "kinds/files/sync": "tests/versions/test_knowledge_files.py",
    "kinds/group": "tested on a real server: tests/live",
    "kinds/model": "tested on a real server: tests/live",
    "kinds/prompt": "tested on a real server: tests/live",
}
"""Modules without a test file of their own, and why."""


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def prints(tree: ast.AST) -> Iterator[int]:
    """Lines that print: `print(...)`, `click.echo(...)`, `sys.stdout`, `sys.stderr`."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.Call(func=ast.Name(id="print"))
                | ast.Call(func=ast.Attribute(value=ast.Name(id="click"), attr="echo" | "secho"))
            ):
                yield node.lineno
            case ast.Attribute(value=ast.Name(id="sys"), attr="stdout" | "stderr"):
                yield node.lineno


@pytest.mark.parametrize("text", ["print(1)", "click.echo(1)", "sys.stdout.write(x)", "f(sys.stderr)"])
def test_printing_is_recognised(text: str) -> None:
    assert list(prints(ast.parse(text))) == [1]


def test_only_reports_and_the_command_line_print() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in FILES
        if path.relative_to(SOURCE).parts[0] not in PRINTERS
        for line in prints(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_files_and_functions_fit_on_a_screen() -> None:
    long = []
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        name = str(path.relative_to(ROOT))
        long += [name] if len(text.splitlines()) > LONGEST_FILE else []
        for function in functions(ast.parse(text)):
            lines = (function.end_lineno or 0) - function.lineno + 1
            long += [f"{name}:{function.lineno} {function.name}: {lines} lines"] if lines > LONGEST_FUNCTION else []
    assert long == []


def test_every_module_has_a_test_file_of_its_name() -> None:
    stations = ("apply", "cli", "jobs", "kinds", "manifest", "observe", "plan", "report", "resolve")
    modules = [path for path in FILES if path.relative_to(SOURCE).parts[0] in stations and path.name != "__init__.py"]
    names = [path.relative_to(SOURCE).with_suffix("").as_posix() for path in modules]
    untested = {name for name in names if not _test_of(name).exists()}
    assert untested - TESTED_ELSEWHERE.keys() == set()
    assert TESTED_ELSEWHERE.keys() <= set(names), "the list names what is no longer there"
    assert TESTED_ELSEWHERE.keys() - untested == set(), "the list names what has its test file"


def _test_of(name: str) -> Path:
    station, _, module = name.rpartition("/")
    return ROOT / "tests" / station / f"test_{module}.py"
