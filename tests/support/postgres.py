"""A PostgreSQL server of a test run's own, on loopback; `python -m tests.support.postgres` says whether there is one.

The server refuses to run as root, so that it runs as the package's user there.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from owui_sync.sandbox.ports import HOST, first_free

MISSING = "PostgreSQL is not on this machine: apt-get install postgresql"
_PACKAGED = Path("/usr/lib/postgresql")
_FIRST_PORT = 15432
_SETTINGS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=200"


def programs() -> Path:
    """Return the folder of `initdb` and `pg_ctl`.

    Raises:
        FileNotFoundError: PostgreSQL is not installed; the message names the package.
    """
    if found := shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    # Debian keeps them out of PATH, one folder for each version.
    packaged = sorted(_PACKAGED.glob("*/bin/pg_ctl"), key=lambda path: int(path.parents[1].name))
    if not packaged:
        raise FileNotFoundError(MISSING)
    return packaged[-1].parent


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server with an empty database; give its URL. It is stopped and removed at the end."""
    folder, user = programs(), "postgres" if os.geteuid() == 0 else getpass.getuser()
    base = Path(tempfile.mkdtemp(prefix="owui-sync-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(base, user)
        data, port = base / "data", first_free(_FIRST_PORT)
        _run(user, folder / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
        options = f"-p {port} {_SETTINGS}"
        _run(user, folder / "pg_ctl", "-D", data, "-l", base / "log", "-o", options, "-w", "-t", "60", "start")
        try:
            yield f"postgresql+psycopg://postgres@{HOST}:{port}/postgres"
        finally:
            _run(user, folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _run(user: str, *command: str | Path) -> None:
    # Its output goes to a file: the server would keep a pipe open.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command,
            cwd="/",
            user=user if os.geteuid() == 0 else None,
            group=user if os.geteuid() == 0 else None,
            extra_groups=[] if os.geteuid() == 0 else None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
        output.seek(0)
        assert done.returncode == 0, f"{command[0]}: {output.read()}"


if __name__ == "__main__":
    try:
        print(f"PostgreSQL: {programs()}")
    except FileNotFoundError as error:
        sys.exit(str(error))
