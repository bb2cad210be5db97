"""The time in which a run is connected and holds the lock of its stack, and what a signal does to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass

from owui_sync.apply.context import RunContext
from owui_sync.apply.lock import Lock, locked
from owui_sync.apply.shared import free_shared
from owui_sync.apply.signals import end_on_signal, interrupted, stop_on_signal
from owui_sync.client.connect import connect
from owui_sync.client.writer import Writer
from owui_sync.errors import NO_SERVER, OwuiSyncError
from owui_sync.run.interfaces import RunReporter
from owui_sync.run.options import RunOptions

_UNCHANGED = "interrupted; nothing was changed"
_STOPPING = "stopping: changes in flight are finished and recorded; press Ctrl-C again to stop at once"
_AT_ONCE = "stopped at once; the next run adopts what was created and resumes its jobs"


@dataclass(slots=True)
class Session:
    """One run's time on a server.

    Args:
        stack: the stack to lock.
        options: how the run is carried out.
        reporter: told of waiting and stopping.
        has_begun: whether something may have been changed.
    """

    stack: str
    options: RunOptions
    reporter: RunReporter
    has_begun: bool = False

    @asynccontextmanager
    async def open(self) -> AsyncIterator[tuple[Writer, Lock]]:
        """Connect and lock the stack while the block runs; a signal ends the block.

        Raises:
            Locked: another run holds the lock after the time-out.
            Interrupted: a signal came.
        """
        options = self.options
        with self._honest_exit_code(), self._ending():
            async with (
                connect(options.server) as writer,
                locked(writer, self.stack, options.lock_timeout, self.reporter.notify) as lock,
            ):
                if lock.inherited:
                    await free_shared(writer)
                yield writer, lock

    @contextmanager
    def changing(self, writer: Writer, lock: Lock) -> Iterator[RunContext]:
        """Let a first signal stop the block in good order, and a second one end it at once."""
        self.has_begun = True
        with interrupted(lambda: _AT_ONCE), self._stopping() as is_stopped:
            yield RunContext(writer, self.options.parallelism, is_stopped, lock)

    def _ending(self) -> AbstractContextManager[None]:
        """Let a signal end the block, unless somebody else handles signals."""
        return (interrupted if self.options.is_stopped else end_on_signal)(self._end_words)

    def _end_words(self) -> str:
        return _AT_ONCE if self.has_begun else _UNCHANGED

    def _stopping(self) -> AbstractContextManager[Callable[[], bool]]:
        """Give what tells whether to start nothing more."""
        if self.options.is_stopped:
            return nullcontext(self.options.is_stopped)
        return stop_on_signal(lambda: self.reporter.notify(_STOPPING))

    @contextmanager
    def _honest_exit_code(self) -> Iterator[None]:
        """Keep the code that promises that nothing was changed from errors that come after the first change."""
        try:
            yield
        except OwuiSyncError as error:
            if self.has_begun and error.exit_code == NO_SERVER:
                error.exit_code = OwuiSyncError.exit_code
            raise
