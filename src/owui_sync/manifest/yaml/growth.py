"""How far tags may make more of a manifest than is written in it: each limit has an error that names it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from owui_sync.inputs import TEXT, in_words
from owui_sync.manifest.yaml.value_problem import ValueProblem

MAX_REPEATED = 100_000
"""Values that variables may repeat in a run, counted as if they were written out."""
MAX_DEPTH = 150
"""Levels of mappings and lists, those of variables included: later steps walk values by recursion."""
MAX_VARIABLES = 50
"""Levels of variables that are made from variables."""
MAX_PUT_IN = TEXT
"""Characters of all texts together that `!sub` makes."""
MAX_READ = 16 * TEXT
"""Bytes of all files together that `!file` and `!image` read."""


class Growth:
    """Counts what tags make while they are worked out.

    Attributes:
        count: values so far, as if all were written out.
    """

    def __init__(self) -> None:
        self.count = 0
        self._sizes: dict[str, int] = {}
        self._heights: dict[str, int] = {}
        self._depth = self._deepest = self._variables = 0
        self._repeated = self._put_in = self._read = 0

    @contextmanager
    def level(self) -> Iterator[None]:
        """Within a mapping or list. Raises ValueProblem when it is too deep."""
        self._reach(self._depth + 1)
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    @contextmanager
    def measured(self, variable: str) -> Iterator[None]:
        """While a variable is worked out for the first time. Raises ValueProblem when it hangs on too many others."""
        if self._variables == MAX_VARIABLES:
            raise ValueProblem(f"variables are made from each other more than {MAX_VARIABLES} levels deep")
        count, deepest, self._deepest = self.count, self._deepest, self._depth
        self._variables += 1
        try:
            yield
        finally:
            self._variables -= 1
            self._sizes[variable] = self.count - count
            self._heights[variable] = self._deepest - self._depth
            self._deepest = max(deepest, self._deepest)

    def repeat(self, variable: str) -> None:
        """Count another use of a variable. Raises ValueProblem when that makes too much of it."""
        self.count += self._sizes[variable]
        self._repeated += self._sizes[variable]
        if self._repeated > MAX_REPEATED:
            raise ValueProblem(f"variables repeat more than {MAX_REPEATED:,} values")
        self._reach(self._depth + self._heights[variable])

    def put_in(self, characters: int) -> None:
        """`!sub` makes a text. Raises ValueProblem when all of them are too long together."""
        self._put_in += characters
        if self._put_in > MAX_PUT_IN:
            raise ValueProblem(
                f"`!sub` makes more than {in_words(MAX_PUT_IN)} of text in all", "keep long texts in files"
            )

    def read(self, size: int) -> None:
        """Count a file that is read into memory. Raises ValueProblem when all of them are too large together."""
        self._read += size
        if self._read > MAX_READ:
            raise ValueProblem(
                f"`!file` and `!image` read more than {in_words(MAX_READ)} in all", "keep documents in knowledge bases"
            )

    def _reach(self, depth: int) -> None:
        self._deepest = max(self._deepest, depth)
        if depth > MAX_DEPTH:
            raise ValueProblem(f"tags make values that are nested more than {MAX_DEPTH} levels deep")
