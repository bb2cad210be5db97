from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from owui_sync.client.errors import ClientClosed
from owui_sync.client.sync.loop import LoopThread


def alive() -> list[str]:
    """Threads of loops that have not ended."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("owui-sync")]


@pytest.fixture
def ended() -> list[str]:
    return []


@pytest.fixture
def loop(ended: list[str]) -> Iterator[LoopThread]:
    async def finish() -> None:
        ended.append("finished")

    thread = LoopThread(finish)
    yield thread
    thread.stop()


async def double(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


async def for_ever(started: threading.Event, ended: list[str]) -> None:
    started.set()
    try:
        await asyncio.sleep(60)
    finally:
        ended.append("cancelled")


def test_thread_starts_with_the_first_call_and_ends_with_stop(loop: LoopThread, ended: list[str]) -> None:
    assert alive() == []
    assert loop.run(double(2)) == 4
    assert alive() == ["owui-sync-client"]
    loop.stop()
    loop.stop()
    assert (alive(), ended) == ([], ["finished"])


def test_works_in_a_thread_with_a_running_event_loop(loop: LoopThread) -> None:
    async def notebook() -> int:
        return loop.run(double(3))

    assert asyncio.run(notebook()) == 6


def test_errors_come_out_as_they_are(loop: LoopThread) -> None:
    async def fails() -> None:
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        loop.run(fails())


def test_many_threads_at_once_get_their_own_results(loop: LoopThread) -> None:
    results: dict[int, int] = {}
    threads = [
        threading.Thread(target=lambda n=number: results.update({n: loop.run(double(n))})) for number in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: 2 * number for number in range(16)}


def test_stop_cancels_what_others_wait_for_and_tells_them(loop: LoopThread, ended: list[str]) -> None:
    started, told = threading.Event(), []

    def wait() -> None:
        with pytest.raises(ClientClosed):
            loop.run(for_ever(started, ended))
        told.append(True)

    thread = threading.Thread(target=wait)
    thread.start()
    started.wait()
    loop.stop()
    thread.join()
    assert (ended, told) == (["cancelled", "finished"], [True])


def test_stop_waits_for_what_is_being_cancelled_already(loop: LoopThread) -> None:
    started, done = threading.Event(), []

    async def work() -> None:
        try:
            started.set()
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            done.append("in order")

    future = loop.begin(work())
    started.wait()
    future.cancel()
    loop.stop()
    assert done == ["in order"]


def test_stop_leaves_tasks_alone_that_put_things_in_order(loop: LoopThread) -> None:
    started, done = threading.Event(), []

    async def store() -> None:
        await asyncio.sleep(0.05)
        done.append("stored")

    async def work() -> None:
        try:
            started.set()
            await asyncio.sleep(60)
        finally:
            await asyncio.create_task(store())

    future = loop.begin(work())
    started.wait()
    future.cancel()
    time.sleep(0.01)  # So that the task is there when everything is to end.
    loop.stop()
    assert done == ["stored"]


def test_nothing_runs_after_stop(loop: LoopThread) -> None:
    loop.stop()
    with pytest.raises(ClientClosed, match="closed"):
        loop.run(double(1))


def test_ctrl_c_interrupts_the_wait_and_cancels_the_work(loop: LoopThread, ended: list[str]) -> None:
    started = threading.Event()

    def press() -> None:
        started.wait()
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press).start()
    with pytest.raises(KeyboardInterrupt):
        loop.run(for_ever(started, ended))
    for _ in range(100):
        if ended:
            break
        time.sleep(0.01)
    assert ended == ["cancelled"]
    assert loop.run(double(1)) == 2


def test_stop_in_the_thread_itself_does_not_wait_for_itself(loop: LoopThread) -> None:
    async def stop() -> None:
        loop.stop()
        await asyncio.sleep(60)

    with pytest.raises(ClientClosed):
        loop.run(stop())
    assert loop._thread is not None
    loop._thread.join(10)
    assert alive() == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_starts_a_thread_of_its_own(loop: LoopThread) -> None:
    assert loop.run(double(1)) == 2
    pid = os.fork()
    if pid == 0:
        gc.collect()
        os._exit(loop.run(double(21)))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 42
    assert loop.run(double(2)) == 4
