"""Globs over a folder, the same on every system: `*` and `?` stay within a name, `**` goes through folders."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

_WILD = re.compile(r"[*?\[]")


def is_glob(text: str) -> bool:
    """Whether a path has wildcards."""
    return _WILD.search(text) is not None


def fixed_part(pattern: str) -> tuple[str, str]:
    """The folders before the first wildcard, and the rest: `docs/**/*.md` -> `docs`, `**/*.md`."""
    parts = pattern.split("/")
    first = next(number for number, part in enumerate(parts) if is_glob(part))
    return "/".join(parts[:first]) or ".", "/".join(parts[first:])


def below(folder: Path) -> Iterator[str]:
    """Every file below a folder as a path from it, sorted; hidden files and folders are left out.

    Raises:
        OSError: a folder cannot be read.
    """
    found: list[str] = []
    for place, folders, names in os.walk(folder, onerror=_unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [(Path(place, name).relative_to(folder)).as_posix() for name in names if not name.startswith(".")]
    yield from sorted(found)


def _unreadable(error: OSError) -> None:
    raise error


def fits(path: str, patterns: Sequence[str]) -> bool:
    """Whether a path fits one of the patterns; one without a slash is about the name alone, at any depth."""
    return any(_matcher(pattern)(path if "/" in pattern else path.rpartition("/")[2]) for pattern in patterns)


@cache
def _matcher(pattern: str) -> Callable[[str], object]:
    return re.compile(_translated(pattern), re.DOTALL).fullmatch


_TOKEN = re.compile(r"\*\*/|/\*\*$|\*\*|\*|\?|\[!?[^\]]+\]")
_MEANS = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _translated(pattern: str) -> str:
    result, end = "", 0
    for match in _TOKEN.finditer(pattern):
        token = match[0]
        result += re.escape(pattern[end : match.start()])
        result += _MEANS.get(token) or "[" + token[1:-1].replace("\\", "\\\\").replace("!", "^", token[1] == "!") + "]"
        end = match.end()
    return result + re.escape(pattern[end:])
