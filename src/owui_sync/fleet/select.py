"""Which instances of a fleet a command is about: by name, by label, by shard."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from owui_sync.errors import UsageError
from owui_sync.fleet.instance import Instance
from owui_sync.wording import did_you_mean

_GLOB = re.compile(r"[*?[]")


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several equal parts of a fleet; an instance stays in its part when others come and go.

    Args:
        number: from 1 on.
        of: how many parts there are.
    """

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Return the shard `I/N`. Raises UsageError for anything else."""
        found = re.fullmatch(r"(\d+)/(\d+)", text)
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            raise UsageError(f"--shard takes I/N with I from 1 to N, not {text!r}", hint="such as --shard 1/4")
        return cls(int(found[1]), int(found[2]))

    def has(self, name: str) -> bool:
        """Return whether an instance belongs to the part."""
        return int(hashlib.sha256(name.encode()).hexdigest(), 16) % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


@dataclass(frozen=True, slots=True)
class InstanceSelection:
    """The options that choose instances.

    Args:
        names: globs of `--instance`; an instance has to fit one of them.
        labels: pairs of `--label`; of those with the same label one has to fit, and each label has to.
        exclude: globs of `--exclude-instance`.
        shard: of `--shard`.
    """

    names: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    exclude: tuple[str, ...] = ()
    shard: Shard | None = None

    @classmethod
    def parse(
        cls, names: Sequence[str], labels: Sequence[str], exclude: Sequence[str], shard: str | None
    ) -> InstanceSelection:
        """Return what the words of the command line mean. Raises UsageError for wrong ones."""
        for label in labels:
            if "=" not in label:
                raise UsageError(f"--label takes LABEL=VALUE, not {label!r}", hint="such as --label ring=canary")
        pairs = tuple((label.partition("=")[0], label.partition("=")[2]) for label in labels)
        return cls(tuple(names), pairs, tuple(exclude), Shard.parse(shard) if shard else None)

    def of(self, instances: Sequence[Instance]) -> tuple[list[Instance], list[str]]:
        """Return the chosen instances, in their order, and warnings of globs that fit none.

        Raises:
            UsageError: a full name fits none, or nothing is chosen; a shard may be empty.
        """
        warnings = self._unmatched(instances)
        chosen = [each for each in instances if self._has(each)]
        if not chosen:
            raise UsageError("no instance is chosen", hint="see `owui-sync fleet list` for names and labels")
        return [each for each in chosen if self.shard is None or self.shard.has(each.name)], warnings

    def _has(self, instance: Instance) -> bool:
        wanted = {label for label, _ in self.labels}
        return (
            (not self.names or _fits(instance.name, self.names))
            and not _fits(instance.name, self.exclude)
            and all((label, instance.labels.get(label)) in self.labels for label in wanted)
        )

    def _unmatched(self, instances: Sequence[Instance]) -> list[str]:
        names = [each.name for each in instances]
        warnings = []
        for option, patterns in (("--instance", self.names), ("--exclude-instance", self.exclude)):
            for pattern in patterns:
                if any(fnmatchcase(name, pattern) for name in names):
                    continue
                if not _GLOB.search(pattern):
                    hint = did_you_mean(pattern, names) or "see `owui-sync fleet list`"
                    raise UsageError(f"{option} {pattern}: there is no such instance", hint=hint)
                warnings.append(f"{option} {pattern} fits no instance")
        return warnings


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
