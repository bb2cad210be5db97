"""Globs over a folder, the same on every system: `*` and `?` stay within a name, `**` goes through folders."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

_WILD = re.compile(r"[*?\[]")


def is_glob(text: str) -> bool:
    """Whether a path has wildcards."""
    return _WILD.search(text) is not None


def fixed_part(pattern: str) -> tuple[str, str]:
    """The folders before the first wildcard, and the rest: `docs/**/*.md` -> `docs`, `**/*.md`."""
    parts = pattern.split("/")
    first = next(number for number, part in enumerate(parts) if is_glob(part))
    return "/".join(parts[:first]) or ("/" if first else "."), "/".join(parts[first:])


@dataclass(frozen=True, slots=True)
class Choice:
    """Which files below a folder are meant, by their paths from it.

    Args:
        include: globs of which one has to fit; one without a slash is about the name alone, at any depth.
        exclude: globs of which none may fit.
    """

    include: Sequence[str] = ("*",)
    exclude: Sequence[str] = ()

    def takes(self, name: str) -> bool:
        """Whether a file is meant."""
        return _fits(name, self.include) and not _fits(name, self.exclude)

    def enters(self, folder: str) -> bool:
        """Whether a file below a folder can be meant."""
        if any(glob.endswith("/**") and _fits(folder, [f"./{glob[:-3]}"]) for glob in self.exclude):
            return False
        return any("/" not in glob or _leads(glob, folder) for glob in self.include)


def _leads(glob: str, folder: str) -> bool:
    """Whether a glob can fit a path below a folder."""
    parts, names = glob.removeprefix("./").split("/"), folder.split("/")
    for number, name in enumerate(names):
        if number + 1 >= len(parts) or "**" in parts[number]:
            return "**" in parts[min(number, len(parts) - 1)]
        if not _matcher(parts[number])(name):
            return False
    return True


def _fits(path: str, globs: Sequence[str]) -> bool:
    return any(_matcher(glob)(path if "/" in glob else path.rpartition("/")[2]) for glob in globs)


@cache
def _matcher(glob: str) -> Callable[[str], object]:
    return re.compile(_translated(glob.removeprefix("./")), re.DOTALL).fullmatch


_TOKEN = re.compile(r"\*\*/|/\*\*$|\*\*|\*|\?|\[!?[^\]]+\]")
_MEANS = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _translated(glob: str) -> str:
    result, end = "", 0
    for match in _TOKEN.finditer(glob):
        token = match[0]
        result += re.escape(glob[end : match.start()])
        result += _MEANS.get(token) or "[" + token[1:-1].replace("\\", "\\\\").replace("!", "^", token[1] == "!") + "]"
        end = match.end()
    return result + re.escape(glob[end:])
