from __future__ import annotations

import asyncio
import os
import signal

import pytest

from owui_sync.apply.signals import at_question, end_on_signal, interrupted, stop_on_signal
from owui_sync.errors import Interrupted


def send(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_only_sets_the_flag_and_tells_the_user(number: signal.Signals) -> None:
    told: list[str] = []

    async def work() -> tuple[bool, bool]:
        with stop_on_signal(lambda: told.append("stopping")) as stopped:
            before = stopped()
            send(number)
            await asyncio.sleep(0.05)
            return before, stopped()

    assert asyncio.run(work()) == (False, True)
    assert told == ["stopping"]


def test_the_second_signal_ends_the_work_at_once() -> None:
    async def work() -> None:
        with stop_on_signal(lambda: None):
            send(signal.SIGINT)
            await asyncio.sleep(0.05)
            send(signal.SIGTERM)
            await asyncio.sleep(10)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(work())


def test_sigterm_lets_what_is_in_flight_go_on_for_a_limited_time() -> None:
    async def work(number: signal.Signals) -> bool:
        with interrupted(lambda: "stopped"), stop_on_signal(lambda: None, 0.05) as stopped:
            send(number)
            await asyncio.sleep(0.2)
            return stopped()

    with pytest.raises(Interrupted, match="stopped"):
        asyncio.run(work(signal.SIGTERM))
    assert asyncio.run(work(signal.SIGINT))


def test_a_limit_does_not_outlast_its_block() -> None:
    async def work() -> bool:
        with stop_on_signal(lambda: None, 0.5):
            send(signal.SIGTERM)
            await asyncio.sleep(0)
        await asyncio.sleep(0.6)
        return True

    assert asyncio.run(work())


def test_the_user_is_told_once() -> None:
    told: list[str] = []

    async def work() -> None:
        with interrupted(lambda: "stopped"), stop_on_signal(lambda: told.append("stopping")):
            for _ in range(2):
                send(signal.SIGINT)
                await asyncio.sleep(0.05)

    with pytest.raises(Interrupted, match="stopped"):
        asyncio.run(work())
    assert told == ["stopping"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_while_nothing_was_changed_the_first_signal_ends_the_work(number: signal.Signals) -> None:
    async def work() -> None:
        with end_on_signal(lambda: "nothing was changed"):
            send(number)
            await asyncio.sleep(10)

    with pytest.raises(Interrupted, match="nothing was changed"):
        asyncio.run(work())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_at_a_question_a_signal_takes_effect_where_the_program_stands(number: signal.Signals) -> None:
    async def work() -> str:
        with end_on_signal(lambda: "too late"):
            try:
                with at_question():
                    send(number)
                    return "the question was answered"
            except KeyboardInterrupt:
                await asyncio.sleep(0.05)
                return "the question was left"

    assert asyncio.run(work()) == "the question was left"


def test_afterwards_signals_do_what_they_did_before() -> None:
    async def work() -> None:
        with stop_on_signal(lambda: None):
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL

    asyncio.run(work())
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
