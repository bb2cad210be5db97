from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from typing import Any

import pytest

from owui_sync.apply import lock as module
from owui_sync.apply import lock_row
from owui_sync.apply.context import RunContext
from owui_sync.apply.lock import Lock, locked, unlock, who
from owui_sync.apply.outcome import Status
from owui_sync.apply.runner import Runner
from owui_sync.client.api import models
from owui_sync.client.errors import ServerError
from owui_sync.client.writer import Writer
from owui_sync.errors import Locked, OwuiSyncError
from owui_sync.kinds.rows import Row
from owui_sync.pipeline import make_plan
from owui_sync.sandbox import Sandbox
from tests.support.engine import Engine
from tests.support.member import Member, member_of
from tests.support.proxy import Answer, proxied

DEAD_ELSEWHERE = {"user": "bob", "host": "far", "pid": 7}


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> float:
    """Locks live for two seconds; a server's clock has no smaller steps than one."""
    monkeypatch.setattr(module, "LIFETIME", 2.0)
    monkeypatch.setattr(module, "_RENEW", 0.3)
    monkeypatch.setattr(module, "_POLL", 0.05)
    return 2.0


@pytest.fixture(scope="module")
def member(open_webui: Sandbox) -> Member:
    """A user who may make models."""
    return member_of(open_webui)


async def rows(writer: Writer, engine: Engine) -> list[Any]:
    return [row for row in await models.list_all(writer) if row["id"].startswith(f"owui-sync.lock.{engine.stack}")]


async def leave(writer: Writer, engine: Engine, expires_at: Any) -> str:
    """The lock of a run on another machine."""
    id = f"owui-sync.lock.{engine.stack}"
    mark = {"nonce": "1", "expires_at": expires_at, "holder": DEAD_ELSEWHERE}
    body = {"id": id, "name": id, "params": {}, "is_active": False, "meta": {"owui_sync": mark}}
    await models.create(writer, body)
    return id


async def until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        await asyncio.sleep(0.05)


class Crowd:
    """Many that want the lock at the same time; `most` held it together. It is held until `enough` were refused."""

    def __init__(self, engine: Engine, enough: int = 0) -> None:
        self.engine, self.enough = engine, enough
        self.inside, self.most, self.refused, self.served = 0, 0, 0, 0

    async def one(self, patience: float) -> None:
        async with AsyncExitStack() as stack:
            writer = await stack.enter_async_context(self.engine.connect())
            try:
                await stack.enter_async_context(locked(writer, self.engine.stack, patience))
            except Locked:
                self.refused += 1
                return
            self.inside += 1
            self.served += 1
            self.most = max(self.most, self.inside)
            await asyncio.sleep(0.1)
            await until(lambda: self.refused >= self.enough, 20)
            self.inside -= 1

    def all(self, number: int, patience: float) -> None:
        async def run() -> None:
            await asyncio.gather(*(self.one(patience) for _ in range(number)))

        asyncio.run(run())


def test_of_many_creators_one_has_it_and_the_others_are_told(engine: Engine) -> None:
    crowd = Crowd(engine, enough=3)
    crowd.all(4, patience=0)
    assert (crowd.served, crowd.refused) == (1, 3)


def test_whoever_waits_gets_it_in_the_end_and_never_two_at_once(engine: Engine, short: float) -> None:
    crowd = Crowd(engine)
    crowd.all(3, patience=20)
    assert (crowd.served, crowd.most) == (3, 1)


def test_a_dead_lock_that_many_find_at_once_is_broken_for_one_only(engine: Engine, short: float) -> None:
    async def dead(writer: Writer) -> None:
        await leave(writer, engine, time.time() - 5)

    engine.run(dead)
    crowd = Crowd(engine)
    crowd.all(4, patience=20)
    assert (crowd.served, crowd.most) == (4, 1)
    assert engine.run(lambda writer: rows(writer, engine)) == []


def test_a_lock_that_is_renewed_outlives_its_lifetime(engine: Engine, short: float) -> None:
    async def work(writer: Writer) -> None:
        async with locked(writer, engine.stack, 0) as held:
            await asyncio.sleep(2 * short)
            with pytest.raises(Locked):
                async with locked(writer, engine.stack, 0):
                    pass
            assert not held.lost
            assert await who(writer, engine.stack)
        assert await who(writer, engine.stack) is None

    engine.run(work)


def test_a_lock_of_another_machine_is_respected_until_it_expires(engine: Engine, short: float) -> None:
    async def work(writer: Writer) -> None:
        await leave(writer, engine, time.time() + 1.5)
        with pytest.raises(Locked, match="bob on far, process 7"):
            async with locked(writer, engine.stack, 0):
                pass
        async with locked(writer, engine.stack, 10):
            (row,) = await rows(writer, engine)
            assert row["meta"]["owui_sync"]["holder"] != DEAD_ELSEWHERE

    engine.run(work)


