"""The `files` of knowledge bases: sources as written -> the files themselves, each with its place and digest."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from owui_sync.manifest.desired import Entry
from owui_sync.manifest.files import project_root, read_bytes, shown
from owui_sync.manifest.globs import below, fits, fixed_part, is_glob
from owui_sync.manifest.nodes import Map, Seq
from owui_sync.manifest.problems import Problems
from owui_sync.manifest.unchanged import opener
from owui_sync.manifest.words import listed
from owui_sync.manifest.wrong import Wrong
from owui_sync.values import FileSource, LocalFile, Position, Secret, inline_file


@dataclass(slots=True)
class FileReader:
    """Finds and reads the files that manifests name.

    Args:
        layers: the layers of the run, as they were given.
        root: folder of the configuration, see `files.project_root`.
        allow_outside: files outside the project of the manifest that names them may be read.
        read: what was read, as messages show it.
    """

    layers: Sequence[Path]
    root: Path | None
    allow_outside: bool
    read: list[str] = field(default_factory=list)

    def found(self, written: Any, at: Position) -> Iterator[LocalFile]:
        """The files of one item of a list of sources. Raises Wrong."""
        if isinstance(written, str):
            yield from self._path(written, at)
        elif "name" in written:
            yield _inline(written)
        else:
            yield from self._folder(written, at)

    def _path(self, written: str, at: Position) -> Iterator[LocalFile]:
        if is_glob(written):
            fixed, pattern = fixed_part(written)
            yield from self._fitting(fixed, [pattern if "/" in pattern else f"./{pattern}"], (), "", at, written)
        elif self._local(written, at).is_dir():
            yield from self._fitting(written, ("*",), (), "", at, written)
        else:
            path = self._local(written, at)
            yield self._file(path, path.name)

    def _folder(self, written: Mapping[str, Any], at: Position) -> Iterator[LocalFile]:
        into, include = written.get("into", ""), written.get("include", ["*"])
        path = self._local(written["path"], at)
        if path.is_file():
            yield self._file(path, _place(into, path.name))
            return
        words = f"{written['path']} with include {listed(include)}"
        yield from self._fitting(written["path"], include, written.get("exclude", ()), into, at, words)

    def _fitting(
        self, folder: str, include: Sequence[str], exclude: Sequence[str], into: str, at: Position, words: str
    ) -> Iterator[LocalFile]:
        start = self._local(folder, at)
        if not start.is_dir():
            raise Wrong(f"there is no folder `{shown(start)}`")
        try:
            names = [name for name in below(start) if _chosen(name, include) and not fits(name, exclude)]
        except OSError as error:
            raise Wrong(f"cannot read the folder `{shown(start)}`: {error.strerror}") from None
        if not names:
            raise Wrong(f"no file fits `{words}`", "a list without files is written as `files: []`")
        for name in names:
            yield self._file(self._checked(start / name, at), _place(into, name))

    def _file(self, path: Path, place: str) -> LocalFile:
        data = read_bytes(path)
        if not data:
            raise Wrong(f"`{shown(path)}` is empty, and the server takes no empty files")
        self.read.append(shown(path))
        source = FileSource(shown(path), hashlib.sha256(data).hexdigest(), len(data), "upload")
        return LocalFile(place, source, opener(path, source, "plan again"))

    def _local(self, written: str, at: Position) -> Path:
        manifest = Path.cwd() / at.file
        return self._checked(Path(os.path.normpath(manifest.parent / written)), at)

    def _checked(self, path: Path, at: Position) -> Path:
        root = self._root(Path.cwd() / at.file)
        if not self.allow_outside and not path.resolve().is_relative_to(root.resolve()):
            raise Wrong(
                f"`{shown(path)}` is outside the project (`{shown(root)}`)",
                "move the file into the project, or allow it with --allow-outside",
            )
        return path

    def _root(self, manifest: Path) -> Path:
        layers = [layer for layer in self.layers if manifest.is_relative_to(layer.absolute())]
        return project_root(max(layers, key=lambda layer: len(layer.absolute().parts), default=manifest), self.root)


def expand(entries: Mapping[str, Entry], merged: Map, reader: FileReader, problems: Problems) -> dict[str, Entry]:
    """The entries with the files themselves in the place of their sources.

    A problem is added for each source that gives no file, and for two files of one base with one place or one content.
    """
    return {address: _expanded(entry, merged, reader, problems) for address, entry in entries.items()}


def _expanded(entry: Entry, merged: Map, reader: FileReader, problems: Problems) -> Entry:
    if entry.kind != "knowledge" or "files" not in entry.values:
        return entry
    written = merged["knowledge"][entry.key]["files"]
    places = written.items_at if isinstance(written, Seq) else [entry.where("files")] * len(written)
    files: dict[str, LocalFile] = {}
    contents: dict[str, str] = {}
    for item, at in zip(written, places, strict=True):
        try:
            for file in reader.found(item, at):
                _add(file, files, contents)
        except Wrong as wrong:
            problems.add(wrong.message, at, wrong.hint)
    return replace(entry, values={**entry.values, "files": [files[path] for path in sorted(files)]})


def _add(file: LocalFile, files: dict[str, LocalFile], contents: dict[str, str]) -> None:
    path, digest = file["path"], file["sha256"]
    known = files.setdefault(path, file)
    if (known.source.path, known["sha256"]) != (file.source.path, digest):
        raise Wrong(
            f"two files get the place `{path}`: {_words(known)} and {_words(file)}", "use `into` for one of them"
        )
    other = contents.setdefault(digest, path)
    if other != path:
        raise Wrong(f"`{path}` and `{other}` have the same content, which the server keeps only once")


def _words(file: LocalFile) -> str:
    return f"`{file.source.path}`" if file.source.path else "the one written here"


def _chosen(name: str, include: Sequence[str]) -> bool:
    return fits(name, include) or fits(f"./{name}", include)


def _inline(written: Mapping[str, Any]) -> LocalFile:
    content = written["content"]
    if isinstance(content, Secret):
        raise Wrong("the content of a file cannot be a secret: the server shows it to everyone who may read the base")
    if not content:
        raise Wrong(f"`{written['name']}` is empty, and the server takes no empty files")
    return inline_file(_place("", written["name"]), content)


def _place(into: str, name: str) -> str:
    parts = [part for part in PurePosixPath(into, name).parts if part not in ("/", ".")]
    if ".." in parts or not parts:
        raise Wrong(f"`{into or name}` is no place in a knowledge base")
    return "/".join(parts)
