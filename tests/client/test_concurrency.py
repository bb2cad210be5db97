from __future__ import annotations

import asyncio

import pytest

from owui_sync.client.concurrency import each, even_if_cancelled, gather_or_cancel


async def _after(seconds: float, value: int) -> int:
    await asyncio.sleep(seconds)
    return value


async def _failing() -> int:
    raise LookupError("first")


def test_results_come_in_the_order_of_the_reads() -> None:
    async def run() -> list[int]:
        return await gather_or_cancel(_after(0.02, 1), _after(0, 2))

    assert asyncio.run(run()) == [1, 2]


def test_a_failure_is_raised_as_it_is_and_ends_the_others() -> None:
    async def run() -> int:
        with pytest.raises(LookupError, match="first"):
            await gather_or_cancel(_after(60, 1), _failing())
        return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1


def test_not_more_workers_are_made_than_there_is_work() -> None:
    assert asyncio.run(each(lambda item: _after(0, item), [1, 2], 10**12)) == [1, 2]


def test_work_that_is_cancelled_is_done_all_the_same_before_the_cancellation_goes_on() -> None:
    done: list[int] = []

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.append(1)

    async def run() -> None:
        task = asyncio.create_task(even_if_cancelled(work))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert done == [1]
