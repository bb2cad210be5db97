from __future__ import annotations

import asyncio
import os
import signal

import pytest

from owui_sync.apply.stop import stop_on_signal


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


def test_afterwards_signals_do_what_they_did_before() -> None:
    async def work() -> None:
        with stop_on_signal(lambda: None):
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL

    asyncio.run(work())
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
