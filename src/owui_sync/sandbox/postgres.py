"""A PostgreSQL server of a sandbox's own, on loopback, with the programs that are on this machine.

PostgreSQL refuses to run as root; there it runs as the package's user, in a folder that this user can reach.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from owui_sync.sandbox.errors import DatabaseMissing, StartFailed
from owui_sync.sandbox.install import is_before
from owui_sync.sandbox.ports import HOST
from owui_sync.sandbox.processes import Process, spawn

_PACKAGED = Path("/usr/lib/postgresql")
_ROLE = "postgres"
_SETTINGS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=200")
_PATIENCE = 120.0
"""Seconds that a new database may take."""
_FIRST_RELEASE = (0, 9)
"""Open WebUI brings a driver of its own from this release on."""


def programs() -> Path:
    """Return the folder of `initdb` and `postgres`.

    Raises:
        DatabaseMissing: PostgreSQL is not installed.
    """
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    # Debian keeps them out of PATH, one folder for each version.
    packaged = sorted(_PACKAGED.glob("*/bin/initdb"), key=lambda path: int(path.parents[1].name))
    if not packaged:
        raise DatabaseMissing(
            "PostgreSQL is not on this machine", hint="install the package `postgresql` (Debian, Ubuntu, Homebrew)"
        )
    return packaged[-1].parent


def check(version: str) -> None:
    """Raise DatabaseMissing unless that version of Open WebUI can be run on PostgreSQL here."""
    programs()
    if is_before(version, _FIRST_RELEASE):
        raise DatabaseMissing(
            f"Open WebUI {version} has no driver for PostgreSQL in its package",
            hint="use 0.9.0 or newer, or --database sqlite",
        )


def new_folder(scratch: Path) -> Path:
    """Return where the database of a new sandbox goes. Makes nothing.

    Root's own folders are closed to the user that PostgreSQL runs as, so that it gets one among the temporary files.
    """
    if not _is_root():
        return scratch / "postgresql"
    return Path(tempfile.gettempdir()) / f"owui-sync-postgresql-{secrets.token_hex(8)}"


def start(folder: Path, port: int, log: Path) -> Process:
    """Start the server of a folder, which gets an empty database if it has none.

    Raises:
        StartFailed: the database could not be made; with the words of `initdb`.
    """
    bin = programs()
    if not (folder / "PG_VERSION").exists():
        _make(bin, folder)
    # Left by a server that was copied or killed while it ran.
    (folder / "postmaster.pid").unlink(missing_ok=True)
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    command = [str(bin / "postgres"), "-D", str(folder), "-p", str(port), *settings]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
    return spawn(command, env=environment, cwd=Path("/"), log=log, user=_user())


def url(port: int) -> str:
    """Return the address of the database for Open WebUI."""
    return f"postgresql+psycopg://{_ROLE}@{HOST}:{port}/postgres"


def own(folder: Path) -> None:
    """Give a folder that was copied to the user that PostgreSQL runs as."""
    if user := _user():
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, user, user)


def _make(bin: Path, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True)
    own(folder)
    command = [str(bin / "initdb"), "-D", str(folder), "-U", _ROLE, "--auth=trust", "--encoding=UTF8", "--no-sync"]
    done = subprocess.run(
        command,
        cwd="/",
        user=_user(),
        group=_user(),
        extra_groups=[] if _user() else None,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode:
        raise StartFailed(f"no database could be made: {done.stderr.strip()}", where=str(folder))


def _is_root() -> bool:
    return os.geteuid() == 0


def _user() -> str | None:
    """Return the user that PostgreSQL runs as; None for the one that we run as."""
    return _ROLE if _is_root() else None
