"""What holds for the source as a whole. Which station may import which is checked by `lint-imports`."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "owui_sync"
FILES = sorted(SOURCE.rglob("*.py"))
PRINTERS = ("cli", "report")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


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


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("kinds/rows.py", "import owui_sync.manifest.desired", "A station imports only those below it"),
        ("client/shapes.py", "import owui_sync.sandbox.ports", "A station imports only those below it"),
        (
            "observe/version.py",
            "import httpx",
            "Only the client, the sandbox, forges and notifications talk to the network",
        ),
        ("plan/rules.py", "import owui_sync.client.writer", "Reading and planning cannot write"),
    ],
)
def test_a_planted_import_breaks_its_contract(tmp_path: Path, module: str, planted: str, contract: str) -> None:
    shutil.copytree(SOURCE, tmp_path / "owui_sync", ignore=shutil.ignore_patterns("*.pyc"))
    with (tmp_path / "owui_sync" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{planted}\n")
    ran = subprocess.run(
        [
            *(sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"),
            *("--no-cache", "--config", str(ROOT / "pyproject.toml")),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    broken = re.findall(r"^(.*) BROKEN$", ran.stdout, re.MULTILINE)
    assert (ran.returncode, broken) == (1, [contract]), ran.stdout + ran.stderr
