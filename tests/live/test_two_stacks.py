"""Two stacks that want an object of one name, where the server lets several objects have it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from owui_sync.apply.context import RunContext
from owui_sync.apply.journal import announce
from owui_sync.apply.lock import locked
from owui_sync.apply.outcome import Outcome
from owui_sync.client.writer import Writer
from owui_sync.errors import UnsafePlan
from owui_sync.pipeline import make_plan
from tests.support.engine import Engine, engine_for
from tests.support.project import Project, changes
from tests.support.proxy import Answer, proxied

CREATE = {"groups": "/groups/create", "knowledge": "/knowledge/create", "notes": "/notes/create"}
ENTRIES: dict[str, Any] = {
    "groups": {"description": "x"},
    "knowledge": {"files": [{"name": "a.md", "content": "A text"}]},
    "notes": {"content": "x"},
}


@dataclass(frozen=True, slots=True)
class Two:
    """A project and another stack that want the same object."""

    project: Project
    other: Engine
    section: str
    name: str

    @property
    def document(self) -> dict[str, Any]:
        return {self.section: {self.name: ENTRIES[self.section]}}

    def there(self) -> list[str]:
        """Ids of the objects of that name."""
        path = {"groups": "/groups/", "knowledge": "/knowledge/", "notes": "/notes/"}[self.section]
        answer = self.project.api("GET", f"/api/v1{path}")
        rows = answer["items"] if isinstance(answer, dict) else answer
        return [row["id"] for row in rows if self.name in (row.get("name"), row.get("title"))]


@pytest.fixture(params=CREATE)
def two(project: Project, tmp_path: Path, unique: str, request: pytest.FixtureRequest) -> Iterator[Two]:
    one = Two(project, engine_for(project.sandbox, tmp_path.parent / f"other-{unique}", "other"), request.param, unique)
    project.write(yaml.safe_dump(one.document))
    yield one
    one.other.apply({})
    project.write("")
    assert project.run("apply", ".", "--yes", "--max-delete", "100%").code == 0


def while_ours_is_made(two: Two, answer: Answer | None = None) -> tuple[int, str, list[Outcome]]:
    """Apply ours; while its first creation is under way, the other stack does all that it wants to.

    The creation may get an answer of its own. Returns exit code and stdout of ours, and what came of the other.
    """
    others: list[Outcome] = []

    def rule(method: str, path: str) -> Answer | None:
        if path.endswith(CREATE[two.section]) and not others:
            others.append(two.other.apply(two.document))
            return answer
        return None

    with proxied(two.project.sandbox) as (sandbox, proxy):
        proxy.rule = rule
        ran = replace(two.project, sandbox=sandbox).run("apply", ".", "--yes")
    return ran.code, ran.out, others


def test_of_two_stacks_that_want_one_object_the_later_one_gives_way(two: Two) -> None:
    code, out, [other] = while_ours_is_made(two)
    assert (code, other.complete, len(two.there())) == (0, False, 1), out
    [error] = [result.error for result in other.results if result.error]
    assert f"stack {two.project.stack!r} is making" in error.detail
    with pytest.raises(UnsafePlan, match=f"belongs to stack '{two.project.stack}'"):
        two.other.apply(two.document)


def test_an_object_that_another_stack_is_just_making_is_not_adopted(two: Two) -> None:
    refused: list[Exception] = []

    def rule(method: str, path: str) -> Answer | None:
        if two.there() and not refused:
            refused.append(UnsafePlan("none"))
            with pytest.raises(UnsafePlan, match=f"belongs to stack '{two.project.stack}'") as caught:
                two.other.apply(two.document)
            refused[0] = caught.value
        return None

    with proxied(two.project.sandbox) as (sandbox, proxy):
        proxy.rule = rule
        ran = replace(two.project, sandbox=sandbox).run("apply", ".", "--yes")
    assert (ran.code, len(two.there()), len(refused)) == (0, 1, 1), ran.err
    assert "belongs" in str(refused[0])


def test_two_that_announce_at_the_same_moment_never_make_two_objects(two: Two) -> None:
    """Both may give way, as neither can know that the other one did; then the next run makes it."""
    barrier = threading.Barrier(2)

    def rule(method: str, path: str) -> None:
        if (method, path.partition("?")[0]) == ("POST", "/api/v1/files/"):
            with suppress(threading.BrokenBarrierError):
                barrier.wait(10)

    ours = Engine(two.project.sandbox, two.project.folder.parent / "ours", two.project.stack)
    with proxied(two.project.sandbox) as (sandbox, proxy), ThreadPoolExecutor(2) as pool:
        proxy.rule = rule
        runs = [pool.submit(replace(one, sandbox=sandbox).apply, two.document) for one in (ours, two.other)]
        complete = [run.result().complete for run in runs]
    assert len(two.there()) == complete.count(True) <= 1
    if not two.there():
        assert ours.apply(two.document).complete


def test_what_a_killed_run_announced_keeps_nobody_from_making_it(two: Two) -> None:
    async def announced(writer: Writer) -> None:
        async with locked(writer, two.other.stack, 30):
            plan, snapshot = await make_plan(two.other.desired(two.document), writer, two.other.options)
            await announce(RunContext(writer), plan, snapshot.inventory)

    two.other.run(announced)
    two.project.apply()
    assert len(two.there()) == 1


@pytest.mark.parametrize("arrived", [False, True])
def test_a_lost_answer_makes_no_second_object(two: Two, arrived: bool) -> None:
    code, out, [other] = while_ours_is_made(two, Answer(0, cut=True, after=arrived))
    assert (code, other.complete, len(two.there())) == (0, False, 1), out


@pytest.mark.parametrize("take_over", [False, True])
def test_doubles_are_said_in_every_plan_with_their_ids_and_owners(two: Two, take_over: bool) -> None:
    two.project.apply()
    [ours] = two.there()
    # As a person, or an older version, leaves it.
    two.other.run(lambda writer: _made_apart(two))
    [theirs] = set(two.there()) - {ours}
    plan = two.project.plan(*(["--take-over"] if take_over else []))
    assert changes(plan) == {}
    [warning] = [warning for warning in plan["warnings"] if two.name in warning]
    assert f"{ours} (this stack's)" in warning
    assert theirs in warning
    two.project.api("DELETE", _path(two, theirs))


async def _made_apart(two: Two) -> None:
    body = {"name": two.name, "title": two.name, "description": "x"}
    two.project.api("POST", f"/api/v1{CREATE[two.section]}", body)


def _path(two: Two, id: str) -> str:
    return {
        "groups": f"/api/v1/groups/id/{id}/delete",
        "knowledge": f"/api/v1/knowledge/{id}/delete",
        "notes": f"/api/v1/notes/{id}/delete",
    }[two.section]
