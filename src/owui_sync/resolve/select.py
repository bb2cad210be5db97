"""`--only` and `--exclude`: which objects a run is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from owui_sync.address import Address
from owui_sync.errors import Diagnostic, UsageError
from owui_sync.kinds import KINDS, SECTIONS
from owui_sync.wording import closest, did_you_mean

_SECTIONS = {**{section: kind.name for section, kind in SECTIONS.items()}, "jobs": "job"}
_GLOB = re.compile(r"[*?[]")
_NAMES = {**_SECTIONS, **{name: name for name in _SECTIONS.values()}}
"""How a pattern may call a kind (or the jobs) -> the kind in addresses."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Patterns of `KIND/GLOB`; the kind singular or as its section. Without patterns everything is selected.

    Args:
        within: what this one narrows; None for everything.
    """

    only: tuple[tuple[str, str], ...] = ()
    exclude: tuple[tuple[str, str], ...] = ()
    within: Selection | None = None

    @property
    def kinds(self) -> set[str] | None:
        """The kinds of all objects that can be selected; None for all kinds."""
        return {_of(pattern) for pattern in self.only} or None

    @classmethod
    def parse(cls, only: Sequence[str] = (), exclude: Sequence[str] = (), within: Selection | None = None) -> Selection:
        """Raise UsageError for a pattern that names no kind."""
        return cls(tuple(map(_pattern, only)), tuple(map(_pattern, exclude)), within)

    def unmatched(self, known: Collection[str], kinds: Container[str] | None = None) -> list[str]:
        """Return a warning for each pattern that fits nothing.

        Args:
            known: all addresses that there are.
            kinds: those that were looked at; a pattern of another one is passed over. None: all.

        Raises:
            UsageError: with every full name that is not known.
        """
        options = [("--only", pattern) for pattern in self.only] + [("--exclude", pattern) for pattern in self.exclude]
        lost = [
            (option, pattern)
            for option, pattern in options
            if (kinds is None or _of(pattern) in kinds) and not any(_fits(address, pattern) for address in known)
        ]
        names = [(option, pattern) for option, pattern in lost if not _GLOB.search(pattern[1])]
        if names:
            raise UsageError.of(_unknown(option, pattern, known) for option, pattern in names)
        return [f"{option} {kind}/{glob} fits nothing" for option, (kind, glob) in lost]

    def __contains__(self, address: str) -> bool:
        if self.within is not None and address not in self.within:
            return False
        if self.only and not any(_fits(address, pattern) for pattern in self.only):
            return False
        return not any(_fits(address, pattern) for pattern in self.exclude)


def written(pattern: tuple[str, str]) -> str:
    """Return a pattern as a person writes it."""
    sections = {kind: section for section, kind in _SECTIONS.items()}
    return f"{sections[pattern[0]]}/{pattern[1]}"


def exactly(address: str) -> tuple[str, str]:
    """Return the pattern of one object."""
    kind, key = Address.parse(address)
    return kind, _GLOB.sub(r"[\g<0>]", key)


def _pattern(text: str) -> tuple[str, str]:
    name, slash, glob = text.partition("/")
    kind = _NAMES.get(name)
    if kind is None or not slash or not glob:
        close = closest(name, _SECTIONS)
        hint = f"did you mean `{close}/{glob or '*'}`?" if close else f"kinds: {', '.join(sorted(_SECTIONS))}"
        raise UsageError(f"{text!r} is not of the form KIND/GLOB", hint=hint)
    return kind, KINDS[kind].normal_key(glob) if kind in KINDS else glob


def _of(pattern: tuple[str, str]) -> str:
    """Return the kind of the objects that a pattern can fit: jobs are no objects, but for those with a schedule."""
    return "automation" if pattern[0] == "job" else pattern[0]


def _unknown(option: str, pattern: tuple[str, str], known: Collection[str]) -> Diagnostic:
    address = str(Address(*pattern))
    hint = did_you_mean(address, [each for each in known if Address.parse(each).kind == pattern[0]])
    return Diagnostic(
        f"{option}: there is no {address}", hint=hint or "a name must exist; only a pattern with `*` may match nothing"
    )


def _fits(address: str, pattern: tuple[str, str]) -> bool:
    kind, key = Address.parse(address)
    # A job with a schedule is an automation.
    kinds = ("job", "automation") if pattern[0] == "job" else (pattern[0],)
    return kind in kinds and fnmatchcase(key, pattern[1])
