from __future__ import annotations

import asyncio
import logging

import pytest

from owui_sync.client import silence
from owui_sync.client.silence import Silence


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(silence, "_FIRST", 0.1)
    monkeypatch.setattr(silence, "_AGAIN", 0.2)
    caplog.set_level(logging.WARNING, logger="owui_sync.client")


async def wait(seconds: float, *, broken_every: float | None = None, limit: float | None = 300) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    with Silence("the answer of m", limit) as quiet:
        while loop.time() < end:
            await asyncio.sleep(broken_every or seconds)
            if broken_every:
                quiet.broken()


def test_who_waits_is_told_for_what_and_how_long_at_the_most(caplog: pytest.LogCaptureFixture) -> None:
    asyncio.run(wait(0.15))
    assert caplog.messages == [
        "nothing new for 0 s: waiting for the answer of m; it is given up after 300 s of silence"
    ]


def test_it_is_told_again_as_long_as_it_lasts(caplog: pytest.LogCaptureFixture) -> None:
    asyncio.run(wait(0.65, limit=None))
    assert len(caplog.messages) >= 2
    assert set(caplog.messages) <= {f"nothing new for {n} s: waiting for the answer of m" for n in (0, 1)}


def test_something_that_comes_begins_the_silence_anew(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = 100.0
    monkeypatch.setattr("owui_sync.client.silence.time.monotonic", lambda: now)

    async def main() -> None:
        nonlocal now
        with Silence("the answer of m", 300) as quiet:
            now += 0.09
            quiet.broken()
            now += 0.09
            quiet._tell()

    asyncio.run(main())
    assert caplog.messages == []


def test_nothing_is_told_after_the_end(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        with Silence("the answer of m", 300):
            pass
        await asyncio.sleep(0.15)

    asyncio.run(main())
    assert caplog.messages == []
