from __future__ import annotations

import io

import pytest
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from owui_sync.plan.types import Action, Plan
from owui_sync.report.lines import print_lines
from owui_sync.report.plan_lines import plan_lines
from owui_sync.report.settings import Settings
from tests.support.samples import EVERY_ADDRESS, change, field, plan, whole_plan
from tests.support.words import numbers_in


def texts(planned: Plan, *, show_unchanged: bool = False) -> list[str]:
    return [line.text for line in plan_lines(planned, 120, Settings(show_unchanged=show_unchanged))]


def test_the_head_says_tool_server_and_stack(golden: SnapshotAssertion) -> None:
    head = texts(plan())[0]
    assert all(fact in head for fact in ("0.0.9", "https://chat.example.com", "0.12.4", "support"))
    assert head == golden


def test_each_change_has_its_symbol_and_deletes_come_last_whatever_the_order_of_the_plan() -> None:
    lines = texts(whole_plan())
    assert [line.split()[:2] for line in lines if line[2:3] in "+<~»±-!>" and line[3:4] == " "] == [
        ["+", "user/bob@example.com"],
        ["+", "model/faq"],
        ["<", "model/gpt-4.1"],
        ["~", "model/support-bot"],
        ["»", "prompt/triage"],
        ["±", "model/fork"],
        ["-", "prompt/old-triage"],
        ["!", "user/carol@example.com"],
        [">", "job/smoke"],
    ]
    assert numbers_in(lines[-1]) == ["2", "1", "1", "1", "1", "1", "2", "1"]


@pytest.mark.parametrize("width", [40, 80, 160])
def test_a_plan_with_everything_reads_well_at_any_width(golden: SnapshotAssertion, width: int) -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=width, color_system=None)
    print_lines(plan_lines(whole_plan(), width, Settings(show_unchanged=True)), console)
    # What blanks a wrapped line ends with is rich's own business, and no reader's.
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    assert max(map(len, lines)) <= width
    assert all(address in "".join(line.strip() for line in lines) for address in EVERY_ADDRESS)
    assert "hunter2" not in stream.getvalue()
    assert "\n".join(lines) == golden


def test_a_blank_line_sets_deletes_apart() -> None:
    lines = texts(plan(change(Action.UPDATE, "model/a"), change(Action.DELETE, "model/b")))
    assert lines[3] == ""


def test_the_reason_of_the_plan_is_told() -> None:
    lines = texts(plan(change(Action.DELETE, "group/Interns", reason="named under absent")))
    assert lines[2].split("   ") == ["  - group/Interns", "named under absent"]


def test_an_empty_plan_says_so(golden: SnapshotAssertion) -> None:
    end = texts(plan(unchanged=("model/a", "model/b")))[-1]
    assert numbers_in(end) == ["2"]
    assert end == golden


def test_unchanged_objects_are_listed_on_demand() -> None:
    planned = plan(change(Action.UPDATE, "model/b", field("name", "a", "b")), unchanged=("model/a",))
    assert "  = model/a" in texts(planned, show_unchanged=True)
    assert "  = model/a" not in texts(planned)


def test_control_characters_in_keys_do_not_reach_the_terminal() -> None:
    evil = plan(change(Action.DELETE, "prompt/x\x1b]0;title\x07", reason="\x1b[2J"), unchanged=("prompt/\x1b",))
    assert all(line.isprintable() for line in texts(evil, show_unchanged=True))
