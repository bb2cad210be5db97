"""A folder of manifests to load, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from owui_sync.errors import ManifestError
from owui_sync.manifest.desired import Desired
from owui_sync.manifest.load import load
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.yaml.nodes import LocatedMap, Origin
from owui_sync.manifest.yaml.parser import parse


class Folder:
    """A folder that is the current one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, content: str | bytes) -> Path:
        """Writes a file exactly as given; returns its path relative to the folder."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Path(name)

    def manifest(self, body: str, name: str = "m.yaml") -> Path:
        """Writes a manifest whose first line is the version, so that `body` begins in line 2."""
        return self.write(name, f"version: 1\n{body}")

    def load(self, body: str, **options: Any) -> Desired:
        """What a single manifest asks for."""
        return load([self.manifest(body)], **options)

    def problems(self, body: str, **options: Any) -> list[str]:
        """What is wrong with a single manifest, as `file:line:column: message` with the hint in the next line."""
        return problems_of([self.manifest(body)], **options)


def problems_of(paths: list[Path], **options: Any) -> list[str]:
    """What is wrong with these layers; an empty list when nothing is."""
    try:
        load(paths, **options)
    except ManifestError as error:
        return [str(problem).replace("\n    ", "\n") for problem in error.problems]
    return []


def parsed(text: str) -> tuple[LocatedMap | None, list[str]]:
    """A text as the parser gives it, with the problems."""
    problems = Diagnostics()
    value = parse(text, Origin(Path("/p/m.yaml"), "m.yaml", Path("/p")), problems)
    return value, [str(problem) for problem in problems.in_order()]
