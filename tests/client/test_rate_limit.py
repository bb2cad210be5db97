from __future__ import annotations

import asyncio

import pytest

from owui_sync.client.rate_limit import RateLimiter


def test_turns_of_many_tasks_keep_their_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def main() -> None:
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: 50.0)
        monkeypatch.setattr(asyncio, "sleep", sleep)
        pace = RateLimiter(100)
        await asyncio.gather(*(pace.turn() for _ in range(6)))

    asyncio.run(main())
    assert waits == pytest.approx([0, 0.01, 0.02, 0.03, 0.04, 0.05])


def test_without_a_rate_nobody_waits() -> None:
    asyncio.run(asyncio.wait_for(RateLimiter(None).turn(), 0.01))


@pytest.mark.parametrize("rate", [0, -1])
def test_rate_that_lets_nothing_through_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="lets nothing through"):
        RateLimiter(rate)
