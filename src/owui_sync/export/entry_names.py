"""File names from keys: safe on every system, readable, and different where case does not count."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 100
"""Bytes of a name without its ending; file systems take 255, and whole paths on Windows 260."""

_LONGEST_OF_OTHERS = 200
"""Bytes of a name that is taken as it is."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]|^[. ]|[. ]$')
_UNSAFE = re.compile(r"[^\w.@+-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE | re.DOTALL)
"""Names of devices on Windows, with any ending."""


def safe(text: str) -> str:
    """Return `text` as a part of a file name: letters, digits and `-_.@+`, composed; at least one character."""
    name = _UNSAFE.sub("-", unicodedata.normalize("NFKC", text)).strip("-. ")
    return f"_{name}" if _RESERVED.fullmatch(name) else name or "_"


def is_safe(name: str) -> bool:
    """Return whether every system takes a file of that name as it is; hidden ones are no such files."""
    if not name.isprintable() or _FORBIDDEN.search(name) or _RESERVED.fullmatch(name):
        return False
    return 0 < len(name.encode()) <= _LONGEST_OF_OTHERS and unicodedata.normalize("NFC", name) == name


class EntryNames:
    """The names that are taken in a folder."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, stem: str, ending: str) -> str:
        """Return a name that nothing has yet: `stem` and `ending`, with a number between them where that is needed.

        Args:
            stem: made by `safe`.
            ending: such as `.md`.
        """
        stem = stem.encode()[:_LONGEST].decode(errors="ignore").rstrip("-.") or "_"
        number, name = 1, stem + ending
        while name.casefold() in self._taken:
            number += 1
            name = f"{stem}-{number}{ending}"
        self._taken.add(name.casefold())
        return name
