"""The files that an object holds, as a folder: under their own names where every system takes these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename, splitext
from typing import Any

from owui_sync.export.entry_names import EntryNames, is_safe, safe
from owui_sync.manifest.files.target_paths import Places, place
from owui_sync.manifest.yaml.value_problem import ValueProblem


@dataclass(frozen=True, slots=True)
class Tree:
    """Where the files of an object lie, as paths from the folder of the export.

    Args:
        folder: what holds the files that have their own names.
        renamed: place -> path of each file whose name not every system takes.
        empty: no file has its own name, so there is no folder.
        ignored: git would leave out some of them there.
        problem: why no list of them can be exact, or None.
    """

    folder: str
    renamed: Mapping[str, str]
    empty: bool = False
    ignored: bool = False
    problem: str | None = None

    def sources(self) -> list[Any]:
        """Return the `files` of a manifest that stands in a folder of its own beside `folder`."""
        whole = {"path": f"../{self.folder}", "gitignore": False} if self.ignored else f"../{self.folder}"
        renamed = [{"path": f"../{path}", "as": place} for place, path in self.renamed.items()]
        return [*([] if self.empty else [whole]), *renamed]


def arranged(places: Iterable[str], folder: str, aside: str) -> dict[str, str]:
    """Return place -> path of each file: in `folder` by its place, or in `aside` under a name for every system."""
    paths: dict[str, str] = {}
    taken: dict[str, str] = {}
    names = EntryNames()
    for where in sorted(places):
        if _fits(where, taken):
            paths[where] = f"{folder}/{where}"
            continue
        stem, ending = splitext(basename(where))
        paths[where] = f"{aside}/{names.take(safe(stem), f'.{safe(ending)}' if ending else '')}"
    return paths


def problem(files: Sequence[Mapping[str, Any]], distinct: bool = True) -> str | None:
    """Return why no list in a manifest can name exactly these files (`{path, sha256, size}`), or None."""
    counts, taken = Counter(file["path"] for file in files), Places()
    contents = Counter(file["sha256"] for file in files if file["sha256"])
    try:
        for where, count in counts.items():
            if count > 1:
                return f"the server has {count} files in the place `{where}`"
            if place("", where) != where:
                return f"a manifest would spell the place `{where}` otherwise"
            taken.take(where)
    except ValueProblem as wrong:
        return wrong.message
    twins = [file["path"] for file in files if distinct and contents[file["sha256"]] > 1]
    return f"`{twins[0]}` and `{twins[1]}` have the same content" if twins else None


def _fits(place: str, taken: dict[str, str]) -> bool:
    """Return whether a file can have this path beside those that are taken; if so, it is taken too."""
    parts = place.split("/")
    ways = ["/".join(parts[:end]) for end in range(1, len(parts))]
    spelled = {way.casefold(): way + "/" for way in ways}
    if not all(map(is_safe, parts)) or place.casefold() in taken:
        return False
    if any(taken.get(folded, way) != way for folded, way in spelled.items()):
        return False
    taken.update({**spelled, place.casefold(): place})
    return True
