"""Parts what reasoning models think from what they answer.

Some providers send both as one text, the thinking first and between tags. The server parts them in answers that it
stores by itself; what it passes through comes as the model wrote it, and older servers store the thinking as a block of
HTML in the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TAGS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<reason>": "</reason>",
    "<reasoning>": "</reasoning>",
    "<thought>": "</thought>",
    "<|begin_of_thought|>": "<|end_of_thought|>",
    "◁think▷": "◁/think▷",
}
"""Those that Open WebUI knows."""

_BLOCK = re.compile(r'<details type="reasoning"[^<>]*>(?:(?!<details\b).)*?</details>\s*', re.DOTALL)
_OPENED_BEFORE = re.compile(r"\A(?:(?!<think(?:ing)?>|```).)*?</think(?:ing)?>[ \t]*\n", re.DOTALL | re.IGNORECASE)
"""Thinking whose first tag is in the prompt that the provider gives the model, so that only the last one comes."""


@dataclass(slots=True)
class Thinking:
    """Takes an answer piece by piece and leaves the thinking out that it begins with.

    Tags that come later belong to the answer: it may be about them.
    """

    _held: str = ""
    _end: str = ""
    _thought: bool = False
    _over: bool = False

    def take(self, piece: str) -> str:
        """Return what of the answer is known by now and was not returned before."""
        if self._over:
            return piece
        self._held += piece
        while True:
            if self._end:
                found = re.search(re.escape(self._end), self._held, re.IGNORECASE)
                if not found:
                    self._held = self._held[-len(self._end) :]
                    return ""
                self._held, self._end, self._thought = self._held[found.end() :], "", True
            start = self._held.lstrip().casefold()
            tag = next((tag for tag in _TAGS if start.startswith(tag)), None)
            if tag is None:
                undecided = any(tag.startswith(start) for tag in _TAGS)
                return "" if undecided else self.rest()
            self._held, self._end = self._held.lstrip()[len(tag) :], _TAGS[tag]

    def rest(self) -> str:
        """Return what was held back, after the last piece; nothing where the thinking has no end."""
        held = "" if self._end else self._held
        self._held, self._over = "", True
        return held.lstrip() if self._thought else held


def without_thinking(text: str) -> str:
    """Return an answer without what the model thought before it."""
    thinking = Thinking()
    text = thinking.take(text) + thinking.rest()
    if found := _OPENED_BEFORE.match(text):
        text = text[found.end() :].lstrip()
    return _BLOCK.sub("", text)
