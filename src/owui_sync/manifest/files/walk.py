"""The files below a folder: without what is hidden or what git leaves out, and through links."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from owui_sync.manifest.files.gitignore import GitIgnore, IgnoreRule
from owui_sync.manifest.files.globs import FileFilter
from owui_sync.manifest.yaml.value_problem import ValueProblem

MAX_LINKED = 5_000
"""Folders that one walk may reach through links, each as often as links lead to it."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk through a folder.

    Args:
        start: the folder, absolute.
        choice: which files are meant.
        may_follow: whether a link may be followed.
        ignored: the rules of the repository, or None to keep what git leaves out.
    """

    start: str
    choice: FileFilter
    may_follow: Callable[[str], bool]
    ignored: GitIgnore | None = None
    _linked: Counter[str] = field(default_factory=Counter)

    def names(self) -> list[str]:
        """Return the files that are meant, as paths from the folder with forward slashes, sorted.

        None when git leaves out the folder itself. A link is what it leads to; one that leads to a folder around it is
        left out, as it would go round for ever.

        Raises:
            OSError: a folder cannot be read.
            ValueProblem: links lead to more folders than `MAX_LINKED`.
        """
        self._linked.clear()
        rules, rule = self.ignored.rules_down_to(self.start) if self.ignored else (None, None)
        return [] if rule else sorted(self._below(self.start, "", rules, (os.path.realpath(self.start),)))

    def _below(self, folder: str, prefix: str, rules: GitIgnore | None, around: tuple[str, ...]) -> Iterator[str]:
        rules = rules.entered(folder) if rules else None
        with os.scandir(folder) as entries:
            shown = sorted((each for each in entries if not each.name.startswith(".")), key=lambda each: each.name)
        for entry in shown:
            name, inside = prefix + entry.name, entry.is_dir()
            meant = self.choice.may_contain(name) if inside else self.choice.takes(name)
            if not meant or (rules and rules.rule(entry.path, inside)):
                continue
            link = entry.is_symlink()
            if link and not self.may_follow(entry.path):
                continue
            if not inside:
                if stat.S_ISREG(entry.stat().st_mode):
                    yield name
                continue
            real = os.path.realpath(entry.path) if link else f"{around[-1]}{os.sep}{entry.name}"
            if real not in around:
                self._count(entry.path, link or around[-1] in self._linked, real)
                yield from self._below(entry.path, f"{name}/", rules, (*around, real))

    def _count(self, path: str, through_link: bool, real: str) -> None:
        """Count a folder that a link leads to, or that lies in one. Links between folders make more without end."""
        if through_link:
            self._linked[real] += 1
            if self._linked.total() > MAX_LINKED:
                raise ValueProblem(
                    f"links lead to more than {MAX_LINKED:,} folders, the last one is `{path}`",
                    "leave links out with `exclude`, or name the folders that they lead to",
                )

    def left_out(self) -> tuple[int, list[IgnoreRule]]:
        """Return how many files that are meant git leaves out, and by which rules, those that leave out most first."""
        rules: Counter[IgnoreRule] = Counter()
        if self.ignored:
            rules.update(filter(None, map(self._rule, replace(self, ignored=None).names())))
        return rules.total(), [rule for rule, _ in rules.most_common()]

    def _rule(self, name: str) -> IgnoreRule | None:
        assert self.ignored
        path = Path(self.start, name)
        rules, rule = self.ignored.rules_down_to(str(path.parent))
        return rule or rules.entered(str(path.parent)).rule(str(path), folder=False)
