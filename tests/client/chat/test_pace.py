"""When the server is asked whether an answer is there."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from owui_sync.client.chat import pace
from owui_sync.client.chat.pace import Pace

MODELS = ("m",)


class Clock:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.pauses.append(seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pace, "time", SimpleNamespace(monotonic=lambda: clock.now))
    monkeypatch.setattr(pace, "asyncio", SimpleNamespace(sleep=clock.sleep))
    return clock


def wait_for(
    usual: dict[tuple[str, ...], float], seconds: float, clock: Clock, request: float = 0.0
) -> tuple[int, float]:
    """Wait for an answer that takes so long; return how often one looked, and how late one began to look.

    A look takes the seconds of its `request`.
    """

    async def wait() -> float:
        start, one = clock.now, Pace(usual, MODELS)
        await one.first()
        while clock.now < start + seconds:
            clock.now += request
            await one.next()
        late = clock.now - start - seconds
        clock.now += request
        one.over()
        return late

    clock.pauses = []
    late = asyncio.run(wait())
    return len(clock.pauses), late


def test_an_answer_is_noticed_late_by_a_third_of_its_time_and_a_moment_at_most(clock: Clock) -> None:
    for seconds in (0.001, 0.05, 0.12, 0.9, 3.0):
        assert wait_for({}, seconds, clock)[1] <= 0.3 * seconds + 0.02
    assert wait_for({}, 30.0, clock)[1] <= 1


def test_a_quick_answer_after_slow_ones_waits_for_half_a_second_at_most(clock: Clock) -> None:
    looks, late = wait_for({MODELS: 60.0}, 0.01, clock)
    assert (looks, round(late, 2)) == (1, 0.49)


def test_the_first_look_follows_what_answers_of_the_models_took(clock: Clock) -> None:
    usual: dict[tuple[str, ...], float] = {("other",): 9.0}
    first = wait_for(usual, 0.3, clock)[0]
    later = [wait_for(usual, 0.3, clock)[0] for _ in range(20)]
    assert first >= 6
    assert max(later) <= 3
    assert 0.1 < usual[MODELS] < 0.4
    assert usual["other",] == 9.0


def test_a_model_that_answers_at_once_is_asked_once_and_not_late(clock: Clock) -> None:
    usual: dict[tuple[str, ...], float] = {}
    assert [wait_for(usual, 0.015, clock)[0] for _ in range(20)] == [1] * 20
    assert wait_for(usual, 0.015, clock)[1] < 0.01


def test_a_slow_model_is_not_asked_for_often(clock: Clock) -> None:
    usual: dict[tuple[str, ...], float] = {}
    first = wait_for(usual, 3.0, clock)[0]
    for _ in range(10):
        last = wait_for(usual, 3.0, clock)[0]
    assert first <= 20
    assert last <= 8
    assert clock.pauses[0] == 0.5


def test_one_slow_answer_does_not_make_the_next_ones_late(clock: Clock) -> None:
    usual: dict[tuple[str, ...], float] = {}
    for seconds in (*[0.02] * 20, 0.4):
        wait_for(usual, seconds, clock)
    assert wait_for(usual, 0.02, clock)[1] < 0.04


def test_the_time_that_a_look_takes_is_not_taken_for_that_of_the_answer(clock: Clock) -> None:
    usual: dict[tuple[str, ...], float] = {}
    for _ in range(20):
        wait_for(usual, 0.02, clock, request=0.05)
    assert usual[MODELS] < 0.03
