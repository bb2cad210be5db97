"""The places that files get in a knowledge base or skill: which ones there can be, and which not side by side."""

from __future__ import annotations

import unicodedata

from owui_sync.manifest.yaml.value_problem import Unkept, ValueProblem

_LONGEST = 218
"""Bytes of a name. The server puts an id of 37 before it, and a file system takes 255."""

_SPELLED_OTHERWISE = '"\\'
"""Characters that do not survive an upload on every version: the server would keep another name."""


def place(into: str, name: str) -> str:
    """Return the place of a file: `name` below the folder `into`, composed (NFC): systems spell `é` in two ways.

    Raises:
        ValueProblem: it leads out of the object.
        Unkept: it is no name that the server can keep.
    """
    parts = [part for part in f"{into}/{name}".split("/") if part not in ("", ".")]
    written = f"`{'/'.join(parts) or into or name}`"
    if ".." in parts or not parts:
        raise ValueProblem(f"`{into or name}` is no place for a file")
    for part in parts:
        if problem := _problem(part):
            raise Unkept(f"{written} cannot be the place of a file: {problem}", "rename it", written, problem)
    return unicodedata.normalize("NFC", "/".join(parts))


def _problem(name: str) -> str | None:
    if (
        name.isascii()
        and name.isprintable()
        and len(name) <= _LONGEST
        and not any(char in name for char in _SPELLED_OTHERWISE)
    ):
        return None
    if any("\ud800" <= char <= "\udfff" for char in name):
        return "its name is not UTF-8"
    if any(unicodedata.category(char) == "Cc" for char in name):
        return "its name has a control character"
    if found := next((char for char in _SPELLED_OTHERWISE if char in name), None):
        return f"the server spells `{found}` in a name otherwise"
    size = len(unicodedata.normalize("NFC", name).encode())
    return f"a name has at most {_LONGEST} bytes, and one of its has {size}" if size > _LONGEST else None


class Places:
    """The places of one object: each once, also where upper and lower case are the same."""

    def __init__(self) -> None:
        self._taken: dict[str, str] = {}

    def take(self, place: str) -> None:
        """Take a place, and the folders above it.

        Raises:
            ValueProblem: a folder or file that was taken before differs from it only in case, or is a folder where
                it is a file; said once for each folder.
        """
        for end, letter in enumerate(place):
            if letter == "/":
                self._take(place[:end], place[: end + 1])
        self._take(place, place)

    def _take(self, path: str, spelled: str) -> None:
        folded = path.casefold()
        other = self._taken.setdefault(folded, spelled)
        if other == spelled:
            return
        if other.rstrip("/") == path:
            raise ValueProblem(f"`{path}` is a file and a folder", "use `into` for one of them")
        raise ValueProblem(
            f"`{other}` and `{spelled}` differ only in upper and lower case, and not every system can have both",
            "rename one of them",
        )
