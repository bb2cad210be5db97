"""Which files a layer has, which project they belong to, and how messages call them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from owui_sync.inputs import MANIFEST, check_input, read_input, real
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.yaml.nodes import LocatedMap, Origin
from owui_sync.manifest.yaml.parser import parse
from owui_sync.manifest.yaml.value_problem import ValueProblem
from owui_sync.values import Position

CONFIG_NAME = "owui-sync.yaml"
SUFFIXES = (".yaml", ".yml")


def shown(path: Path | str) -> str:
    """Return a path as messages show it: from the current folder when it lies below it, with forward slashes."""
    here, text = os.getcwd(), str(path)  # noqa: PTH109 - it is called for each of thousands of files.
    return "." if text == here else text.removeprefix(here + os.sep).replace(os.sep, "/")


def manifests_in(layer: Path) -> list[Path]:
    """Return the manifests of a layer: the file itself, or all `*.yaml` and `*.yml` below the folder, sorted.

    Hidden files and folders are left out, and so is the configuration.

    Raises:
        ValueProblem: there is no such path, or no manifest in it.
    """
    with explained(layer, "file or folder"):
        check_input(layer)
    if not layer.is_dir():
        if layer.name == CONFIG_NAME:
            raise ValueProblem(f"`{shown(layer)}` is a configuration, not a manifest", "name it with --config")
        return [layer]
    found = sorted(_walk(layer))
    if not found:
        raise ValueProblem(
            f"no manifests (*.yaml, *.yml) in `{shown(layer)}`", "`owui-sync init` makes a starter project"
        )
    return found


def _walk(folder: Path) -> Iterator[Path]:
    seen: set[str] = set()
    for place, folders, names in os.walk(folder, onerror=_unreadable, followlinks=True):
        real = os.path.realpath(place)
        # A link to a folder further up would go round for ever.
        folders[:] = [name for name in folders if not name.startswith(".") and real not in seen]
        if real in seen:
            continue
        seen.add(real)
        for name in names:
            if name.lower().endswith(SUFFIXES) and not name.startswith(".") and name != CONFIG_NAME:
                yield Path(place, name)


def _unreadable(error: OSError) -> NoReturn:
    raise ValueProblem(f"cannot read the folder `{shown(Path(error.filename))}`: {error.strerror}")


def project_root(layer: Path, configured: Path | None) -> Path:
    """Return the folder that the tags of a layer may read in.

    The configuration's folder when the layer lies inside it; else the top of the layer's git repository; else the
    layer's own folder.
    """
    folder = real(layer if layer.is_dir() else layer.parent)
    if configured and folder.is_relative_to(real(configured)):
        return real(configured)
    return next((place for place in (folder, *folder.parents) if (place / ".git").exists()), folder)


@contextmanager
def explained(path: Path, what: str = "file") -> Iterator[None]:
    """Raise ValueProblem in place of an OSError, with the path; `what` says what was to be there."""
    try:
        yield
    except FileNotFoundError:
        raise ValueProblem(f"there is no {what} `{shown(path)}`") from None
    except IsADirectoryError:
        raise ValueProblem(f"`{shown(path)}` is a folder, not a file") from None
    except OSError as error:
        raise ValueProblem(f"cannot read `{shown(path)}`: {error.strerror}") from None


def read_text(path: Path) -> str:
    """Return the text of a file, its bytes decoded as UTF-8 and nothing else.

    Raises:
        ValueProblem: it cannot be read or is not UTF-8.
    """
    return decode(read_bytes(path), path)


def read_bytes(path: Path, most: int = MANIFEST) -> bytes:
    """Return the bytes of a file. Raises `ValueProblem` when it cannot be read, or has more than `most`."""
    with explained(path):
        return read_input(path, most)


def decode(data: bytes, path: Path) -> str:
    """Return `data` as text. Raises `ValueProblem` when it is not UTF-8, with the line."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"`{shown(path)}` is not UTF-8 text (byte 0x{data[error.start]:02X} in line {line})"
        raise ValueProblem(message, "save it as UTF-8") from None


def read_manifest(origin: Origin, problems: Diagnostics) -> LocatedMap | None:
    """Return the content of a manifest or of a configuration; None when it was reported as unreadable."""
    try:
        text = read_text(origin.path)
    except ValueProblem as wrong:
        problems.add(wrong.message, Position(origin.shown, 1, 1), wrong.hint)
        problems.lost_file = True
        return None
    return parse(text, origin, problems)
