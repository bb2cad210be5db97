"""Texts of users and servers made harmless and honest: nothing drives the terminal, nothing hides."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

_JOINERS = "\u200c\u200d"
"""Invisible, but Persian and emoji cannot be written without them."""


def visible(text: str) -> str:
    """Return one line of text with escapes for what does not print (ESC, CR, tab, bidi marks, odd blanks)."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _JOINERS else repr(char)[1:-1] for char in text)


def visible_lines(text: str) -> str:
    """Return the same for a text of several lines, whose line feeds stay."""
    return "\n".join(map(visible, text.split("\n")))


def dumps(document: Any, default: Callable[[Any], Any] | None = None) -> str:
    """Return a document as JSON, indented, with a line feed at the end; what does not print is an escape in its texts.

    It can always be encoded as UTF-8, and shown on a terminal.
    """
    text = json.dumps(document, ensure_ascii=False, indent=2, default=default)
    return _BEYOND_ASCII.sub(lambda found: _escaped(found[0]), text) + "\n"


_BEYOND_ASCII = re.compile("[^\n -~]+")


def _escaped(text: str) -> str:
    """Return the same in a text of JSON."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1].replace("\x7f", "\\u007f") for char in text)


def spell(value: Any) -> str:
    """Return a JSON value on one line, visible."""
    return visible(json.dumps(value, ensure_ascii=False))


def distinguish(before: Any, after: Any) -> tuple[str, str]:
    """Return two different JSON values on one line each.

    Where they would look the same, all but ASCII is escaped.
    """
    one, other = spell(before), spell(after)
    return (one, other) if _look(one) != _look(other) else (json.dumps(before), json.dumps(after))


def distinguish_lines(before: str, after: str) -> tuple[str, str]:
    """Return two different lines such that a reader sees how they differ.

    Trailing blanks are shown as `·`, the rest as escapes.
    """
    one, other = line(before), line(after)
    return (one, other) if _look(one) != _look(other) else (_ascii(before), _ascii(after))


def line(text: str) -> str:
    """Return a line of a difference: visible, with trailing blanks as `·`."""
    shown = visible(text)
    kept = shown.rstrip(" ")
    return kept + "·" * (len(shown) - len(kept))


def _look(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _ascii(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii")
