"""Words that every package needs for its messages: counts, lists that are cut, suggestions for mistyped words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_WIDTH = 200
"""Characters of a text that are shown."""


def counted(count: int, noun: str) -> str:
    """Return `1 line`, `2 lines`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def shortened(text: str, limit: int = _WIDTH) -> str:
    """Return `text`, cut with the count of what is left out when it is longer than `limit` characters."""
    return text if len(text) <= limit else f"{text[:limit]}… (+{len(text) - limit:,} characters)"


def listed_briefly(names: Sequence[str], most: int, separator: str = ", ") -> str:
    """Return the first `most` names, and how many more there are."""
    joint = " " if separator == ", " else separator
    more = f"{joint}and {len(names) - most:,} more" if len(names) > most else ""
    return separator.join(names[:most]) + more


def closest(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the candidate that is spelled most like a word in either case, or None when nothing is close to it.

    Args:
        cutoff: how much of the spelling must agree, from 0 to 1.
    """
    from difflib import get_close_matches

    names = list(candidates)
    # Word for word first: names may differ in nothing but the case.
    if found := get_close_matches(word, names, 1, cutoff):
        return found[0]
    folded = {name.casefold(): name for name in names}
    found = get_close_matches(word.casefold(), folded, 1, cutoff)
    return folded[found[0]] if found else None


def did_you_mean(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the question for a mistyped word, or None when nothing is close to it; `cutoff` as for `closest`."""
    found = closest(word, candidates, cutoff)
    return f"did you mean `{found}`?" if found else None
