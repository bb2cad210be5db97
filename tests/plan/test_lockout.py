"""Plans that would lock administrators out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from owui_sync.errors import UnsafePlan
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import AbsentEntry, Entry
from owui_sync.plan.lockout import may_lock_out
from owui_sync.plan.options import Options
from owui_sync.plan.planner import make_plan
from owui_sync.plan.refusals import check_refusals
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, Plan
from tests.support.build import HERE, entries, entry, live, record, snapshot


def account(name: str, role: str, created_at: int) -> ObservedResource:
    there = live(f"user/{name}@x.org", name, name=name, role=role)
    return replace(there, row={"id": name, "created_at": created_at})


FIRST, OWN, THIRD = account("first", "admin", 1), account("own", "admin", 2), account("third", "admin", 3)


def server(*lives: ObservedResource, whose: str | None = "own", written: Entry | None = None) -> Snapshot:
    id = written.key.partition("@")[0] if written else ""
    records = {written.address: record(written, id)} if written else {}
    return replace(snapshot(*(lives or (FIRST, OWN, THIRD)), records=records), account=whose)


def plan(on: Snapshot, *written: Entry, absent: tuple[str, ...] = (), allow: bool = False) -> Plan:
    gone = [AbsentEntry("user", key, HERE) for key in absent]
    return check_refusals(make_plan(entries(*written), gone, on, Options(allow_lockout=allow)))


def demoted(name: str, role: str = "user") -> Entry:
    return entry(f"user/{name}@x.org", role=role)


@pytest.mark.parametrize("role", ["user", "pending"])
@pytest.mark.parametrize(("name", "why"), [("own", "the account of the token"), ("first", "primary administrator")])
def test_demoting_the_own_or_the_first_account_is_refused_with_its_place(name: str, why: str, role: str) -> None:
    with pytest.raises(UnsafePlan, match=why) as refused:
        plan(server(), demoted(name, role))
    (problem,) = refused.value.problems
    assert problem.where == str(HERE)
    assert "--allow-lockout" in (problem.hint or "")
    assert plan(server(), demoted(name, role), allow=True).count(Action.ADOPT) == 1


def test_an_administrator_of_the_same_second_may_be_the_first_account() -> None:
    twin = account("a-twin", "admin", 1)
    for name in ("first", "a-twin"):
        with pytest.raises(UnsafePlan, match="primary administrator"):
            plan(server(FIRST, OWN, twin), demoted(name))
    assert plan(server(FIRST, OWN, THIRD, account("a-user", "user", 1)), demoted("third")).count(Action.ADOPT) == 1


@pytest.mark.parametrize("name", ["own", "first"])
def test_deleting_the_own_or_the_first_account_is_refused_with_its_place(name: str) -> None:
    with pytest.raises(UnsafePlan, match=f"deletes user/{name}@x.org") as refused:
        plan(server(), absent=(f"{name}@x.org",))
    assert refused.value.problems[0].where == str(HERE)
    assert plan(server(), absent=(f"{name}@x.org",), allow=True).count(Action.DELETE) == 1


def test_a_role_that_is_no_longer_written_goes_back_to_pending_and_is_refused_too() -> None:
    written = entry("user/own@x.org", role="admin", name="own")
    on = server(written=written)
    with pytest.raises(UnsafePlan, match="the account of the token"):
        plan(on, entry("user/own@x.org", name="own"))


def test_all_lockouts_are_told_at_once() -> None:
    with pytest.raises(UnsafePlan) as refused:
        plan(server(), demoted("own"), absent=("first@x.org",))
    assert len(refused.value.problems) == 2


def test_any_other_administrator_may_be_demoted_or_deleted() -> None:
    assert plan(server(), demoted("third")).count(Action.ADOPT) == 1
    assert plan(server(), absent=("third@x.org",)).count(Action.DELETE) == 1


def test_the_last_administrator_stays() -> None:
    on = server(account("plain", "user", 1), OWN, THIRD, whose=None)
    with pytest.raises(UnsafePlan) as refused:
        plan(on, demoted("own"), demoted("third"))
    assert "leaves no administrator" in str(refused.value)


def test_where_it_is_not_known_whose_token_it_is_no_administrator_goes() -> None:
    with pytest.raises(UnsafePlan, match="may be the account of the token"):
        plan(server(whose=None), demoted("third"))


def test_whose_token_it_is_only_counts_where_an_administrator_loses_the_role() -> None:
    on = server(FIRST, OWN, account("plain", "user", 3))
    assert may_lock_out(entries(demoted("own")), [], on)
    assert may_lock_out({}, [AbsentEntry("user", "own@x.org", HERE)], on)
    assert not may_lock_out(entries(demoted("plain"), demoted("own", "admin")), [], on)