@pytest.mark.parametrize("expires_at", [4e9, 1e300, "tomorrow", None])
def test_a_row_that_claims_what_no_run_claims_locks_nobody_out(engine: Engine, expires_at: Any) -> None:
    async def work(writer: Writer) -> None:
        await leave(writer, engine, expires_at)
        async with locked(writer, engine.stack, 0) as held:
            (row,) = await rows(writer, engine)
            assert row["meta"]["owui_sync"]["nonce"] == held.nonce

    engine.run(work)


def test_a_refused_creation_is_tried_again_when_nobody_has_the_lock(engine: Engine) -> None:
    refused = created(engine, refusals=2)
    assert refused == 2


def test_a_server_that_refuses_every_creation_is_not_asked_for_ever(engine: Engine) -> None:
    with pytest.raises(ServerError):
        created(engine, refusals=100)


def created(engine: Engine, refusals: int) -> int:
    """Takes the lock from a server that answers the first creations with 500; how many it refused."""
    refused: list[str] = []

    def rule(method: str, path: str) -> Answer | None:
        if path.endswith("/models/create") and len(refused) < refusals:
            refused.append(path)
            return Answer(500)
        return None

    async def work(writer: Writer) -> None:
        async with locked(writer, engine.stack, 0):
            assert await who(writer, engine.stack)

    with proxied(engine.sandbox) as (sandbox, proxy):
        proxy.rule = rule
        replace(engine, sandbox=sandbox).run(work)
    return len(refused)


