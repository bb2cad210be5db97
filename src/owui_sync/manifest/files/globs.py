"""Globs over a folder, the same on every system: `*` and `?` stay within a name, `**` goes through folders."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

_WILD = re.compile(r"[*?\[]")


def is_glob(text: str) -> bool:
    """Return whether a path has wildcards."""
    return _WILD.search(text) is not None


def fixed_part(pattern: str) -> tuple[str, str]:
    """Return the folders before the first wildcard, and the rest: `docs/**/*.md` -> `docs`, `**/*.md`."""
    parts = pattern.split("/")
    first = next(number for number, part in enumerate(parts) if is_glob(part))
    return "/".join(parts[:first]) or ("/" if first else "."), "/".join(parts[first:])


@dataclass(frozen=True, slots=True)
class FileFilter:
    """Which files below a folder are meant, by their paths from it.

    Args:
        include: globs of which one has to fit; one without a slash is about the name alone, at any depth.
        exclude: globs of which none may fit.
    """

    include: Sequence[str] = ("*",)
    exclude: Sequence[str] = ()

    def takes(self, name: str) -> bool:
        """Return whether a file is meant."""
        return _fits(name, self.include) and not _fits(name, self.exclude)

    def may_contain(self, folder: str) -> bool:
        """Return whether a file below a folder can be meant."""
        if any(glob.endswith("/**") and _fits(folder, [f"./{glob[:-3]}"]) for glob in self.exclude):
            return False
        return any("/" not in glob or _leads(glob, folder) for glob in self.include)


def _leads(glob: str, folder: str) -> bool:
    """Return whether a glob can fit a path below a folder."""
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
    glob = glob.removeprefix("./")
    if len(_STAR.findall(glob)) > _FEW:
        return _Steps(glob).fit
    return re.compile(_translated(glob), re.DOTALL).fullmatch


_FEW = 2
"""Stars that the regular expression of a glob may have: its time grows with the length of a path to that power."""
_STAR = re.compile(r"\*\*?")


def _nothing(char: str) -> bool:
    """Fits no character: a step that only leads on."""
    return False


class _Steps:
    """A glob with many stars: all ways in which it may fit are followed at once, one character after the other."""

    def __init__(self, glob: str) -> None:
        self._chars: list[Callable[[str], object]] = []
        self._stars: set[int] = set()
        self._optional: set[int] = set()
        end = 0
        for match in _TOKEN.finditer(glob):
            self._add_all(glob[end : match.start()])
            self._add(match[0])
            end = match.end()
        self._add_all(glob[end:])

    def _add_all(self, text: str) -> None:
        self._chars += [char.__eq__ for char in text]

    def _add(self, token: str) -> None:
        if token == "/**":
            self._add_all("/")
        if token == "**/":
            self._optional.add(len(self._chars))
            self._chars.append(_nothing)
        if token in _MANY:
            self._stars.add(len(self._chars))
        self._chars.append(re.compile(_ONE.get(token) or _one_of(token), re.DOTALL).match)
        if token == "**/":
            self._add_all("/")

    def fit(self, path: str) -> bool:
        """Return whether the glob fits the whole path."""
        at, end = self._onward({0}), len(self._chars)
        for char in path:
            fitting = [step for step in at if step < end and self._chars[step](char)]
            at = self._onward({step if step in self._stars else step + 1 for step in fitting})
        return end in at

    def _onward(self, at: set[int]) -> set[int]:
        """Return the steps, and those that can be reached from them without a character."""
        todo = list(at)
        while todo:
            step = todo.pop()
            reached = {step + 1} if step in self._stars else set()
            reached |= {step + 1, step + 3} if step in self._optional else set()
            todo += reached - at
            at |= reached
        return at


_TOKEN = re.compile(r"\*\*/|/\*\*$|\*\*|\*|\?|\[!?[^\]]+\]")
_MANY = ("**/", "/**", "**", "*")
_ONE = {"**/": ".", "/**": ".", "**": ".", "*": "[^/]", "?": "[^/]"}
_MEANS = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _translated(glob: str) -> str:
    result, end = "", 0
    for match in _TOKEN.finditer(glob):
        token = match[0]
        result += re.escape(glob[end : match.start()])
        result += _MEANS.get(token) or _one_of(token)
        end = match.end()
    return result + re.escape(glob[end:])


def _one_of(token: str) -> str:
    """Return the characters in brackets, as a regular expression; brackets that make no sense fit nothing."""
    expression = "[" + token[1:-1].replace("\\", "\\\\").replace("!", "^", token[1] == "!") + "]"
    try:
        re.compile(expression)
    except re.error:
        return "(?!)"
    return expression
