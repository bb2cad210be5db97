"""The starter project of `owui-sync init`."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from owui_sync.errors import OwuiSyncError, UsageError
from owui_sync.manifest.git import git
from owui_sync.manifest.schema import build

WORKFLOW = ".github/workflows/owui-sync.yml"
"""The workflow, below the folder of the project."""

_TEMPLATES = {
    "owui-sync.yaml": "owui-sync.yaml",
    "manifests/example.yaml": "example.yaml",
    "manifests/prompts/summarise.md": "summarise.md",
    WORKFLOW: "workflow.yml",
    ".vscode/settings.json": "vscode-settings.json",
}
"""File of the project -> file under `owui_sync/templates`."""

_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
"""What YAML may take for something else than a text."""

_IGNORED = "*.plan.json"

_SOURCES = "name a wheel (https://... or a path), a folder, or git+https://HOST/REPOSITORY@COMMIT"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a project is.

    Args:
        repository: the name of the git repository; without one, that of the folder.
        below: folders from the top of the repository to the project; empty at the top, and outside of git.
    """

    repository: str
    below: tuple[str, ...] = ()


def create(folder: Path, source: str = "") -> list[tuple[str, str]]:
    """Write the project into a folder.

    Args:
        folder: where to.
        source: what the workflow installs owui-sync from, as `check_source` takes it; empty: the workflow stops with
            a sentence that says what to set.

    Returns:
        For each file its path and what happened: `created`, `kept` (it was there) or `extended` (.gitignore).

    Raises:
        OwuiSyncError: a file or folder cannot be written.
    """
    done = []
    for name, text in _contents(place_of(folder), source):
        path = folder / name
        try:
            done.append((path.as_posix(), _extend(path) if name == ".gitignore" else _write(path, text)))
        except OSError as error:
            raise OwuiSyncError(f"cannot write {path}: {error.strerror}") from None
    return done


def check_source(source: str) -> str:
    """Return what pip is to install owui-sync from.

    Args:
        source: the address of a wheel or an archive, a git address, or a path.

    Raises:
        UsageError: it is a name, which anybody may register; an address that anybody on the way may change; or
            holds what does not belong into a file in git.
    """
    scheme, _, rest = source.rpartition("://")
    if not source.isprintable() or source.startswith("-") or not source:
        raise UsageError(f"--source: {source!r} is nothing that pip installs from", hint=_SOURCES)
    if not scheme and "/" not in source and not source.endswith((".whl", ".tar.gz", ".zip")):
        raise UsageError(f"--source: {source!r} is a name, and anybody could register it", hint=_SOURCES)
    if scheme.endswith("http") or scheme.startswith("git+git"):
        raise UsageError("--source: whoever is on the way can change what such an address answers", hint=_SOURCES)
    if ":" in rest.partition("/")[0].rpartition("@")[0]:
        raise UsageError("--source: the address holds a password, and the workflow is a file in git", hint=_SOURCES)
    return source


def place_of(folder: Path) -> Place:
    """Return where a project is in its repository; the name is that of the remote `origin`, alike in every clone."""
    folder = folder.resolve()
    there = next(path for path in (folder, *folder.parents) if path.is_dir())
    top = git(there, "rev-parse", "--show-toplevel")
    if not top or not folder.is_relative_to(top):
        return Place(folder.name)
    remote = git(there, "remote", "get-url", "origin") or ""
    repository = re.split(r"[/:\\]", remote.rstrip("/").removesuffix(".git"))[-1] or Path(top).name
    return Place(repository, folder.relative_to(top).parts)


def stack_name(folder: Path) -> str:
    """Return the default name of the stack of a project; no two projects on one server get the same by default.

    It is the repository's name; a project in a folder of a repository adds the way there. Outside of git it is the
    folder's name.
    """
    return _stack(place_of(folder))


def _stack(place: Place) -> str:
    return _valid_stack("-".join((place.repository, *place.below)))


def _valid_stack(name: str) -> str:
    """Return the name with what a stack's name may not hold taken out; one with nothing left becomes a digest."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    valid = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("._-")[: build.LONGEST_STACK].rstrip("._-")
    return valid or f"stack-{hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"


def _written(stack: str) -> str:
    """Return the name as YAML: quoted where it would be read as something else than a text."""
    plain = re.fullmatch(r"[A-Za-z][\w.-]*", stack) and stack.lower() not in _WORDS
    return stack if plain else json.dumps(stack)


def _contents(place: Place, source: str) -> Iterator[tuple[str, str]]:
    templates = files("owui_sync") / "templates"
    defaults = (
        f"\ndefaults:\n  run: {{working-directory: {json.dumps('/'.join(place.below))}}}\n" if place.below else ""
    )
    values = {
        "@STACK@": _written(_stack(place)),
        "@NAME@": _stack(place),
        "@SOURCE@": json.dumps(source, ensure_ascii=False),
        "@DEFAULTS@\n": defaults + "\n",
    }
    for name, template in _TEMPLATES.items():
        text = (templates / template).read_text(encoding="utf-8")
        for mark, value in values.items():
            text = text.replace(mark, value)
        yield name, text
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
