"""An event loop in a thread of its own, for programs that know nothing of event loops.

Any thread may call, also one with a running event loop of its own (a notebook). The thread starts with the first call
and ends with `stop`. It is a daemon and holds no reference to the client that it serves, so that neither a forgotten
client nor the end of the program waits for it.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import threading
import weakref
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from owui_sync.client.errors import ClientClosed

T = TypeVar("T")

_LONGEST_END = 10.0
"""Seconds that `stop` waits for the thread; only a connection that will not close takes longer."""


class LoopThread:
    """An event loop in a thread.

    Args:
        finish: awaited on the loop when it ends, after what was begun on it was cancelled.
    """

    def __init__(self, finish: Callable[[], Awaitable[None]]) -> None:
        self._finish = finish
        self._stopped = False
        self._lock = threading.Lock()
        self._works: weakref.WeakSet[Coroutine[Any, Any, Any]] = weakref.WeakSet()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        _alive.add(self)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Return the result of `work`, which runs on the loop. An interrupt of the waiting thread (Ctrl-C) cancels it.

        Raises:
            ClientClosed: `stop` was called, before or meanwhile.
        """
        return self.wait(self.begin(work))

    def wait(self, future: concurrent.futures.Future[T]) -> T:
        """Return the result of what was begun; as `run`."""
        try:
            return future.result()
        except concurrent.futures.CancelledError:
            raise ClientClosed from None
        except BaseException:
            future.cancel()
            raise

    def begin(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Start `work` on the loop without waiting for it.

        Raises:
            ClientClosed: `stop` was called before.
        """
        with self._lock:  # What is begun under the lock is on the loop before `stop` can end it.
            try:
                if self._stopped:
                    raise ClientClosed
                self._works.add(work)
                return asyncio.run_coroutine_threadsafe(work, self._loop or self._start())
            except BaseException:
                work.close()
                raise

    def stop(self) -> None:
        """Cancel what runs, await `finish`, and end the thread. Do nothing the second time."""
        with self._lock:
            stopped, self._stopped = self._stopped, True
            if stopped or not self._loop or not self._thread:
                return
            self._loop.call_soon_threadsafe(self._end.set)
        # The garbage collector may call this in any thread, so also in the one that ends.
        if self._thread is not threading.current_thread():
            self._thread.join(_LONGEST_END)

    def _start(self) -> asyncio.AbstractEventLoop:
        loop, self._end = asyncio.new_event_loop(), asyncio.Event()
        self._thread = threading.Thread(target=self._work, args=(loop,), name="owui-sync-client", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:
            loop.close()
            raise
        self._loop = loop
        return loop

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do the work of the thread, from its beginning to its end."""
        # Ended here and not by the loop, which starts a thread for that: at the end of a program it could not.
        helpers = concurrent.futures.ThreadPoolExecutor(thread_name_prefix="owui-sync-helper")
        loop.set_default_executor(helpers)
        try:
            loop.run_until_complete(self._serve())
            loop.run_until_complete(loop.shutdown_asyncgens())
        finally:
            helpers.shutdown()
            loop.close()

    async def _serve(self) -> None:
        await self._end.wait()
        # First what was begun here, and not what this begins in turn, which may be needed to put things in order.
        begun = [task for task in _others() if task.get_coro() in self._works]
        for task in begun:
            if not task.cancelling():  # What is being cancelled puts things in order already.
                task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
        await self._finish()
        for task in (rest := _others()):
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _forget(self) -> None:
        """Begin anew in a forked process: nothing runs there, and a thread that is not there may hold the lock."""
        _inherited.append(self._loop)
        self._lock, self._thread, self._loop = threading.Lock(), None, None


def _others() -> set[asyncio.Task[Any]]:
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


_alive: weakref.WeakSet[LoopThread] = weakref.WeakSet()
_inherited: list[asyncio.AbstractEventLoop | None] = []
"""Loops of the parent process, kept: one that is thrown away while it runs complains."""


def _after_fork() -> None:
    for thread in list(_alive):
        thread._forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
