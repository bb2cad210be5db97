from __future__ import annotations

import ast
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

import owui_sync
from owui_sync.report.console import console_for
from owui_sync.report.lines import Line, print_lines
from owui_sync.report.out import say
from owui_sync.report.visible import dumps

SOURCE = Path(owui_sync.__file__).parent
EVIL = "a\x1b[31mb\x07c\u202ed\re\x9bf\x7fg\u2028h"


def raw(text: str) -> set[str]:
    return {char for char in text if not char.isprintable()} - {"\n"}


def test_what_is_said_drives_no_terminal() -> None:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        say(EVIL)
        say(f"two\nlines {EVIL}\n", err=True)
    assert (raw(out.getvalue()), raw(err.getvalue())) == (set(), set())
    assert out.getvalue() == "a\\x1b[31mb\\x07c\\u202ed\\re\\x9bf\\x7fg\\u2028h\n"
    assert err.getvalue().count("\n") == 2


def test_what_is_printed_as_lines_drives_no_terminal() -> None:
    out = io.StringIO()
    print_lines([Line(((EVIL, "bold"),), ((EVIL, ""),))], console_for(out))
    assert raw(out.getvalue()) == set()


def test_a_document_drives_no_terminal_and_says_the_same() -> None:
    document = {EVIL: [EVIL, "\U000e0001\ud800", "plain ä 漢"]}
    text = dumps(document)
    assert raw(text) == set()
    assert json.loads(text) == document
    assert "plain ä 漢" in text


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_nothing_prints_but_the_way_out(path: Path) -> None:
    """The logs and rich's console have their own escaping; the sandbox and the client library are no part of it."""
    name = path.relative_to(SOURCE).as_posix()
    if name.startswith(("client/", "sandbox/")) or name in ("report/out.py", "report/lines.py", "report/logs.py"):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("print", "click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write"), called
