"""The check that a report cites nothing but its sources; all else in it stays as it is, to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from owui_sync.client.runs import markdown
from owui_sync.client.runs.alike import address_key
from owui_sync.client.runs.citations import CitedSource

_NOT_RETRIEVED = "(address left out: it is not among the sources)"

_PARTS = re.compile(
    "|".join(
        (
            markdown.LITERAL,
            markdown.INDENTED,
            markdown.ANCHOR,
            markdown.IMAGE,
            markdown.DEFINITION,
            markdown.LINK,
            markdown.ANGLED,
            markdown.BARE,
            markdown.NUMBERS,
        )
    ),
    markdown.FLAGS,
)

_CLOSING = ".,;:!?'*_~…»”’“„‹›"
_PAIRS = {")": "(", "]": "[", "}": "{"}

_HOLE = "\0"
"""Where a citation was taken out; what enclosed nothing else goes with it."""
_HOLES = re.compile(rf"[ \t]?(?:\({_HOLE}+\)|\[{_HOLE}+\]|(?P<mark>\*\*|__|\*|_){_HOLE}+(?P=mark)|{_HOLE}+)")

_WIDEST = 100
"""A range of more numbers than that is none of citations."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A text whose citations were checked.

    Attributes:
        text: the text without what cannot be shown.
        removed: what was taken out: numbers such as `[9]`, and addresses.
        cites: whether it cites a source or has the address of one.
    """

    text: str
    removed: tuple[str, ...]
    cites: bool = field(default=False, compare=False)


def checked(text: str, sources: Sequence[CitedSource]) -> Checked:
    """Return the text without numbers that no source has, and without addresses that were not retrieved.

    Code, formulas, an index such as `items[0]`, an interval that begins with 0 and a year are no citations. An address
    counts as retrieved in any spelling that leads to the same document (see `alike.address_key`), capitals apart.
    """
    places = {_place(url) for source in sources for url in source.addresses}
    check = _Check({number: number for number in range(1, len(sources) + 1)}, places)
    return Checked(check.whole(text), tuple(dict.fromkeys(check.removed)), check.cites)


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """Return the text with other numbers for its citations, without those that get none; addresses stay."""
    return _Check(numbers, None).whole(text)


@dataclass(slots=True)
class _Check:
    numbers: Mapping[int, int]
    places: set[str] | None
    removed: list[str] = field(default_factory=list)
    cites: bool = False

    def whole(self, text: str) -> str:
        """Return the whole text as it is to be shown."""
        return _HOLES.sub("", self.all(text.replace(_HOLE, "")))

    def all(self, text: str) -> str:
        return _PARTS.sub(self._part, text)

    def _part(self, found: re.Match[str]) -> str:
        if found["literal"]:
            return found[0]
        if found["indented"]:
            return self._indented(found)
        if url := found["href"] or found["src"] or found["target"]:
            return found[0] if self._is_known(url) else self._without_link(url, found["shown"] or found["label"] or "")
        if found["defined"]:
            return self._definition(found)
        if found["angled"]:
            return found[0] if self._is_known(found["angled"]) else self._left_out(found["angled"])
        if found["bare"]:
            return self._bare(found["bare"])
        return self._numbers(found)

    def _is_known(self, url: str) -> bool:
        is_known = self.places is None or _place(url) in self.places
        self.cites = self.cites or is_known
        return is_known

    def _left_out(self, url: str) -> str:
        self.removed.append(url)
        return _NOT_RETRIEVED

    def _without_link(self, url: str, label: str) -> str:
        self.removed.append(url)
        return _HOLE if not label or label.strip().isdigit() else self.all(label)

    def _indented(self, found: re.Match[str]) -> str:
        """Leave code as it is; the lines of a list are text, and code only where they are indented twice."""
        text = found[0]
        return text[:4] + self.all(text[4:]) if markdown.is_in_list(found.string[: found.start()]) else text

    def _definition(self, found: re.Match[str]) -> str:
        """Leave a line out that defines a link to an address that was not retrieved."""
        if self._is_known(found["place"]):
            return found[0]
        self.removed.append(found["place"])
        return ""

    def _bare(self, text: str) -> str:
        """Check an address in running text, where the marks that close it may belong to the sentence."""
        for url in _ends(text):
            if self._is_known(url):
                return text
        return self._left_out(url) + text[len(url) :]

    def _numbers(self, found: re.Match[str]) -> str:
        given = re.split(r"\s*[,;]\s*", found["numbers"] or found["lens"])
        numbers = [number for one in given for number in _range(one)]
        before = found.string[found.start() - 1 : found.start()]
        is_index = numbers == [0] and not found["gap"] and (before.isalnum() or before in ("_", "]", ")"))
        if is_index or (0 in numbers and len(numbers) > 1):
            return found[0]
        good = [self.numbers[number] for number in numbers if number in self.numbers]
        self.removed.extend(f"[{number}]" for number in numbers if number not in self.numbers)
        self.cites = self.cites or bool(good)
        return found["gap"] + "".join(f"[{number}]" for number in good) if good else _HOLE


def _place(url: str) -> str:
    return address_key(url).casefold()


def _ends(text: str) -> Iterator[str]:
    """Yield an address as it stands in a text, and then without each mark that may not belong to it."""
    yield text
    while text[-1] in _CLOSING or text.count(text[-1]) > text.count(_PAIRS.get(text[-1], text[-1])):
        text = text[:-1]
        yield text


def _range(text: str) -> list[int]:
    """Return the numbers that `3` or `3-5` stands for."""
    first, *rest = map(int, re.split(r"\s*[-–]\s*", text))
    last = rest[0] if rest else first
    return list(range(first, last + 1)) if first <= last < first + _WIDEST else [first, last]
