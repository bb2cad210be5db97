from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.apply import runner
from owui_sync.apply.context import RunContext
from owui_sync.apply.execute import WriteNotPersisted
from owui_sync.apply.outcome import Event, Failure, Finished, Outcome, Started, Status
from owui_sync.apply.runner import Runner, failure
from owui_sync.client.api import groups
from owui_sync.client.connect import Server, connect
from owui_sync.client.errors import (
    ApiError,
    Conflict,
    Forbidden,
    Invalid,
    ServerError,
    TimedOut,
    Unauthorized,
)
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError, StalePlan
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.unfinished import PartialWrite
from owui_sync.pipeline import check_plan, make_plan
from owui_sync.plan.types import Action, Cause, Change, FieldChange, InventoryEntry, Plan
from owui_sync.plan.types import ServerIdentity as Where
from owui_sync.values import ABSENT
from tests.support.build import HERE, live, snapshot
from tests.support.engine import Engine, carry_out
from tests.support.proxy import Answer, proxied


def change(address: str, *before: str, action: Action = Action.CREATE, id: str | None = None) -> Change:
    kind, _, key = address.partition("/")
    record = None if action is Action.DELETE else InventoryEntry("", {"content": "f"})
    return Change(action, kind, key, id, HERE, (), "absent", before, record=record)


def server_error() -> Exception:
    return ServerError("POST", "/x", 500, "boom")


