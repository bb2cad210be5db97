"""The files that an object holds, as a folder: under their own names where every system takes these."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from dataclasses import dataclass, field

from owui_sync.export.names import is_safe

Tree = Mapping[str, bytes]
"""Place -> bytes."""


@dataclass(slots=True)
class Arranged:
    """A tree, sorted by how it can be exported.

    Args:
        files: what lies in a folder by its place.
        texts: what no folder can hold on every system, and can stand in the manifest because it is UTF-8.
        lost: places of what is neither.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)


def arranged(tree: Tree) -> Arranged:
    """Sorts the files of a tree."""
    result, taken = Arranged(), dict[str, str]()
    for place, data in sorted(tree.items()):
        if _fits(place, taken):
            result.files[place] = data
            continue
        try:
            result.texts[place] = data.decode()
        except UnicodeDecodeError:
            result.lost.append(place)
    return result


def problem(tree: Tree, listed: Sized) -> str | None:
    """Why the files cannot be exported, or None: it is all of them or none, as a list in a manifest is exact."""
    if len(tree) != len(listed):
        return "the server does not give all of its files, or has several in one place"
    lost = arranged(tree).lost
    return f"no file of every system can be called `{lost[0]}`" if lost else None


def _fits(place: str, taken: dict[str, str]) -> bool:
    """Whether a file can have this path beside those that are taken; if so, it is taken too."""
    parts = place.split("/")
    ways = ["/".join(parts[:end]) for end in range(1, len(parts))]
    spelled = {way.casefold(): way + "/" for way in ways}
    if not all(map(is_safe, parts)) or place.casefold() in taken:
        return False
    if any(taken.get(folded, way) != way for folded, way in spelled.items()):
        return False
    taken.update({**spelled, place.casefold(): place})
    return True