def test_a_lock_that_cannot_be_removed_is_left_to_expire(
    engine: Engine, short: float, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(writer: Writer) -> str:
        async with locked(writer, engine.stack, 0):
            proxy.rule = lambda method, path: Answer(500)
        return "done"

    with proxied(engine.sandbox) as (sandbox, proxy):
        assert replace(engine, sandbox=sandbox).run(work) == "done"
    assert "the lock could not be removed" in caplog.text
    engine.run(lambda writer: unlock(writer, engine.stack))


def test_the_row_is_hidden_inactive_and_private(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        async with locked(writer, engine.stack, 0):
            (row,) = await rows(writer, engine)
        assert (row["meta"]["hidden"], row["is_active"], row["access_grants"]) == (True, False, [])

    engine.run(work)


def test_a_run_that_lost_the_lock_starts_nothing_more(engine: Engine, short: float) -> None:
    document = {"prompts": {f"p-{engine.stack}": {"content": "x"}}}

    async def work(writer: Writer) -> None:
        async with locked(writer, engine.stack, 0) as held:
            plan, snapshot = await make_plan(engine.desired(document), writer, engine.options)
            await unlock(writer, engine.stack)
            await until(lambda: held.lost, 3)
            outcome = await Runner(plan, snapshot, RunContext(writer, lock=held)).run()
        assert [result.status for result in outcome.results] == [Status.SKIPPED]

    engine.run(work)


def test_a_lock_that_was_lost_is_not_taken_from_its_new_holder(engine: Engine, short: float) -> None:
    async def work(writer: Writer) -> None:
        async with locked(writer, engine.stack, 0) as held:
            await unlock(writer, engine.stack)
            await leave(writer, engine, time.time() + 60)
            await until(lambda: held.lost, 3)
        assert await who(writer, engine.stack) == "bob on far, process 7"
        await unlock(writer, engine.stack)

    engine.run(work)


def _hang(method: str, path: str) -> Answer | None:
    if "/models/model?" in path or path.endswith("/models/model/update"):
        time.sleep(4)
    return None


def _fail(method: str, path: str) -> Answer | None:
    return Answer(400) if "/models/model?" in path or path.endswith("/models/model/update") else None


def _refuse_updates(method: str, path: str) -> Answer | None:
    return Answer(500) if path.endswith("/models/model/update") else None


@pytest.mark.parametrize("rule", [_fail, _hang, _refuse_updates])
def test_a_lock_that_cannot_be_renewed_in_time_is_lost(
    engine: Engine, short: float, rule: Callable[[str, str], Answer | None]
) -> None:
    async def hold(writer: Writer) -> Lock:
        async with locked(writer, engine.stack, 0) as held:
            proxy.rule = rule
            with suppress(AssertionError):
                await until(lambda: held.lost, short + 1)
            proxy.rule = lambda method, path: None
            return replace(held)

    with proxied(engine.sandbox) as (sandbox, proxy):
        held = replace(engine, sandbox=sandbox).run(hold)
    engine.run(lambda writer: unlock(writer, engine.stack))
    assert held.lost


def test_a_creation_whose_answer_is_lost_is_known_by_its_nonce(engine: Engine) -> None:
    broken: list[str] = []

    def rule(method: str, path: str) -> Answer | None:
        if path.endswith("/models/create") and not broken:
            broken.append(path)
            return Answer(500, after=True)
        return None

    async def work(writer: Writer) -> None:
        async with locked(writer, engine.stack, 0):
            assert await who(writer, engine.stack)

    with proxied(engine.sandbox) as (sandbox, proxy):
        proxy.rule = rule
        replace(engine, sandbox=sandbox).run(work)
    assert broken


def test_unlock_says_whose_it_was_and_removes_what_breakers_left(engine: Engine) -> None:
    async def work(writer: Writer) -> tuple[str | None, str | None]:
        id = await leave(writer, engine, time.time() + 60)
        body = {"id": f"{id}:break:1", "name": "x", "params": {}, "is_active": False, "meta": {}}
        await models.create(writer, body)
        first = await unlock(writer, engine.stack)
        assert await rows(writer, engine) == []
        return first, await unlock(writer, engine.stack)

    assert engine.run(work) == ("bob on far, process 7", None)


@pytest.mark.parametrize("off", [120, -120, 3600, -86400])
@pytest.mark.parametrize("whose", ["holder", "second"])
def test_a_machine_whose_clock_is_wrong_neither_loses_the_lock_nor_takes_it(
    engine: Engine, off: float, whose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time
    wrong = {"holder": real, "second": real} | {whose: lambda: real() + off}

    async def work(writer: Writer) -> None:
        monkeypatch.setattr(time, "time", wrong["holder"])
        async with locked(writer, engine.stack, 0) as held, engine.connect() as second:
            monkeypatch.setattr(time, "time", wrong["second"])
            with pytest.raises(Locked):
                async with locked(second, engine.stack, 0):
                    pass
            assert await held.held()

    engine.run(work)


def test_without_the_servers_time_nothing_is_locked(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        writer.time_is_known = lambda: False  # type: ignore[method-assign]
        with pytest.raises(OwuiSyncError, match="does not tell its time"):
            async with locked(writer, engine.stack, 0):
                pass
        assert await rows(writer, engine) == []

    engine.run(work)


def killed_at(number: int) -> Callable[[str, str], Answer | None]:
    """Of that request on nothing arrives any more."""
    seen: list[str] = []

    def rule(method: str, path: str) -> Answer | None:
        seen.append(path)
        return Answer(500) if len(seen) >= number else None

    return rule


@pytest.mark.parametrize("request_", range(2, 12))
def test_a_run_that_is_killed_while_it_takes_over_a_dead_lock_is_followed_by_the_next_one(
    engine: Engine, request_: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LIFETIME", 1.0)

    async def dead(writer: Writer) -> None:
        await leave(writer, engine, time.time() - 5)

    async def take(writer: Writer) -> None:
        async with locked(writer, engine.stack, 0):
            pass

    async def follow(writer: Writer) -> list[Row]:
        async with locked(writer, engine.stack, 10):
            pass
        return await rows(writer, engine)

    engine.run(dead)
    with proxied(engine.sandbox) as (sandbox, proxy):
        proxy.rule = killed_at(request_)
        with suppress(ServerError):
            replace(engine, sandbox=sandbox).run(take)
    assert engine.run(follow) == []


def test_the_right_to_take_over_a_dead_lock_expires_as_the_lock_does(engine: Engine, short: float) -> None:
    async def work(writer: Writer) -> None:
        id = await leave(writer, engine, time.time() - 5)
        row = await lock_row.read(writer, id)
        assert row
        mark = {"nonce": "1", "expires_at": time.time() + short, "holder": DEAD_ELSEWHERE}
        await models.create(writer, lock_row.body(row.breaker, mark))
        with pytest.raises(Locked):
            async with locked(writer, engine.stack, 0):
                pass
        async with locked(writer, engine.stack, 10):
            pass
        assert await rows(writer, engine) == []

    engine.run(work)


def test_a_deletion_of_the_lock_that_is_lost_locks_nobody_out(engine: Engine, short: float) -> None:
    async def work(writer: Writer) -> None:
        async with locked(writer, engine.stack, 0):
            proxy.rule = lambda method, path: Answer(500) if path.endswith("/model/delete") else None

    async def follow(writer: Writer) -> list[Row]:
        async with locked(writer, engine.stack, 10):
            pass
        return await rows(writer, engine)

    with proxied(engine.sandbox) as (sandbox, proxy):
        replace(engine, sandbox=sandbox).run(work)
    assert engine.run(follow) == []


def test_a_run_that_stood_still_keeps_a_lock_that_nobody_took(engine: Engine, short: float) -> None:
    async def work(writer: Writer) -> None:
        async with locked(writer, engine.stack, 0) as held:
            time.sleep(2 * short)  # noqa: ASYNC251
            assert held.lost
            assert await held.held()
            await asyncio.sleep(2 * short)
            assert not held.lost

    engine.run(work)


def test_two_parts_of_a_run_that_ask_at_once_renew_it_once(
    engine: Engine, short: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(writer: Writer) -> None:
        async with locked(writer, engine.stack, 0) as held:
            time.sleep(2 * short)  # noqa: ASYNC251
            # However long the eight take, the lock that one of them renewed is not due again.
            monkeypatch.setattr(module, "LIFETIME", 90.0)
            monkeypatch.setattr(module, "_RENEW", 60.0)
            assert await asyncio.gather(*(held.held() for _ in range(8))) == [True] * 8
            assert [path for _, path in proxy.seen].count("/api/v1/models/model/update") == 1

    with proxied(engine.sandbox) as (sandbox, proxy):
        replace(engine, sandbox=sandbox).run(work)


def test_a_row_that_another_run_writes_at_the_same_moment_is_lost(engine: Engine, short: float) -> None:
    def refuse(method: str, path: str) -> Answer | None:
        if path != "/api/v1/models/model/update":
            return None
        proxy.rule = lambda method, path: None
        engine.run(take)
        return Answer(409, b'{"detail": {"code": "version_conflict"}}')

    async def take(writer: Writer) -> None:
        await models.update(writer, lock_row.body(f"owui-sync.lock.{engine.stack}", {"nonce": "another"}))

    async def work(writer: Writer) -> None:
        async with locked(writer, engine.stack, 0) as held:
            time.sleep(2 * short)  # noqa: ASYNC251
            proxy.rule = refuse
            assert not await held.held()

    with proxied(engine.sandbox) as (sandbox, proxy):
        replace(engine, sandbox=sandbox).run(work)


def test_whether_the_lock_is_held_is_asked_of_the_server(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        async with locked(writer, engine.stack, 0) as held:
            await unlock(writer, engine.stack)
            assert (held.lost, await held.held(), held.lost) == (False, False, True)

    engine.run(work)


STRANGE_MARKS: list[Any] = [
    {"nonce": "1", "expires_at": 0, "holder": {}},
    {"nonce": "a b/../ü" * 99, "expires_at": None, "holder": "me"},
    {"nonce": {"deep": [1]}, "left": ["gpt-4.1", 7, None]},
    "no mark at all",
    None,
]


@pytest.mark.parametrize("mark", STRANGE_MARKS)
@pytest.mark.parametrize("breakers", [0, 2])
def test_rows_of_users_who_may_make_models_lock_nobody_out(
    engine: Engine, member: Member, mark: Any, breakers: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Also when they made the rows that give the right to remove the first one, whose names anybody can work out."""
    id = f"owui-sync.lock.{engine.stack}"
    for _ in range(1 + breakers):
        author, said = member.make_model(id, {"owui_sync": alive(mark)})
        row = lock_row.LockRow(id, author, said if isinstance(said, dict) else {})
        id = row.breaker

    async def work(writer: Writer) -> None:
        assert await who(writer, engine.stack) is None
        async with locked(writer, engine.stack, 0):
            assert str(await who(writer, engine.stack)).partition(" ")[0]
        assert await rows(writer, engine) == []

    engine.run(work)
    assert f"'{member.email}', who is no administrator: it is removed" in caplog.text


def alive(mark: Any) -> Any:
    """The same mark, of a run that lives by what it says."""
    return {**mark, "expires_at": time.time() + 20} if isinstance(mark, dict) and mark.get("expires_at") == 0 else mark


def test_more_rows_of_others_than_are_followed_are_an_error_that_says_how_to_remove_them(
    engine: Engine, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST", 1)
    id = f"owui-sync.lock.{engine.stack}"
    author, mark = member.make_model(id, {"owui_sync": {"nonce": "1"}})
    member.make_model(lock_row.LockRow(id, author, mark).breaker, {})

    async def work(writer: Writer) -> str | None:
        with pytest.raises(OwuiSyncError, match=f"'{member.email}', who is no administrator.*\n.*state unlock"):
            async with locked(writer, engine.stack, 0):
                pass
        return await unlock(writer, engine.stack)

    assert engine.run(work) == f"user '{member.email}', who is no administrator"


def test_stacks_do_not_lock_each_other(engine: Engine) -> None:
    async def work(writer: Writer) -> None:
        async with locked(writer, engine.stack, 0), locked(writer, f"{engine.stack}2", 0):
            assert await unlock(writer, engine.stack)
            assert await who(writer, f"{engine.stack}2")

    engine.run(work)
