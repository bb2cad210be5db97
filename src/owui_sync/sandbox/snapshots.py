"""Copies of the data of a sandbox, to begin others with."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from owui_sync.sandbox import postgres
from owui_sync.sandbox.errors import NotRunning, SnapshotProblem
from owui_sync.sandbox.paths import locked, private_folder, sandbox_dir, write_private
from owui_sync.sandbox.processes import frozen
from owui_sync.sandbox.setup import Setup
from owui_sync.sandbox.state import SandboxRecord, find


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The data of a sandbox at one moment.

    Attributes:
        name: what `up` calls it.
        version: the release of Open WebUI that wrote it.
        setup: how the sandbox was set up.
    """

    name: str
    version: str
    setup: Setup

    @property
    def data(self) -> Path:
        """The copy of the data folder."""
        return _folder(self.name) / "data"

    @property
    def database(self) -> Path:
        """The copy of PostgreSQL's folder."""
        return _folder(self.name) / "postgresql"


def take(name: str, sandbox: str = "default") -> Snapshot:
    """Copy the data of a sandbox that runs; a snapshot of that name is replaced once the new one is complete.

    Its processes stand still meanwhile, so that the copy is what a machine finds after its power went: the databases
    put that right when they start.

    Raises:
        NotRunning: no such sandbox runs.
        SnapshotProblem: the name cannot be used, or the copy cannot be written.
    """
    _check_name(name)
    record = find(sandbox)
    if record is None or record.condition != "running":
        raise NotRunning(f"no sandbox named {sandbox!r} runs", hint="`owui-sync sandbox up` starts one.")
    with locked(f"snapshot-{name}"):
        draft = private_folder(sandbox_dir(".snapshot")) / f".{name}.new"
        shutil.rmtree(draft, ignore_errors=True)
        try:
            with frozen(process for process in (record.server, record.database_server) if process):
                shutil.copytree(record.data, draft / "data", symlinks=True)
                if record.database_folder:
                    shutil.copytree(record.database_folder, draft / "postgresql")
            write_private(
                draft / "snapshot.json", json.dumps({"version": record.version, "setup": asdict(record.setup)})
            )
            draft.chmod(0o700)
            shutil.rmtree(_folder(name), ignore_errors=True)
            draft.rename(_folder(name))
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            raise SnapshotProblem(f"the snapshot cannot be written: {error}", where=str(draft)) from error
    return Snapshot(name, record.version, record.setup)


def find_snapshot(name: str) -> Snapshot:
    """Return the snapshot of that name.

    Raises:
        SnapshotProblem: there is none.
    """
    try:
        document = json.loads((_folder(name) / "snapshot.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(each.name for each in snapshots())
        hint = f"These are there: {known}" if known else "`owui-sync sandbox snapshot NAME` takes one."
        raise SnapshotProblem(f"there is no snapshot {name!r}", hint=hint) from None
    return Snapshot(name, document["version"], Setup.read(document["setup"]))


def snapshots() -> list[Snapshot]:
    """Return all snapshots, by name."""
    folders = sorted(path.parent for path in sandbox_dir(".snapshot").glob("[!.]*/snapshot.json"))
    return [find_snapshot(folder.name) for folder in folders]


def remove(name: str) -> None:
    """Delete a snapshot. Raises SnapshotProblem if there is none of that name."""
    find_snapshot(name)
    shutil.rmtree(_folder(name))


def restore(snapshot: Snapshot, record: SandboxRecord) -> None:
    """Copy a snapshot into the folders of a sandbox that is reserved and has not started.

    Raises:
        SnapshotProblem: its data folder has data already, or its databases are not those of the snapshot.
    """
    try:
        if record.data.exists() and any(record.data.iterdir()):
            raise SnapshotProblem("the data folder is not empty", where=str(record.data), hint="choose another --data")
        if (record.database_folder is not None) != (snapshot.setup.database == "postgresql"):
            raise SnapshotProblem(f"the snapshot {snapshot.name!r} is one of {snapshot.setup.database}")
        private_folder(record.data.parent)
        shutil.copytree(snapshot.data, record.data, symlinks=True, dirs_exist_ok=True)
        if record.database_folder:
            private_folder(record.database_folder.parent)
            shutil.copytree(snapshot.database, record.database_folder)
            postgres.own(record.database_folder)
    except OSError as error:
        raise SnapshotProblem(f"the snapshot cannot be copied: {error}", where=str(record.data)) from error


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise SnapshotProblem(f"{name!r} cannot name a snapshot", hint="Letters, digits, - and _ can.")


def _folder(name: str) -> Path:
    _check_name(name)
    return sandbox_dir(".snapshot", name)
