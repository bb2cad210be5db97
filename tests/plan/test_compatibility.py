from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import ManifestError
from owui_sync.plan.compatibility import can_move, too_new
from owui_sync.plan.options import Options
from owui_sync.plan.planner import make_plan
from owui_sync.plan.types import ServerIdentity
from tests.support.build import HERE, entries, entry, live, snapshot

TAGGED = entry("prompt/p", content="x", tags=["a"], access="public")


def test_a_field_that_the_server_does_not_know_is_told_with_the_version_that_does(golden: SnapshotAssertion) -> None:
    (problem,) = too_new([TAGGED], "0.6.43")
    assert problem.where == str(HERE)
    assert [part for part in ("prompt/p", "`tags`", "0.8.0", "0.6.43") if part not in problem.message] == []
    assert str(problem) == golden


@pytest.mark.parametrize("version", ["0.8.0", "0.8.12", "0.12.4", "0.13.0.dev1", "1.0"])
def test_a_server_that_is_new_enough_is_no_problem(version: str) -> None:
    assert too_new([TAGGED], version) == []


def test_a_value_that_the_server_cannot_keep_is_told_while_others_of_the_field_are_no_problem(
    golden: SnapshotAssertion,
) -> None:
    mixed = entry("model/m", access={"read": "everyone", "write": {"groups": ["g"]}})
    (problem,) = too_new([mixed], "0.6.43")
    assert [part for part in ("model/m", "`access`", "0.8.0", "0.6.43") if part not in problem.message] == []
    assert str(problem) == golden
    assert too_new([mixed], "0.8.0") == []
    assert too_new([entry("model/m", access="public")], "0.6.43") == []


def test_the_plan_refuses_what_the_server_cannot_do() -> None:
    on = snapshot(live("prompt/p", content="x"))
    old = type(on)(ServerIdentity("http://localhost", "0.6.43"), on.objects, on.names, on.inventory)
    with pytest.raises(ManifestError, match=r"`tags` .*0\.8\.0"):
        make_plan(entries(TAGGED), [], old, Options())


def test_a_key_is_changed_in_place_where_the_version_can() -> None:
    assert can_move("prompt", "0.12.4")
    assert not can_move("prompt", "0.6.43")
    assert not can_move("model", "0.12.4")


def test_what_many_entries_ask_for_is_one_problem_with_the_first_ten_places() -> None:
    many = [entry(f"prompt/p{number}", content="x", tags=["a"]) for number in range(20)]
    (problem,) = too_new([*many, entry("prompt/q", content="x")], "0.6.43")
    first, *rest = problem.message.splitlines()
    assert first == "`tags` needs Open WebUI 0.8.0, and the server runs 0.6.43: 20 entries"
    assert rest == [*(f"prompt/p{number} at {HERE}" for number in range(10)), "and 10 more"]
    automations = [entry(f"automation/a{number}", prompt="x") for number in range(2)]
    (problem,) = too_new(automations, "0.6.43")
    assert problem.message.startswith("automation needs Open WebUI 0.9.0")
