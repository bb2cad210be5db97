"""Which instance is started when: laws of the waves, for any fleet and any failures."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from owui_sync.fleet.rollout import Rollout, WaveResult
from owui_sync.fleet.wave import Share, Wave

Plan = list[tuple[Wave, list[str]]]

shares = st.one_of(st.builds(Share, st.integers(0, 5)), st.builds(Share, st.integers(0, 100), percent=st.just(True)))
sizes = st.one_of(st.builds(Share, st.integers(1, 5)), st.builds(Share, st.integers(1, 100), percent=st.just(True)))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Waves with instances of names of their own."""
    waves = draw(
        st.lists(
            st.tuples(
                st.builds(
                    Wave,
                    name=st.just("wave"),
                    parallel=st.one_of(st.none(), st.integers(1, 4)),
                    max_failures=shares,
                    batches=st.lists(sizes, max_size=3).map(tuple),
                ),
                st.integers(1, 12),
            ),
            max_size=4,
        )
    )
    return [(wave, [f"{number}-{each}" for each in range(size)]) for number, (wave, size) in enumerate(waves)]


@dataclass
class Recorder:
    """Work that takes a while, fails where it is told to, and remembers what ran next to what."""

    failing: frozenset[str] = frozenset()
    order: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    running: set[str] = field(default_factory=set)
    together: dict[str, int] = field(default_factory=dict)
    waits: random.Random = field(default_factory=lambda: random.Random(1))

    async def work(self, name: str) -> bool:
        self.order.append(name)
        self.running.add(name)
        wave = name.partition("-")[0]
        assert {other.partition("-")[0] for other in self.running} == {wave}
        self.together[wave] = max(self.together.get(wave, 0), len(self.running))
        for _ in range(self.waits.randrange(4)):
            await asyncio.sleep(0)
        self.running.remove(name)
        self.ended.append(name)
        return name not in self.failing


def names_of(plan: Plan) -> list[str]:
    return [name for _, names in plan for name in names]


def run(plan: Plan, recorder: Recorder, at_once: int = 3) -> list[WaveResult]:
    return asyncio.run(Rollout(recorder.work, at_once=at_once).run(plan))


@given(plans(), st.data())
def test_every_instance_is_started_once_or_reported_as_not_started(plan: Plan, data: st.DataObject) -> None:
    names = names_of(plan)
    recorder = Recorder(frozenset(data.draw(st.sets(st.sampled_from(names))) if names else ()))
    results = run(plan, recorder)
    started = [name for result in results for name in result.started]
    left = [name for result in results for name in result.not_started]
    assert sorted(started + left) == sorted(names)
    assert recorder.order == started
    assert sorted(recorder.ended) == sorted(started)
    assert {name for result in results for name in result.failed} == recorder.failing & set(started)


@given(plans(), st.integers(1, 5))
def test_never_more_than_parallel_run_at_once(plan: Plan, at_once: int) -> None:
    recorder = Recorder()
    run([(wave, names) for wave, names in plan], recorder, at_once)
    for number, (wave, _) in enumerate(plan):
        assert recorder.together[str(number)] <= (wave.parallel or at_once)


@given(plans(), st.data())
def test_nothing_is_started_once_more_failed_than_may(plan: Plan, data: st.DataObject) -> None:
    names = names_of(plan)
    failing = frozenset(data.draw(st.sets(st.sampled_from(names))) if names else ())
    results = run(plan, Recorder(failing))
    for (wave, members), result in zip(plan, results, strict=True):
        exceeded = wave.max_failures.is_exceeded(len(result.failed), len(members))
        assert bool(result.stop) == (exceeded or (bool(result.not_started) and not result.started))
        if exceeded:
            # The failure that was one too many, and at most those that ran next to it.
            assert not wave.max_failures.is_exceeded(len(result.failed) - (wave.parallel or 3), len(members))
    first = next((number for number, result in enumerate(results) if result.stop), len(results))
    assert all(not result.started for result in results[first + 1 :])
    assert all(not result.not_started for result in results[:first])


@given(plans(), st.data())
def test_a_resumed_run_does_the_complement(plan: Plan, data: st.DataObject) -> None:
    names = names_of(plan)
    failing = frozenset(data.draw(st.sets(st.sampled_from(names))) if names else ())
    first = run(plan, Recorder(failing))
    done = {name for result in first for name in result.started} - failing
    rest = [(wave, [name for name in members if name not in done]) for wave, members in plan]
    again = Recorder()
    run([(wave, members) for wave, members in rest if members], again)
    assert set(again.order) | done == set(names)
    assert not set(again.order) & done


@given(sizes, st.lists(sizes, max_size=3), st.integers(1, 40))
def test_batches_are_the_wave_in_its_order(first: Share, more: list[Share], size: int) -> None:
    wave = Wave("wave", batches=(first, *more))
    names = [str(number) for number in range(size)]
    batches = list(wave.split(names))
    assert [name for batch in batches for name in batch] == names
    assert all(batches)
    assert len(batches[0]) == min(first.count(size), size)


@pytest.mark.parametrize(
    ("limit", "size", "failed", "stops"),
    [
        ("0", 1, 1, True),
        ("1", 1, 1, False),
        ("0%", 1000, 1, True),
        ("1%", 1000, 10, False),
        ("1%", 1000, 11, True),
        ("1%", 1, 1, True),
        ("99%", 1, 1, True),
        ("100%", 1, 1, False),
        ("100%", 1000, 1000, False),
        ("33%", 3, 1, True),
        ("34%", 3, 1, False),
    ],
)
def test_a_limit_has_to_be_exceeded(limit: str, size: int, failed: int, stops: bool) -> None:
    assert Share.parse(limit, "max_failures").is_exceeded(failed, size) is stops
    assert not Share.parse(limit, "max_failures").is_exceeded(0, size)


def test_batches_of_ten_a_quarter_and_the_rest() -> None:
    wave = Wave("rest", batches=(Share(10), Share(25, percent=True), Share(100, percent=True)))
    assert [len(batch) for batch in wave.split(list(map(str, range(100))))] == [10, 25, 65]


def test_the_last_size_of_a_batch_repeats() -> None:
    assert [len(batch) for batch in Wave("rest", batches=(Share(2),)).split(list("abcde"))] == [2, 2, 1]


def test_a_signal_starts_nothing_more_and_ends_what_runs() -> None:
    recorder, stopped = Recorder(), False

    async def work(name: str) -> bool:
        nonlocal stopped
        stopped = name == "0-1"
        return await recorder.work(name)

    wave = Wave("wave", parallel=1)
    names = ["0-0", "0-1", "0-2"]
    (result,) = asyncio.run(Rollout(work, is_stopped=lambda: stopped).run([(wave, names)]))
    assert result.started == ("0-0", "0-1")
    assert result.not_started == ("0-2",)
    assert recorder.ended == ["0-0", "0-1"]
    assert result.stop == "the run was stopped"


def test_a_wave_that_does_not_hold_keeps_the_next_one_back() -> None:
    baked: list[Sequence[str]] = []

    async def bake(wave: Wave, names: Sequence[str]) -> str:
        baked.append(names)
        return "differs"

    recorder = Recorder(frozenset({"0-0"}))
    first = Wave("canary", max_failures=Share(1), bake=1)
    results = asyncio.run(Rollout(recorder.work, bake).run([(first, ["0-0", "0-1"]), (Wave("rest"), ["1-0"])]))
    assert baked == [["0-1"]]
    assert results[1].stop == "wave canary: differs"
    assert results[1].not_started == ("1-0",)
