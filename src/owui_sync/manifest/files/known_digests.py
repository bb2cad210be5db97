"""Remembers digests from one run to the next, in one file for all projects of a user.

It only ever saves time. Where it cannot be read or written nothing is remembered, a damaged one is thrown away, and two
processes at once do each other no harm. What was not asked for in a month is forgotten.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Self

from owui_sync.cache import cache_dir

if TYPE_CHECKING:
    import sqlite3

_NAME = "digests-1.sqlite3"
"""A new number for each new form."""
_TABLE = """CREATE TABLE IF NOT EXISTS digests
(path BLOB PRIMARY KEY, state TEXT NOT NULL, sha256 TEXT NOT NULL, day INTEGER NOT NULL) WITHOUT ROWID"""
_KEPT = 30
"""Days."""
_PATIENCE = 1.0
"""Seconds to wait for another process that is writing."""
_AT_ONCE = 500
"""Paths in one query; SQLite takes a thousand."""


class KnownDigests:
    """What is remembered, as a context manager."""

    def __init__(self) -> None:
        self._table: sqlite3.Connection | None = None
        self._today = int(time.time()) // 86_400

    def __enter__(self) -> Self:
        import sqlite3

        with self._harmless():
            folder = cache_dir()
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._table = sqlite3.connect(folder / _NAME, timeout=_PATIENCE)
            self._table.execute(_TABLE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def of(self, states: Mapping[str, str]) -> dict[str, str]:
        """Return path -> sha256 of the files that still are in the state in which they were read."""
        known: dict[str, str] = {}
        with self._harmless():
            rest = iter(states)
            while self._table and (some := list(islice(rest, _AT_ONCE))):
                known |= self._some(self._table, some, states)
        return known

    def _some(self, table: sqlite3.Connection, paths: list[str], states: Mapping[str, str]) -> dict[str, str]:
        known, old = {}, []
        marks = ",".join("?" * len(paths))
        query = f"SELECT path, state, sha256, day FROM digests WHERE path IN ({marks})"  # noqa: S608 - only marks
        for name, state, sha256, day in table.execute(query, [os.fsencode(path) for path in paths]):
            path = os.fsdecode(name)
            if state == states[path]:
                known[path] = sha256
                old += [name] if day != self._today else []
        if old:
            with table:
                table.executemany("UPDATE digests SET day = ? WHERE path = ?", [(self._today, name) for name in old])
        return known

    def keep(self, read: Mapping[str, tuple[str, str]]) -> None:
        """Remember path -> state and sha256."""
        with self._harmless():
            if read and self._table:
                rows = [(os.fsencode(path), state, sha256, self._today) for path, (state, sha256) in read.items()]
                with self._table as table:
                    table.executemany("INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?)", rows)
                    table.execute("DELETE FROM digests WHERE day < ?", [self._today - _KEPT])

    @contextlib.contextmanager
    def _harmless(self) -> Iterator[None]:
        """Go on without a memory when anything is wrong with it, and make a new one next time if it is damaged."""
        import sqlite3

        try:
            yield
        except (sqlite3.Error, OSError, RuntimeError) as error:  # RuntimeError: there is no home folder.
            self._close()
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                with contextlib.suppress(OSError):
                    (cache_dir() / _NAME).unlink()

    def _close(self) -> None:
        if self._table:
            self._table.close()
        self._table = None
