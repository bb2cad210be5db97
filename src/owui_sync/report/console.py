"""Where reports are printed: one way to make a rich console for a stream."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

UNLIMITED = 1_000_000
"""Columns of a stream that is no terminal: what goes into a file or a pipe is never wrapped or cut."""


def is_terminal(stream: IO[str]) -> bool:
    """Return whether a person reads the stream as it is written."""
    return stream.isatty()


def console_for(stream: IO[str], *, no_color: bool = False) -> Console:
    """Return a console on `stream`: colours only on a terminal, and not with `no_color` or a non-empty `NO_COLOR`."""
    from rich.console import Console

    plain = no_color or bool(os.environ.get("NO_COLOR"))
    return Console(
        file=stream,
        color_system=None if plain else "auto",
        width=None if is_terminal(stream) else UNLIMITED,
        markup=False,
        emoji=False,
        highlight=False,
    )
