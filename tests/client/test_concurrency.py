from __future__ import annotations

import asyncio

import pytest

from owui_sync.client.concurrency import gather_or_cancel


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
