"""The starter project of `owui-sync init`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from owui_sync import __version__
from owui_sync.errors import OwuiSyncError
from owui_sync.manifest import schema

_TEMPLATES = {
    "owui-sync.yaml": "owui-sync.yaml",
    "manifests/example.yaml": "example.yaml",
    "manifests/prompts/summarise.md": "summarise.md",
    ".github/workflows/owui-sync.yml": "workflow.yml",
    ".vscode/settings.json": "vscode-settings.json",
}
"""File of the project -> file under `owui_sync/templates`."""

_IGNORED = "*.plan.json"


def create(folder: Path) -> list[tuple[str, str]]:
    """Writes the project into a folder.

    Returns:
        For each file its path and what happened: `created`, `kept` (it was there) or `extended` (.gitignore).

    Raises:
        OwuiSyncError: a file or folder cannot be written.
    """
    done = []
    for name, text in _contents():
        path = folder / name
        try:
            done.append((path.as_posix(), _extend(path) if name == ".gitignore" else _write(path, text)))
        except OSError as error:
            raise OwuiSyncError(f"cannot write {path}: {error.strerror}") from None
    return done


def _contents() -> Iterator[tuple[str, str]]:
    templates = files("owui_sync") / "templates"
    for name, template in _TEMPLATES.items():
        text = (templates / template).read_text(encoding="utf-8")
        yield name, text.replace("@VERSION@", __version__)
    yield "schemas/manifest.schema.json", schema.text_of(schema.manifest_schema())
    yield "schemas/config.schema.json", schema.text_of(schema.config_schema())
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
