"""One source of a knowledge base as it is written -> the files that it names, and their places."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from owui_sync.inputs import check_input, real
from owui_sync.manifest.files.gitignore import GitIgnore, repository
from owui_sync.manifest.files.globs import FileFilter, fixed_part, is_glob
from owui_sync.manifest.files.reading import explained, project_root, shown
from owui_sync.manifest.files.target_paths import place
from owui_sync.manifest.files.walk import Walk
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema.wording import listed
from owui_sync.manifest.yaml.value_problem import Unkept, ValueProblem
from owui_sync.values import Position, Secret
from owui_sync.wording import listed_briefly


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A file that a source names.

    Args:
        place: where it goes in the knowledge base.
        at: the source.
        path: the local file, absolute; empty for a text.
        text: the text that is written in the manifest.
        found: a wildcard or folder found it; nobody named it.
        wrong: why the server cannot keep it under its name.
    """

    place: str
    at: Position
    path: str = ""
    text: str | None = None
    found: bool = False
    wrong: Unkept | None = None

    @property
    def words(self) -> str:
        """The file as messages call it."""
        return f"`{shown(self.path)}`" if self.path else f"`{self.place}` (written here)"


@dataclass(slots=True)
class FileSources:
    """Finds the files that sources name; what is wrong with one of many files goes to `problems`.

    Args:
        layers: the layers of the run, as they were given.
        root: folder of the configuration, see `files.project_root`.
        allow_outside: files outside the project of the manifest that names them may be read.
    """

    layers: Sequence[Path]
    root: Path | None
    allow_outside: bool
    problems: Diagnostics
    _ignored: dict[str, GitIgnore] = field(default_factory=dict)

    def named(self, written: Any, at: Position) -> Iterator[NamedSource]:
        """Yield the files of one item of a list of sources. Raises ValueProblem when it gives none."""
        if isinstance(written, str):
            yield from self._path(written, at)
        elif "name" in written:
            yield _text(written, at)
        else:
            yield from self._folder(written, at)

    def _path(self, written: str, at: Position) -> Iterator[NamedSource]:
        if is_glob(written):
            fixed, glob = fixed_part(written)
            yield from self._chosen(fixed, FileFilter([glob if "/" in glob else f"./{glob}"]), at, words=f"`{written}`")
        else:
            yield from self._folder({"path": written}, at)

    def _folder(self, written: Mapping[str, Any], at: Position) -> Iterator[NamedSource]:
        into, include = written.get("into", ""), written.get("include")
        path = self.local(written["path"], at)
        if not path.is_dir():
            with explained(path):
                check_input(path)
            yield NamedSource(place(into, written.get("as", path.name)), at, str(path))
            return
        if "as" in written:
            raise ValueProblem(f"`as` is for a single file, and `{shown(path)}` is a folder", "use `into`")
        choice = FileFilter(include or ("*",), written.get("exclude", ()))
        words = f"`{written['path']}`" + (f" with include {listed(include)}" if include else "")
        yield from self._chosen(written["path"], choice, at, into, words, written.get("gitignore", True))

    def _chosen(
        self, folder: str, choice: FileFilter, at: Position, into: str = "", words: str = "", gitignore: bool = True
    ) -> Iterator[NamedSource]:
        start, root = self.local(folder, at), self._root(at)
        if not start.is_dir():
            raise ValueProblem(f"there is no folder `{shown(start)}`")
        known = len(self.problems)
        rules = self._rules(start, root) if gitignore else None
        walk = Walk(str(start), choice, lambda link: self._may_follow(Path(link), root, at), rules)
        try:
            names = walk.names()
            if not names and len(self.problems) == known:
                raise _nothing(walk, words)
        except OSError as error:
            raise ValueProblem(f"cannot read the folder `{shown(error.filename)}`: {error.strerror}") from None
        for name in names:
            path = f"{start}/{name}"
            try:
                yield NamedSource(place(into, name), at, path, found=True)
            except Unkept as wrong:
                yield NamedSource(name, at, path, found=True, wrong=wrong)
            except ValueProblem as wrong:
                self.problems.add(wrong.message, at, wrong.hint)

    def _rules(self, start: Path, root: Path) -> GitIgnore:
        project = next((way for way in (start, *start.parents) if real(way) == real(root)), start)
        top = repository(str(start), str(project))
        if top not in self._ignored:
            self._ignored[top] = GitIgnore.at(top)
        return self._ignored[top]

    def _may_follow(self, link: Path, root: Path, at: Position) -> bool:
        try:
            self._check(link, root)
        except ValueProblem as wrong:
            self.problems.add(wrong.message, at, wrong.hint)
            return False
        return True

    def local(self, written: str, at: Position) -> Path:
        """Return the absolute path of one written at `at`. Raises ValueProblem when it leads out of the project."""
        path = Path(os.path.normpath(Path(at.file).absolute().parent / written))
        self._check(path, self._root(at))
        return path

    def _check(self, path: Path, root: Path) -> None:
        """Raise ValueProblem for a path that leads out of the project, and for a link that leads nowhere."""
        if not self.allow_outside and not real(path).is_relative_to(real(root)):
            link = _link_out(path, real(root))
            leads = f"is a link to `{link.readlink()}`, which " if link else ""
            raise ValueProblem(
                f"`{shown(link or path)}` {leads}is outside the project (`{shown(root)}`)",
                "move the file into the project, or allow it with --allow-outside",
            )
        if path.is_symlink() and not path.exists():
            raise ValueProblem(f"`{shown(path)}` is a link to `{path.readlink()}`, which leads nowhere")

    def _root(self, at: Position) -> Path:
        manifest = Path(at.file).absolute()
        layers = [layer for layer in self.layers if manifest.is_relative_to(layer.absolute())]
        layer = max(layers, key=lambda layer: len(layer.absolute().parts), default=manifest)
        return project_root(layer, self.root)


def _link_out(path: Path, root: Path) -> Path | None:
    """Return the link on the way to a path that leads out of the project, if it is a link that does."""
    links = [way for way in (path, *path.parents) if way.is_symlink() and real(way.parent).is_relative_to(root)]
    return next((link for link in reversed(links) if not real(link).is_relative_to(root)), None)


def _nothing(walk: Walk, words: str) -> ValueProblem:
    """Return why a source gives no file."""
    count, rules = walk.left_out()
    if not count:
        return ValueProblem(f"no file fits {words}", "a list without files is written as `files: []`")
    files = f"all {count:,} files that fit {words} are" if count > 1 else f"the only file that fits {words} is"
    return ValueProblem(
        f"{files} left out by git ({listed_briefly([rule.words for rule in rules], 1)})",
        "change the rule, or write the source as a mapping with `gitignore: false`",
    )


def _text(written: Mapping[str, Any], at: Position) -> NamedSource:
    content = written["content"]
    if isinstance(content, Secret):
        raise ValueProblem(
            "the content of a file cannot be a secret: the server shows it to everyone who may read the base"
        )
    return NamedSource(place("", written["name"]), at, text=content)
