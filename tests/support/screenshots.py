"""Draws the pictures of docs/images: a plan in a terminal and as a page. `make screenshots` runs it.

They show a plan that is made up here, so they only change when what people see changes.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from owui_sync.plan.types import Action, Cause, Plan
from owui_sync.report.html.page import html_page
from owui_sync.report.lines import Line, print_lines
from owui_sync.report.plan_lines import plan_lines
from owui_sync.report.run_report import RunReport
from owui_sync.values import ABSENT
from tests.support.samples import change, field, plan

FOLDER = Path(__file__).parents[2] / "docs" / "images"
_COLUMNS = 104
_BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
_OLD = "You help people with printers.\nAlways apologise.\nSign with your name.\n"
_NEW = "You help people with printers.\nBe brief.\nSign with your name.\n"


def shown_plan() -> Plan:
    """Return the plan of the pictures."""
    made = plan(
        change(
            Action.CREATE,
            "group/Support",
            field("description", ABSENT, "People who answer tickets"),
            field("members", ABSENT, ["ann@example.com", "bob@example.com"]),
        ),
        change(
            Action.UPDATE,
            "model/support-bot",
            field("params.temperature", 0.7, 0.2),
            field("system", _OLD, _NEW, Cause.DRIFT),
        ),
        change(Action.ADOPT, "knowledge/Handbook", field("description", "", "What we know of printers")),
        change(Action.DELETE, "prompt/old-triage", reason="no longer in the manifests"),
        unchanged=tuple(f"prompt/p{number}" for number in range(42)),
    )
    return replace(made, tool="0.1.0", awaited=("user/carol@example.com",))


def terminal(name: str, command: str, lines: Iterable[Line]) -> None:
    """Draw lines as a terminal shows them, below the command that printed them."""
    console = Console(
        record=True, width=_COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False
    )
    print_lines([Line((), (("$ ", "dim"), (command, "bold"))), Line(), *lines], console)
    svg = console.export_svg(title=command, unique_id=name)
    # A picture on a page may load no fonts; the names that stay are tried among those of the reader's machine.
    (FOLDER / f"{name}.svg").write_text(re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL), encoding="utf-8")


def page(name: str) -> None:
    """Draw the HTML report with a browser, if there is one."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        sys.exit(f"no picture of the page: install one of {', '.join(_BROWSERS)}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.html"
        path.write_text(html_page(RunReport("plan", shown_plan()), {}), encoding="utf-8")
        subprocess.run(
            [
                *(
                    browser,
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--hide-scrollbars",
                    "--window-size=1000,900",
                ),
                *(f"--screenshot={FOLDER / f'{name}.png'}", f"{path.as_uri()}#model/support-bot"),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


def main() -> None:
    """Draw all pictures."""
    FOLDER.mkdir(exist_ok=True)
    made = shown_plan()
    terminal("plan", "owui-sync plan", plan_lines(made, _COLUMNS))
    page("report")


if __name__ == "__main__":
    main()
