"""What a saved plan leaves out, had again: secrets from the environment, texts from their files."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from owui_sync.errors import ManifestError, StalePlan
from owui_sync.inputs import TEXT, read_input, real
from owui_sync.manifest.files.verified_file import opener, read_through
from owui_sync.manifest.tags.environment import read_secret
from owui_sync.manifest.tags.images import data_url
from owui_sync.manifest.yaml.value_problem import ValueProblem
from owui_sync.values import FileSource, Sources

_AGAIN = "make the plan again with `owui-sync plan --out`"


def plan_sources(base: Path | None = None) -> Sources:
    """Return the sources for `values.decode`.

    Args:
        base: the folder that the plan was made in, which paths in it are relative to; default: the current one.

    The functions raise `ManifestError` for a secret that is not set and `StalePlan` for a file that is gone or has
    other bytes than the plan was made with.
    """
    folder = base or Path.cwd()
    return Sources(
        secret=_secret,
        file=lambda source: _text(source, _bytes(folder, source)),
        upload=lambda source: _upload(folder, source),
    )


_CHANGED = "(file changed since)"
"""Stands for the text of a file that is not what was planned."""


def offline_sources(base: Path, warnings: list[str]) -> Sources:
    """Return the sources for a plan that is only shown: no secret is read, and no file that is not below `base`.

    A file that is not as it was planned is replaced by a note, with a warning.
    """

    def text(source: FileSource) -> str:
        if not real(base / source.path).is_relative_to(real(base)):
            return _CHANGED
        try:
            return _text(source, _bytes(base, source))
        except StalePlan as stale:
            warnings.extend(problem.message for problem in stale.problems)
            return _CHANGED

    return Sources(secret=lambda name: "", file=text, upload=lambda source: io.BytesIO)


def _secret(name: str) -> str:
    try:
        return read_secret(name)
    except ValueProblem as wrong:
        raise ManifestError(wrong.message, hint=wrong.hint) from None


def _upload(folder: Path, source: FileSource) -> Callable[[], BinaryIO]:
    """Read all files before the first change is made: what is stale must not be found out half-way."""
    open_file = opener(folder / source.path, source, _AGAIN)
    read_through(open_file)
    return open_file


def _bytes(folder: Path, source: FileSource) -> bytes:
    try:
        data = read_input(folder / source.path, TEXT)
    except OSError as error:
        raise StalePlan(f"cannot read `{source.path}` again: {error.strerror}", hint=_AGAIN) from None
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise StalePlan(f"`{source.path}` changed since the plan was made", hint=_AGAIN)
    return data


def _text(source: FileSource, data: bytes) -> str:
    return data_url(data) if source.tag == "image" else data.decode("utf-8")
