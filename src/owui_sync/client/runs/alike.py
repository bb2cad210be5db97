"""Tells what is the same in other words: questions, addresses, and texts of sources."""

from __future__ import annotations

import re
import unicodedata

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
