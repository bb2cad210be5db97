from __future__ import annotations

from owui_sync.client.runs.troubles import NOT_SEARCHED, failure_of, failures_at_end, told_at


def test_a_call_failed_when_the_server_says_so_in_any_of_its_ways() -> None:
    assert failure_of({"name": "t", "output": '{"error": "no host"}'}) == "t: no host"
    assert failure_of({"name": "t", "output": 'Error: Tool "t" not found.'}) == 't: Error: Tool "t" not found.'
    assert failure_of({"name": "t", "output": "", "status": "failed"}) == "t: it failed"


def test_an_answer_about_errors_is_no_failure() -> None:
    for output in ('{"error": null}', '{"error": "x", "rows": []}', "[]", "Error rates fell.", None):
        assert failure_of({"name": "t", "output": output, "status": "completed"}) is None


def test_a_tool_that_answered_in_the_end_has_not_failed() -> None:
    failed, done = {"name": "t", "output": '{"error": "busy"}'}, {"name": "t", "output": "7"}
    assert failures_at_end([failed, done]) == []
    assert failures_at_end([done, failed]) == ["t: busy"]


def test_a_search_that_did_not_happen_is_told() -> None:
    done = {"action": "web_search", "description": "Searched {{count}} sites"}
    failed = {"action": "web_search", "description": "it broke", "error": True}
    assert told_at({"statusHistory": [done]}, searches=True) == []
    assert told_at({"statusHistory": [failed]}, searches=True) == ["the web was not searched: it broke"]
    assert told_at({}, searches=True) == [NOT_SEARCHED]
    assert told_at({"sources": [{"source": {"type": "web_search", "name": "q"}}]}, searches=True) == []
    assert told_at({"statusHistory": None}) == []
    assert told_at({"statusHistory": [{"action": "tool_connection", "error": True}]}) == ["tool_connection"]
