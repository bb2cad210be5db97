"""Works out the tags of a manifest: files, pictures, variables, the environment, secrets."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from owui_sync.inputs import TEXT, real
from owui_sync.manifest.files.reading import decode, read_bytes, shown
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema.wording import listed, value_words
from owui_sync.manifest.tags.environment import MissingSecret, read_env, read_secret
from owui_sync.manifest.tags.images import data_url
from owui_sync.manifest.yaml.growth import Growth
from owui_sync.manifest.yaml.nodes import INVALID, LocatedList, LocatedMap, Tagged
from owui_sync.manifest.yaml.value_problem import ValueProblem
from owui_sync.values import SERVER_DEFAULT, FileSource, Secret, SourcedText, reveal
from owui_sync.wording import did_you_mean

_PLACEHOLDER = re.compile(r"\$\$\{|\$\{([^}]*)(\}?)")
_MAX_PATH = 1000
"""Characters; no file system takes more than about four times that."""

_ENV_KEYS = ("name", "default")
_PLACES = {"default": "fields under `settings`", "null": "fields under `settings`, and `valves`"}
"""Where tags without an argument may stand."""


class Resolver:
    """Puts values in the place of tags.

    Args:
        variables: name -> value; a value may hold tags itself, worked out when the variable is first used.
        allow_outside: files outside the project of the manifest that names them may be read.
        allow_missing_secrets: a secret that is not set gives `INVALID` and no problem.
        secret: gives the text of a secret by its name.
    """

    def __init__(
        self,
        variables: Mapping[str, Any],
        problems: Diagnostics,
        warnings: Diagnostics,
        *,
        allow_outside: bool = False,
        allow_missing_secrets: bool = False,
        secret: Callable[[str], str] = read_secret,
    ) -> None:
        self._raw = variables
        self._read_secret = secret
        self._problems = problems
        self._warnings = warnings
        self._allow_outside = allow_outside
        self._allow_missing_secrets = allow_missing_secrets
        self._known: dict[str, Any] = {}
        self._growth = Growth()
        self._open: list[str] = []
        self._texts: dict[tuple[Path, str], SourcedText] = {}
        self._work: dict[str, Callable[[Tagged], Any]] = {
            "file": self._file,
            "image": self._image,
            "var": lambda tagged: self._variable(_text(tagged)),
            "env": self._env,
            "secret": self._secret,
            "sub": self._sub,
            "default": self._bare,
            "null": self._bare,
        }
        self._allowed: frozenset[str] = frozenset()

    @property
    def used(self) -> frozenset[str]:
        """Names of the variables that some tag asked for."""
        return frozenset(self._known)

    @property
    def files(self) -> list[str]:
        """Files that tags read, as messages show them."""
        return list(dict.fromkeys(shown(path) for path, _ in self._texts))

    @contextmanager
    def allowing(self, *tags: str) -> Iterator[None]:
        """Inside, `!default` or `!null` may be used, which no other place of a manifest allows."""
        before, self._allowed = self._allowed, frozenset(tags)
        try:
            yield
        finally:
            self._allowed = before

    def resolve(self, value: Any) -> Any:
        """Work out all tags of a value, in place where it is a `LocatedMap` or `LocatedList`.

        Returns:
            The value; `INVALID` stands for each tag that could not be worked out.
        """
        self._growth.count += 1
        if isinstance(value, Tagged):
            return self._tag(value)
        if isinstance(value, LocatedMap | LocatedList):
            with self._growth.level():
                if isinstance(value, LocatedMap):
                    for key, item in value.items():
                        value[key] = self.resolve(item)
                else:
                    value[:] = [self.resolve(item) for item in value]
        return value

    def _tag(self, tagged: Tagged) -> Any:
        try:
            return self._work[tagged.tag](tagged)
        except ValueProblem as wrong:
            if not (self._allow_missing_secrets and isinstance(wrong, MissingSecret)):
                self._problems.add(wrong.message, tagged.at, wrong.hint)
            return INVALID

    def _variable(self, name: str) -> Any:
        if name in self._open:
            raise ValueProblem(f"the variable `{name}` is made from itself: {' -> '.join([*self._open, name])}")
        if name not in self._known:
            if name not in self._raw:
                return self._undefined(name)
            self._open.append(name)
            with self._growth.measured(name):
                self._known[name] = self.resolve(self._raw[name])
            self._open.pop()
        elif isinstance(self._known[name], LocatedMap | LocatedList):
            self._growth.repeat(name)
        return self._known[name]

    def _undefined(self, name: str) -> Any:
        if self._problems.lost_file:
            return INVALID
        known = f"variables: {listed(sorted(self._raw))}" if self._raw else "set it under `vars` or with --var"
        raise ValueProblem(f"the variable `{name}` is not defined", did_you_mean(name, self._raw) or known)

    def _path(self, tagged: Tagged) -> Path:
        name = _text(tagged)
        if len(name) > _MAX_PATH or "\n" in name or "\0" in name:
            raise ValueProblem(
                f"`!{tagged.tag}` takes the path of a file, not a text", "write the text without the tag"
            )
        path = Path(os.path.normpath(tagged.origin.path.parent / name))
        if not self._allow_outside and not real(path).is_relative_to(real(tagged.origin.root)):
            raise ValueProblem(
                f"`{name}` is outside the project (`{shown(tagged.origin.root)}`)",
                "move the file into the project, or allow it with --allow-outside",
            )
        if not os.path.lexists(path):
            raise ValueProblem(f"there is no file `{shown(path)}`", _near(path))
        return path

    def _file(self, tagged: Tagged) -> SourcedText:
        text = self._read(tagged, decode)
        if text.startswith("\ufeff"):
            self._warnings.add(
                f"`{text.source.path}` begins with a byte order mark, which is part of the text",
                tagged.at,
                "save without it",
            )
        return text

    def _image(self, tagged: Tagged) -> SourcedText:
        return self._read(tagged, lambda data, path: data_url(data))

    def _read(self, tagged: Tagged, text_of: Callable[[bytes, Path], str]) -> SourcedText:
        """Return the text of a file, in memory once however often it is named."""
        path = self._path(tagged)
        if (path, tagged.tag) not in self._texts:
            data = read_bytes(path, TEXT)
            self._growth.read(len(data))
            self._texts[path, tagged.tag] = SourcedText(text_of(data, path), _source(path, data, tagged.tag))
        return self._texts[path, tagged.tag]

    def _env(self, tagged: Tagged) -> Any:
        name, default = _env_argument(tagged)
        value = read_env(name)
        if value is not None:
            return value
        if default is not INVALID:
            return self.resolve(default)
        hint = f"set it, or write `!env {{name: {name}, default: ...}}`"
        raise ValueProblem(f"the environment variable `{name}` is not set", hint)

    def _secret(self, tagged: Tagged) -> Secret:
        name = _text(tagged)
        return Secret(self._read_secret(name), {"$secret": name})

    def _bare(self, tagged: Tagged) -> Any:
        if tagged.tag not in self._allowed or self._open:
            raise ValueProblem(f"`!{tagged.tag}` means nothing here", f"it is for {_PLACES[tagged.tag]}")
        return SERVER_DEFAULT if tagged.tag == "default" else None

    def _sub(self, tagged: Tagged) -> Any:
        """Return the text with its variables; a `Secret` as soon as one of them is."""
        text, count = _text(tagged), self._growth.count
        parts: list[Any] = []
        end = 0
        for match in _PLACEHOLDER.finditer(text):
            parts += [text[end : match.start()], "${" if match[1] is None else self._part(match)]
            end = match.end()
        parts.append(text[end:])
        self._growth.count = count  # What is put into a text is no value of its own.
        if any(part is INVALID for part in parts):
            return INVALID
        self._growth.put_in(sum(len(reveal(part)) for part in parts))
        return _joined(parts)

    def _part(self, match: re.Match[str]) -> Any:
        if not match[2] or not match[1]:
            raise ValueProblem("`${` needs a name and a `}`", "write `$${` for the characters `${` themselves")
        value = self._variable(match[1])
        if value is INVALID or isinstance(value, Secret | str):
            return value
        if isinstance(value, bool | int | float):
            return json.dumps(value)
        raise ValueProblem(f"the variable `{match[1]}` is {value_words(value)}, which is no part of a text")


def _text(tagged: Tagged) -> str:
    if isinstance(tagged.argument, str):
        return tagged.argument
    raise ValueProblem(f"`!{tagged.tag}` takes a text, not {value_words(tagged.argument)}")


def _env_argument(tagged: Tagged) -> tuple[str, Any]:
    """Return name and default (`INVALID` for none) of an `!env`."""
    argument = tagged.argument
    if isinstance(argument, str):
        return argument, INVALID
    if not isinstance(argument, LocatedMap) or not isinstance(argument.get("name"), str):
        raise ValueProblem("`!env` takes a name, or a mapping with `name` and `default`")
    for key in argument:
        if key not in _ENV_KEYS:
            raise ValueProblem(
                f"unknown key `{key}` in `!env`", did_you_mean(key, _ENV_KEYS) or f"keys: {listed(_ENV_KEYS)}"
            )
    return argument["name"], argument.get("default", INVALID)


def _joined(parts: list[Any]) -> str | Secret:
    if not any(isinstance(part, Secret) for part in parts):
        return "".join(map(str, parts))
    text = "".join(part.reveal() if isinstance(part, Secret) else part for part in parts)
    origin = [part.origin if isinstance(part, Secret) else part for part in parts]
    return Secret(text, {"$join": [part for part in origin if part]})


def _source(path: Path, data: bytes, tag: str) -> FileSource:
    return FileSource(shown(path), hashlib.sha256(data).hexdigest(), len(data), tag)


def _near(path: Path) -> str | None:
    """Return the file that was most likely meant, from those in the same folder."""
    try:
        names = [other.name for other in path.parent.iterdir()]
    except OSError:
        return f"there is no folder `{shown(path.parent)}` either"
    return did_you_mean(path.name, names)
