from __future__ import annotations

import asyncio

import pytest

from owui_sync.report import pulse as module
from owui_sync.report.pulse import pulse


def test_a_beat_comes_again_and_again_until_the_end_of_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.01)
    beats: list[int] = []
    third = asyncio.Event()

    def beat() -> None:
        beats.append(1)
        if len(beats) == 3:
            third.set()

    async def main() -> int:
        with pulse(beat):
            await third.wait()
        count = len(beats)
        await asyncio.sleep(0.05)
        return count

    assert asyncio.run(main()) == len(beats) == 3


def test_without_an_event_loop_there_is_none() -> None:
    with pulse(lambda: pytest.fail("no beat")):
        pass
