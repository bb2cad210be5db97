"""Problems of manifests as GitHub shows them beside the lines of a pull request."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

MOST = 10
"""GitHub shows so many of a step."""

_PLACE = re.compile(r"(?P<file>[^\n]+):(?P<line>\d+):(?P<column>\d+)")


def beside_lines(problems: Iterable[Mapping[str, Any]], folder: Path, top: Path) -> Iterator[str]:
    """Yield the commands of a workflow for the first problems that have a place.

    Args:
        problems: `errors` of a document: `message`, `where` and `hint` of each.
        folder: that their paths begin at.
        top: of the repository, at which those of GitHub begin.
    """
    placed = ((problem, _PLACE.fullmatch(problem.get("where") or "")) for problem in problems)
    for problem, place in islice(((problem, place) for problem, place in placed if place), MOST):
        assert place is not None
        path = Path(os.path.relpath(folder / place["file"], top)).as_posix()
        about = f"file={_property(path)},line={place['line']},col={place['column']},title=owui-sync"
        yield f"::error {about}::{escaped('. '.join(filter(None, (problem['message'], problem.get('hint')))))}"


def escaped(text: str) -> str:
    """Return a text as a command of a workflow holds it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return escaped(text).replace(":", "%3A").replace(",", "%2C")
