from __future__ import annotations

import asyncio

import pytest

from owui_sync.client.pace import Pace


def test_turns_of_many_tasks_keep_their_distance() -> None:
    async def main() -> list[float]:
        pace, moments = Pace(100), []

        async def task() -> None:
            await pace.turn()
            moments.append(asyncio.get_running_loop().time())

        await asyncio.gather(*(task() for _ in range(6)))
        return moments

    moments = asyncio.run(main())
    assert moments[-1] - moments[0] >= 0.049


def test_without_a_rate_nobody_waits() -> None:
    asyncio.run(asyncio.wait_for(Pace(None).turn(), 0.01))


@pytest.mark.parametrize("rate", [0, -1])
def test_rate_that_lets_nothing_through_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="lets nothing through"):
        Pace(rate)
