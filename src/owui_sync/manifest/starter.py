"""The starter project of `owui-sync init`."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from owui_sync import __version__
from owui_sync.errors import OwuiSyncError
from owui_sync.manifest.git import git
from owui_sync.manifest.schema import build

_TEMPLATES = {
    "owui-sync.yaml": "owui-sync.yaml",
    "manifests/example.yaml": "example.yaml",
    "manifests/prompts/summarise.md": "summarise.md",
    ".github/workflows/owui-sync.yml": "workflow.yml",
    ".vscode/settings.json": "vscode-settings.json",
}
"""File of the project -> file under `owui_sync/templates`."""

_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
"""What YAML may take for something else than a text."""

_IGNORED = "*.plan.json"


def create(folder: Path) -> list[tuple[str, str]]:
    """Write the project into a folder.

    Returns:
        For each file its path and what happened: `created`, `kept` (it was there) or `extended` (.gitignore).

    Raises:
        OwuiSyncError: a file or folder cannot be written.
    """
    done = []
    for name, text in _contents(stack_name(folder)):
        path = folder / name
        try:
            done.append((path.as_posix(), _extend(path) if name == ".gitignore" else _write(path, text)))
        except OSError as error:
            raise OwuiSyncError(f"cannot write {path}: {error.strerror}") from None
    return done


def stack_name(folder: Path) -> str:
    """Name the stack of a project, so that two projects on one server do not get the same name by default.

    It is the repository's name: that of its remote `origin`, which is the same in every clone, or else of the folder
    of the work tree. A project in a folder of a repository adds the way there. Outside of git it is the folder's name.
    """
    folder = folder.resolve()
    there = next(path for path in (folder, *folder.parents) if path.is_dir())
    top = git(there, "rev-parse", "--show-toplevel")
    if not top or not folder.is_relative_to(top):
        return _valid_stack(folder.name)
    remote = git(there, "remote", "get-url", "origin") or ""
    repository = re.split(r"[/:\\]", remote.rstrip("/").removesuffix(".git"))[-1] or Path(top).name
    return _valid_stack("-".join((repository, *folder.relative_to(top).parts)))


def _valid_stack(name: str) -> str:
    """Return the name with what a stack's name may not hold taken out; one with nothing left becomes a digest."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    valid = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("._-")[: build.LONGEST_STACK].rstrip("._-")
    return valid or f"stack-{hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"


def _written(stack: str) -> str:
    """Return the name as YAML: quoted where it would be read as something else than a text."""
    plain = re.fullmatch(r"[A-Za-z][\w.-]*", stack) and stack.lower() not in _WORDS
    return stack if plain else json.dumps(stack)


def _contents(stack: str) -> Iterator[tuple[str, str]]:
    templates = files("owui_sync") / "templates"
    for name, template in _TEMPLATES.items():
        text = (templates / template).read_text(encoding="utf-8")
        yield name, text.replace("@VERSION@", __version__).replace("@STACK@", _written(stack))
    yield "schemas/manifest.schema.json", build.text_of(build.manifest_schema())
    yield "schemas/config.schema.json", build.text_of(build.config_schema())
    yield ".gitignore", ""


def _write(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return "kept"
    return "created"


def _extend(path: Path) -> str:
    """Plan files do not belong into git: they hold what was on the server."""
    if not path.exists():
        return _write(path, f"{_IGNORED}\n")
    text = path.read_text(encoding="utf-8")
    if _IGNORED in text.splitlines():
        return "kept"
    separator = "" if not text or text.endswith("\n") else "\n"
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(f"{separator}{_IGNORED}\n")
    return "extended"
