from __future__ import annotations

from typing import Any

from owui_sync.ci.report import Report


def document(**values: Any) -> dict[str, Any]:
    change = {"action": "update", "kind": "model", "key": "a", "id": "a", "precondition": "sha256:1", "fields": []}
    return {"digest": "sha256:x", "summary": {"update": 1}, "changes": [{**change, **values}]}


def test_the_digest_knows_what_changed_and_nothing_of_the_run() -> None:
    one, other = document(precondition="sha256:2"), {**document(), "created_at": "later", "requests": 9}
    assert Report(0, one).digest == Report(0, other).digest
    assert Report(0, document(key="b")).digest != Report(0, one).digest


def test_drift_is_what_was_changed_on_the_server() -> None:
    drifted = {"path": "name", "before": 1, "after": 2, "cause": "drift"}
    assert Report(0, document(fields=[drifted])).drifted == 1
    assert Report(0, document(fields=[{**drifted, "cause": "manifest"}])).drifted == 0


def test_differences_are_no_failure() -> None:
    assert not Report(2, document()).failed
    assert Report(69).reason == "connection"
    assert Report(99).reason == "error"


def test_a_failed_plan_says_why_and_not_what_an_old_one_said() -> None:
    text = Report(5, None, "", "error: too many ``` deletes\n").text("plan")
    assert text.startswith("### owui-sync plan failed (unsafe)")
    assert "````text\nerror: too many ``` deletes\n````" in text


def test_a_plan_is_shown_as_it_is() -> None:
    assert Report(0, document(), "## Plan\n").text("plan") == "## Plan"


def test_a_failure_with_a_report_of_its_own_is_not_told_twice() -> None:
    text = Report(5, None, "## Refused\n\ntoo many deletes\n", "error: too many deletes\n").text("plan")
    assert text == "### owui-sync plan failed (unsafe)\n\n## Refused\n\ntoo many deletes"
