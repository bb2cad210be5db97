"""Tells what is the same in other words: questions, addresses, and texts of sources."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

_MARKS = ".,;:?!\"'“”„‚‘’«»‹›()[]{}*_`…¿¡。，？！、"
_FILLERS = {"a", "an", "the", "exactly", "actually", "really", "precisely", "please", "der", "die", "das", "genau"}
"""Words without which a question asks the same."""

_SHORTENED = re.compile(r"\b(what|who|where|when|how|why)['’]s\b")
_PLURAL = 4
"""Letters that a word has at least before its `s` counts as a plural."""


def question_key(text: str) -> tuple[str, ...]:
    """Return what a question asks: two questions with the same key are one.

    Case, punctuation, articles and plurals are not in it. Nothing else is left out: a number, a sign (`C#`) or another
    order of words makes another question.
    """
    text = _SHORTENED.sub(r"\1 is", unicodedata.normalize("NFKC", text).casefold())
    words = [word for part in text.split() if (word := part.strip(_MARKS)) and word not in _FILLERS]
    return tuple(_singular(word) for word in words) or (text,)


def _singular(word: str) -> str:
    is_plural = len(word) > _PLURAL and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if is_plural else word


_TRACKING = re.compile(
    r"utm_\w+|[gdy]clid|fbclid|msclkid|igshid|srsltid|[gw]braid|mc_[ce]id|mkt_tok|_hsenc|_hsmi|_g[al]", re.IGNORECASE
)
_PORTS = {"http": 80, "https": 443}


def address_key(url: str) -> str:
    """Return which document an address leads to: two addresses with the same key lead to the same one.

    Scheme, `www.`, capitals of the host, escapes, a slash at the end, parameters that only count visits, the order of
    the others, and the place inside the document are not in it. Capitals of the path are, as they count on most
    servers, and so is a fragment that a page takes for its path (`#/`, `#!`).
    """
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        port = parts.port
    except ValueError:
        return url.casefold()
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    with suppress(UnicodeError):
        host = host.encode("idna").decode()
    place = f"{host}:{port}" if port and port != _PORTS.get(parts.scheme.lower()) else host
    given = parse_qsl(parts.query, keep_blank_values=True)
    query = sorted((pair for pair in given if not _TRACKING.fullmatch(pair[0])), key=lambda pair: pair[0])
    inside = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    path = "/".join(unquote(each).replace("/", "%2F") for each in parts.path.split("/")).rstrip("/")
    return f"{place}{path}?{query}{inside}"


_SURE = 80
"""Characters from which equal texts are no chance."""

_LONG, _RUN, _NEAR = 300, 5, 0.9
"""Longer texts are alike if so much of their runs of so many words is the same."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a text says: its words without blanks and capitals.

    Attributes:
        plain: the words.
        runs: all runs of `_RUN` words.
        numbers: the words that have digits.
    """

    plain: str
    runs: frozenset[tuple[str, ...]]
    numbers: frozenset[str]

    def says_the_same(self, other: Content) -> bool:
        """Return whether two texts say the same: blanks and case apart, and in long ones a few words, but no number."""
        if self.plain == other.plain:
            return len(self.plain) >= _SURE
        if min(len(self.plain), len(other.plain)) < _LONG or self.numbers != other.numbers:
            return False
        fewer, more = sorted((len(self.runs), len(other.runs)))
        return fewer >= _NEAR * more and len(self.runs & other.runs) >= _NEAR * len(self.runs | other.runs)


def content_of(text: str) -> Content:
    """Return what a text says."""
    words = text.casefold().split()
    runs = frozenset(tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1)))
    return Content(" ".join(words), runs, frozenset(word for word in words if any(sign.isdigit() for sign in word)))
