from __future__ import annotations

from owui_sync.plan.types import Action, Plan
from owui_sync.report.plan_lines import plan_lines
from tests.support.samples import change, every_action, field, plan


def texts(planned: Plan, *, show_unchanged: bool = False) -> list[str]:
    return [line.text for line in plan_lines(planned, 120, show_unchanged)]


def test_the_head_says_tool_server_and_stack() -> None:
    assert texts(plan())[0] == "owui-sync 0.1.0 · https://chat.example.com (Open WebUI 0.12.4) · stack support"


def test_each_change_has_symbol_address_and_what_happens() -> None:
    lines = [line for line in texts(every_action()) if line[2:3] in "+~<±-" and line[3:4] == " "]
    assert [line.split() for line in lines] == [
        ["+", "user/bob@example.com", "new"],
        ["+", "model/faq", "new"],
        ["<", "model/gpt-4.1", "adopt,", "1", "field"],
        ["~", "model/support-bot", "3", "fields"],
        ["±", "model/fork", "replace:", "deleted", "and", "created", "again,", "1", "field"],
        ["-", "prompt/old-triage", "no", "longer", "in", "the", "manifests"],
    ]


def test_deletes_come_last_whatever_the_order_of_the_plan() -> None:
    lines = texts(every_action())
    assert lines[-3].startswith("  - prompt/old-triage")
    assert lines[-2:] == ["", "Plan: 2 to create, 1 to update, 1 to adopt, 1 to delete, 1 to replace, 2 unchanged."]


def test_a_blank_line_sets_deletes_apart() -> None:
    lines = texts(plan(change(Action.UPDATE, "model/a"), change(Action.DELETE, "model/b")))
    assert lines[3] == ""


def test_the_reason_of_the_plan_is_told() -> None:
    lines = texts(plan(change(Action.DELETE, "group/Interns", reason="named under absent")))
    assert lines[2].split("   ") == ["  - group/Interns", "named under absent"]


def test_an_empty_plan_says_so() -> None:
    assert texts(plan(unchanged=("model/a", "model/b")))[-1] == "No changes. 2 unchanged."


def test_unchanged_objects_are_listed_on_demand() -> None:
    planned = plan(change(Action.UPDATE, "model/b", field("name", "a", "b")), unchanged=("model/a",))
    assert "  = model/a" in texts(planned, show_unchanged=True)
    assert "  = model/a" not in texts(planned)


def test_control_characters_in_keys_do_not_reach_the_terminal() -> None:
    evil = plan(change(Action.DELETE, "prompt/x\x1b]0;title\x07", reason="\x1b[2J"), unchanged=("prompt/\x1b",))
    assert all(line.isprintable() for line in texts(evil, show_unchanged=True))
