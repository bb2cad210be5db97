"""The `files` of knowledge bases and skills: sources as written -> the files, each with its place and digest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from owui_sync.kinds import KINDS
from owui_sync.kinds.files.holder import files_field, has_distinct_files
from owui_sync.manifest.desired import Entry
from owui_sync.manifest.files.digests import Digest, digests
from owui_sync.manifest.files.left_out import LeftOut
from owui_sync.manifest.files.reading import shown
from owui_sync.manifest.files.sources import FileSources, NamedSource
from owui_sync.manifest.files.target_paths import Places
from owui_sync.manifest.files.verified_file import opener
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.yaml.nodes import LocatedList, LocatedMap
from owui_sync.manifest.yaml.value_problem import Unkept, ValueProblem
from owui_sync.values import FileSource, LocalFile, inline_file


def expand(
    entries: Mapping[str, Entry],
    merged: LocatedMap,
    sources: FileSources,
    read: list[str],
    problems: Diagnostics,
    warnings: Diagnostics,
) -> dict[str, Entry]:
    """Return the entries with the files themselves in the place of their sources.

    A problem is added for each source that gives no file, for each file that is named and that the server cannot keep,
    and for files of one object that cannot be side by side. What was only found and cannot be kept is a warning.

    Args:
        read: gets the files that were read, as messages show them.
    """
    named = {address: list(_named(entry, merged, sources, problems)) for address, entry in entries.items()}
    known = digests({file.path for files in named.values() for file in files if file.path})
    read += map(shown, sorted(known))
    return {
        address: _with_files(entry, named[address], known, problems, warnings) if _has_sources(entry) else entry
        for address, entry in entries.items()
    }


def _has_sources(entry: Entry) -> bool:
    return files_field(KINDS[entry.kind]) == "files" and "files" in entry.values


def _named(entry: Entry, merged: LocatedMap, sources: FileSources, problems: Diagnostics) -> Iterator[NamedSource]:
    if not _has_sources(entry):
        return
    written = _written(entry, merged)
    places = written.items_at if isinstance(written, LocatedList) else [entry.where("files")] * len(written)
    for item, at in zip(written, places, strict=True):
        try:
            yield from sources.named(item, at)
        except ValueProblem as wrong:
            problems.add(wrong.message, at, wrong.hint)


def _written(entry: Entry, merged: LocatedMap) -> Any:
    """Return the sources as they are written; a single one may stand without a list."""
    kind = KINDS[entry.kind]
    section = merged[kind.section]
    key = next(key for key in section if kind.normal_key(key) == entry.key)
    sources = section[key]["files"]
    return [sources] if isinstance(sources, str) else sources


def _with_files(
    entry: Entry,
    named: Sequence[NamedSource],
    known: Mapping[str, Digest | OSError],
    problems: Diagnostics,
    warnings: Diagnostics,
) -> Entry:
    distinct = has_distinct_files(KINDS[entry.kind])
    base, left_out = _Held(distinct), LeftOut(entry.address, entry.where("files"))
    # What is named comes first: of two files with one content it is the one that stays.
    for file in sorted(named, key=lambda file: file.found):
        try:
            base.add(file, local_file(file, known, distinct=distinct))
        except ValueProblem as wrong:
            if file.found and isinstance(wrong, Unkept):
                left_out.files.append(wrong)
            else:
                problems.add(wrong.message, file.at, wrong.hint)
    if base.files:
        left_out.tell(warnings)
    else:
        left_out.refuse(problems)
    files = [file for _, (_, file) in sorted(base.files.items())]
    return replace(entry, values={**entry.values, "files": files})


def local_file(named: NamedSource, known: Mapping[str, Digest | OSError], *, distinct: bool = True) -> LocalFile:
    """Return a file that a source gives, with its digest.

    Args:
        distinct: as `FileHolder.distinct_files`.

    Raises:
        ValueProblem: it cannot be read.
        Unkept: it has no use.
    """
    if named.wrong is not None:
        raise named.wrong
    if named.text == "" and distinct:
        raise _empty(named)
    if named.text is not None:
        return inline_file(named.place, named.text)
    digest = known[named.path]
    if isinstance(digest, OSError):
        raise ValueProblem(f"cannot read {named.words}: {digest.strerror}")
    if not digest.size and distinct:
        raise _empty(named)
    source = FileSource(shown(named.path), digest.sha256, digest.size, "upload")
    return LocalFile(named.place, source, opener(named.path, source, "plan again"))


def _empty(named: NamedSource) -> Unkept:
    return Unkept(f"{named.words} is empty, and the server takes no empty files", None, named.words, "empty")


@dataclass(slots=True)
class _Held:
    """The files of one object, by place, and which one has which content."""

    distinct: bool
    files: dict[str, tuple[NamedSource, LocalFile]] = field(default_factory=dict)
    contents: dict[str, NamedSource] = field(default_factory=dict)
    places: Places = field(default_factory=Places)

    def add(self, named: NamedSource, file: LocalFile) -> None:
        """Add a file; one that was named before is the same. Raises ValueProblem when two cannot be there together."""
        if named.place in self.files:
            other, _ = self.files[named.place]
            if (other.path, other.text) != (named.path, named.text):
                words = f"two files get the place `{named.place}`: {other.words} and {named.words}"
                raise ValueProblem(words, "use `into` for one of them")
            return
        twin = self.contents.get(file["sha256"])
        if twin and self.distinct:
            raise Unkept(
                f"{named.words} and {twin.words} have the same content, which the server keeps only once in a base",
                "leave one of them out",
                named.words,
                f"the content of {twin.words}",
            )
        self.places.take(named.place)
        self.contents[file["sha256"]] = named
        self.files[named.place] = named, file