class Run:
    """A run of these changes in which `failing` ones fail; what happened is in `events` and `made`."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        *changes: Change,
        failing: tuple[str, ...] = (),
        error: Exception | None = None,
        stop_after: int = 1000,
        parallelism: int = 4,
        owned: dict[str, InventoryEntry] | None = None,
    ) -> None:
        self.made: list[str] = []
        self.events: list[Event] = []
        monkeypatch.setattr(runner, "execute", self._execute)
        self.failing, self.stop_after = failing, stop_after
        self.error = error or Conflict("POST", "/x", 409, "refused")
        self.runner, self.outcome = asyncio.run(self._run(changes, parallelism, owned or {}))

    async def _execute(self, change: Change, *_: object) -> ObservedResource | None:
        await asyncio.sleep(0)
        self.made.append(change.address)
        if change.address in self.failing:
            raise self.error
        return None if change.action is Action.DELETE else live(change.address, f"new-{change.key}")

    async def _run(
        self, changes: tuple[Change, ...], parallelism: int, owned: dict[str, InventoryEntry]
    ) -> tuple[Runner, Outcome]:
        plan = Plan("s", Where("http://localhost", "0.12.4"), changes)
        on = snapshot(*(live(each.address, each.id) for each in changes if each.id), records=owned)
        async with connect(Server(url="http://localhost", token="sk-x")) as writer:
            context = RunContext(writer, parallelism, lambda: len(self.made) >= self.stop_after)
            one = Runner(plan, on, context, self.events.append)
            return one, await one.run()

    @property
    def ended(self) -> dict[str, Status]:
        return {result.change.address: result.status for result in self.outcome.results}


def test_results_stand_in_the_order_of_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, change("prompt/a", "prompt/b"), change("prompt/b"), change("prompt/c"))
    assert list(run.ended) == ["prompt/a", "prompt/b", "prompt/c"]
    assert run.made.index("prompt/b") < run.made.index("prompt/a")
    assert run.outcome.complete


def test_a_failure_takes_all_that_depends_on_it_along_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, golden: SnapshotAssertion
) -> None:
    run = Run(
        monkeypatch,
        change("prompt/a"),
        change("prompt/b", "prompt/a"),
        change("prompt/c", "prompt/b"),
        change("prompt/d"),
        failing=("prompt/a",),
    )
    assert run.ended == {
        "prompt/a": Status.FAILED,
        "prompt/b": Status.SKIPPED,
        "prompt/c": Status.SKIPPED,
        "prompt/d": Status.DONE,
    }
    why = run.outcome.results[2].error
    assert why == Failure(why.detail if why else "")
    assert "prompt/b" in why.detail
    assert why.detail == golden
    assert run.made == ["prompt/a", "prompt/d"]


def test_nothing_is_started_once_the_run_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    changes = [change(f"prompt/{number}") for number in range(6)]
    run = Run(monkeypatch, *changes, stop_after=2, parallelism=2)
    assert run.outcome.interrupted
    assert len(run.made) == run.outcome.count(Status.DONE) < 6
    assert run.outcome.count(Status.SKIPPED) == 6 - len(run.made)


def test_each_change_starts_once_and_ends_once_and_the_count_goes_up(monkeypatch: pytest.MonkeyPatch) -> None:
    changes = [change("prompt/a"), change("prompt/b", "prompt/a"), change("prompt/c")]
    run = Run(monkeypatch, *changes, failing=("prompt/a",))
    finished = [event for event in run.events if isinstance(event, Finished)]
    assert [(event.done, event.total) for event in finished] == [(1, 3), (2, 3), (3, 3)]
    assert {event.change.address for event in run.events if isinstance(event, Started)} == {"prompt/a", "prompt/c"}


def test_the_records_say_what_was_done_and_nothing_that_was_not(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(
        monkeypatch,
        change("prompt/new"),
        change("prompt/bad"),
        change("prompt/old", action=Action.DELETE, id="1"),
        failing=("prompt/bad",),
        owned={"prompt/old": InventoryEntry("1"), "prompt/other": InventoryEntry("2")},
    )
    assert run.runner.records == {
        "prompt/new": InventoryEntry("new-new", {"content": "f"}),
        "prompt/other": InventoryEntry("2"),
    }


@pytest.mark.parametrize(
    "error", [TimedOut("POST", "/x", 1), WriteNotPersisted("kept"), KeyError("group/ghost"), server_error()]
)
def test_what_a_failed_creation_may_have_made_is_ours(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    run = Run(monkeypatch, change("prompt/new"), failing=("prompt/new",), error=error)
    assert run.runner.records == {"prompt/new": InventoryEntry("", {"content": "f"})}


def wanting(action: Action = Action.CREATE, id: str | None = None) -> Change:
    content = FieldChange("content", ABSENT, "wanted", Cause.MANIFEST)
    return replace(change("prompt/new", action=action, id=id), fields=(content,))


def unfinished(*, usable: bool) -> PartialWrite:
    error = PartialWrite("`a.md` was not added")
    error.live, error.usable = live("prompt/new", "the-id"), usable
    return error


def test_an_object_that_lacks_something_counts_is_ours_and_what_needs_it_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    needs = replace(change("prompt/b"), depends_on=("prompt/new",))
    run = Run(monkeypatch, wanting(), needs, failing=("prompt/new",), error=unfinished(usable=True))
    assert [(result.status, result.partial) for result in run.outcome.results] == [
        (Status.DONE, True),
        (Status.DONE, False),
    ]
    assert not run.outcome.complete
    assert run.runner.records["prompt/new"] == InventoryEntry("the-id", {})


def test_an_object_that_is_there_and_not_as_it_must_be_is_ours_and_holds_up_what_needs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    needs = replace(change("prompt/b"), depends_on=("prompt/new",))
    run = Run(monkeypatch, wanting(), needs, failing=("prompt/new",), error=unfinished(usable=False))
    assert [result.status for result in run.outcome.results] == [Status.FAILED, Status.SKIPPED]
    assert run.runner.records == {"prompt/new": InventoryEntry("the-id", {})}


def test_a_refusal_after_the_creation_does_not_lose_the_object(monkeypatch: pytest.MonkeyPatch) -> None:
    error = unfinished(usable=False)
    error.__cause__ = Forbidden("POST", "/access/update", 403, "no")
    run = Run(monkeypatch, wanting(), failing=("prompt/new",), error=error)
    assert run.runner.records == {"prompt/new": InventoryEntry("the-id", {})}
    failed = run.outcome.results[0].error
    assert failed is not None
    assert (failed.status, failed.request, failed.detail) == (403, "POST /access/update", "no")


def test_what_an_update_could_not_do_keeps_what_is_known_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"prompt/new": InventoryEntry("the-id", {"content": "before", "name": "n"})}
    update = wanting(Action.UPDATE, "the-id")
    run = Run(monkeypatch, update, failing=("prompt/new",), error=unfinished(usable=True), owned=known)
    assert run.runner.records == {"prompt/new": InventoryEntry("the-id", {"content": "before"})}


@pytest.mark.parametrize("refusal", [Conflict, Forbidden, Invalid, Unauthorized])
def test_what_a_refused_creation_did_not_make_is_not_ours(
    monkeypatch: pytest.MonkeyPatch, refusal: type[ApiError]
) -> None:
    run = Run(monkeypatch, change("prompt/new"), failing=("prompt/new",), error=refusal("POST", "/x", 400, "no"))
    assert run.runner.records == {}


def test_an_update_that_failed_leaves_the_record_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"prompt/a": InventoryEntry("1", {"content": "before"})}
    update = change("prompt/a", action=Action.UPDATE, id="1")
    run = Run(monkeypatch, update, failing=("prompt/a",), error=server_error(), owned=known)
    assert run.runner.records == known


def test_after_silence_nothing_more_is_started(monkeypatch: pytest.MonkeyPatch, golden: SnapshotAssertion) -> None:
    changes = [change(f"prompt/{number}") for number in range(4)]
    run = Run(monkeypatch, *changes, failing=("prompt/0",), error=TimedOut("POST", "/x", 1), parallelism=1)
    assert run.made == ["prompt/0"]
    [why] = {result.error and result.error.detail for result in run.outcome.results[1:]}
    assert why == golden


def test_an_error_of_ours_is_a_failure_of_that_change_alone(
    monkeypatch: pytest.MonkeyPatch, golden: SnapshotAssertion
) -> None:
    changes = change("prompt/a"), change("prompt/b")
    run = Run(monkeypatch, *changes, failing=("prompt/a",), error=KeyError("group/ghost"))
    assert run.ended == {"prompt/a": Status.FAILED, "prompt/b": Status.DONE}
    error = run.outcome.results[0].error
    assert error is not None
    assert "KeyError: 'group/ghost'" in error.detail
    assert [error.detail, error.hint] == golden


def test_the_delete_of_a_namesake_does_not_forget_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    deletes = [change("group/A", action=Action.DELETE, id=id) for id in ("1", "2")]
    assert not Run(monkeypatch, *deletes, owned={"group/A": InventoryEntry("1")}).runner.records
    run = Run(monkeypatch, deletes[1], owned={"group/A": InventoryEntry("1")})
    assert list(run.runner.records) == ["group/A"]


def test_a_failure_is_told_in_the_servers_words() -> None:
    assert failure(Conflict("POST", "/x", 409, "taken")) == Failure("taken", 409, "POST /x", Conflict.advice)
    assert failure(OwuiSyncError("no", hint="do it")) == Failure("no", None, None, "do it")


@pytest.mark.parametrize("limit", [1, 3])
def test_no_more_is_in_flight_than_allowed_and_as_much_as_allowed(engine: Engine, limit: int) -> None:
    peak = Peak()
    tail = engine.stack
    document = {"prompts": {f"p{number}-{tail}": {"content": "x"} for number in range(9)}}
    with proxied(engine.sandbox) as (sandbox, proxy):
        proxy.rule = peak.rule
        outcome = Engine(sandbox, engine.folder, engine.stack).apply(document, parallelism=limit)
    assert outcome.complete
    assert peak.highest == limit


class Peak:
    """How many creations the server was asked for at the same time."""

    def __init__(self) -> None:
        self.now = self.highest = 0
        self.lock = threading.Lock()

    def rule(self, method: str, path: str) -> Answer | None:
        if path != "/api/v1/prompts/create":
            return None
        with self.lock:
            self.now += 1
            self.highest = max(self.highest, self.now)
        time.sleep(0.05)
        with self.lock:
            self.now -= 1
        return None


def test_on_a_server_too_what_is_named_is_made_first(engine: Engine) -> None:
    tail = engine.stack
    access = {"read": {"groups": [f"g-{tail}"]}}
    document = {
        "prompts": {f"p-{tail}": {"content": "x", "access": access}},
        "models": {f"a-{tail}": {"base": f"b-{tail}"}, f"b-{tail}": {"base": "gpt-4.1", "access": access}},
        "groups": {f"g-{tail}": {}},
    }
    with proxied(engine.sandbox) as (sandbox, proxy):
        outcome = Engine(sandbox, engine.folder, engine.stack).apply(document)
        made = [path for _, path in proxy.seen if path.endswith("/create")]
    assert outcome.complete
    # The first creation is the lock's.
    assert made[1] == "/api/v1/groups/create"
    assert sorted(made[2:]) == ["/api/v1/models/create"] * 2 + ["/api/v1/prompts/create"]


def test_a_name_that_went_since_the_plan_was_made_stops_the_run_before_it_writes(engine: Engine) -> None:
    tail = engine.stack
    document = {
        "models": {f"m-{tail}": {"base": "gpt-4.1", "access": {"read": {"groups": [f"ghost-{tail}"]}}}},
        "prompts": {f"p-{tail}": {"content": "x"}},
    }

    async def work(writer: Writer) -> None:
        group = await groups.create(writer, {"name": f"ghost-{tail}", "description": ""})
        plan, _ = await make_plan(engine.desired(document), writer, engine.options)
        await groups.delete(writer, group["id"])
        with pytest.raises(StalePlan, match=f"names group/ghost-{tail}, which is gone"):
            await check_plan(plan, writer)

    engine.run(work)


def test_a_name_that_goes_during_the_run_is_a_failure_of_that_change_alone(engine: Engine) -> None:
    tail = engine.stack
    document = {
        "models": {f"m-{tail}": {"base": "gpt-4.1", "access": {"read": {"groups": [f"ghost-{tail}"]}}}},
        "prompts": {f"p-{tail}": {"content": "x"}},
    }

    async def work(writer: Writer) -> Outcome:
        group = await groups.create(writer, {"name": f"ghost-{tail}", "description": ""})
        plan, snapshot = await make_plan(engine.desired(document), writer, engine.options)
        await groups.delete(writer, group["id"])
        return await carry_out(writer, plan, replace(snapshot, names=IdIndex()))

    outcome = engine.run(work)
    assert {result.change.kind: result.status for result in outcome.results} == {
        "model": Status.FAILED,
        "prompt": Status.DONE,
    }
    assert outcome.unrecorded is None
