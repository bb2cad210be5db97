"""What belongs to another stack."""

from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from owui_sync.plan.ownership import OwnershipConflict, conflicts
from owui_sync.values import Position


def foreign(count: int, owner: str = "other") -> list[OwnershipConflict]:
    return [OwnershipConflict(f"prompt/p{n}", owner, Position("m.yaml", n + 1, 3)) for n in range(count)]


def test_one_object_is_told_with_its_place_and_the_command_that_frees_it(golden: SnapshotAssertion) -> None:
    (problem,) = conflicts(foreign(1))
    assert problem.where == "m.yaml:1:3"
    assert "prompt/p0" in problem.message
    assert "'other'" in problem.message
    assert "owui-sync state forget prompt/p0 --stack other" in (problem.hint or "")
    assert str(problem) == golden


def test_many_objects_of_a_stack_are_one_problem_with_the_places_of_the_first(golden: SnapshotAssertion) -> None:
    (problem,) = conflicts(foreign(320))
    first, *named, rest = problem.message.splitlines()
    assert "320" in first
    assert "'other'" in first
    assert [line.split()[0::2] for line in named] == [[f"prompt/p{n}", f"m.yaml:{n + 1}:3"] for n in range(10)]
    assert "310" in rest
    assert "--take-over" in (problem.hint or "")
    assert str(problem) == golden


def test_each_stack_has_a_problem_of_its_own() -> None:
    assert [problem.message[:9] for problem in conflicts(foreign(2, "a") + foreign(1, "b"))] == [
        "2 objects",
        "prompt/p0",
    ]
