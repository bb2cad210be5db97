"""The manifests and files of a fleet on their way to other machines: packed once, unpacked once in each worker."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from owui_sync.errors import Diagnostic, ManifestError, OwuiSyncError
from owui_sync.fleet.manifests import read_manifests
from owui_sync.fleet.unit import Command, InstanceReport, InstanceSpec
from owui_sync.manifest.desired import Desired
from owui_sync.manifest.files.reading import shown
from owui_sync.manifest.yaml.nodes import LocatedList, LocatedMap, Origin, Tagged
from owui_sync.values import digest

_unpacked: dict[tuple[str, Path], Path] = {}
"""Digest and folder that it is below -> where this process has a bundle."""
_unpacking = threading.Lock()


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files below one folder.

    Args:
        base: the folder, absolute, on the machine that packed it.
        shown: what messages call the folder there; empty for the current one.
        files: path from the folder on -> content.
        digest: of all that.
    """

    base: Path
    shown: str
    files: Mapping[str, bytes] = field(repr=False)
    digest: str = ""


def pack(specs: Iterable[InstanceSpec]) -> Bundle:
    """Return all files that the manifests of instances are made of, each once.

    Raises:
        ManifestError: manifests are wrong, or a job would write a file on a worker, where nobody finds it.
    """
    paths: set[Path] = set()
    roots: set[Path] = set()
    seen: set[tuple[Path, ...]] = set()
    problems: list[Diagnostic] = []
    for spec in specs:
        try:
            desired = read_manifests(spec, lambda name: name)
        except OwuiSyncError as error:
            problems += error.problems
            continue
        problems += _stranded(spec, desired)
        paths |= {Path.cwd() / name for name in desired.files if name}
        if spec.target.layers not in seen:
            seen.add(spec.target.layers)
            roots |= {spec.target.root or Path.cwd(), *(layer.parent for layer in spec.target.layers)}
    if problems:
        raise ManifestError.of(problems)
    base = Path(os.path.commonpath([*paths, *roots]))
    files = {path.relative_to(base).as_posix(): path.read_bytes() for path in sorted(paths)}
    place = shown(base)
    key = digest({name: content.hex() for name, content in files.items()})
    return Bundle(base, "" if place == "." else f"{place}/", files, key)


def _stranded(spec: InstanceSpec, desired: Desired) -> Iterable[Diagnostic]:
    if spec.command is not Command.APPLY or not spec.settings.options.jobs:
        return
    for job in desired.jobs.values():
        if "file" in job.output:
            yield Diagnostic(
                f"job/{job.name} writes the file `{job.output['file']}`, which would stay on a worker of Dask",
                str(job.where("output")),
                "write `output: {note: ...}`, use another executor, or pass --no-jobs",
            )


def unpacked(bundle: Bundle, below: Path) -> Path:
    """Return the folder with the files of a bundle on this machine, written now if this process has not done so.

    Args:
        bundle: the files.
        below: a folder that whoever runs this process removes, also when the process is killed.
    """
    key = (bundle.digest, below)
    with _unpacking:
        if key not in _unpacked:
            folder = Path(tempfile.mkdtemp(prefix="owui-sync-fleet-", dir=below))
            for name, content in bundle.files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            _unpacked[key] = folder
        return _unpacked[key]


@dataclass(frozen=True, slots=True)
class Moved:
    """The files of a bundle where they are now.

    Args:
        bundle: the files.
        folder: where they are.
    """

    bundle: Bundle
    folder: Path

    def spec(self, spec: InstanceSpec) -> InstanceSpec:
        """Return a unit of work whose paths lead to the files where they are now."""
        target = spec.target
        moved = replace(
            target,
            root=self._path(target.root) if target.root else None,
            layers=tuple(map(self._path, target.layers)),
            variables={name: self._value(value) for name, value in target.variables.items()},
            raw=self._value(target.raw),
        )
        return replace(spec, target=moved)

    def report(self, report: InstanceReport) -> InstanceReport:
        """Return a report that names files as the machine does that packed them."""
        return replace(
            report,
            problems=tuple(map(self._named, report.problems)),
            warnings=tuple(map(self._named, report.warnings)),
        )

    def _path(self, path: Path) -> Path:
        return self.folder / path.relative_to(self.bundle.base) if path.is_relative_to(self.bundle.base) else path

    def _value(self, value: Any) -> Any:
        if isinstance(value, Tagged):
            origin = Origin(self._path(value.origin.path), value.origin.shown, self._path(value.origin.root))
            return replace(value, origin=origin, argument=self._value(value.argument))
        if isinstance(value, LocatedMap):
            moved = LocatedMap(value.at)
            for key, item in value.items():
                moved.put(key, self._value(item), value.keys_at[key], value.values_at[key])
            return moved
        if isinstance(value, LocatedList):
            items = LocatedList(value.at)
            items += map(self._value, value)
            items.items_at = value.items_at
            return items
        return value

    def _named(self, value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(f"{self.folder}/", self.bundle.shown)
        if isinstance(value, dict):
            return {key: self._named(item) for key, item in value.items()}
        return value
