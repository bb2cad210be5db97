"""Free ports on loopback, and who holds one that is not."""

from __future__ import annotations

import socket
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

HOST = "127.0.0.1"

_PROC = Path("/proc/net/tcp")
_LISTEN = "0A"


def is_free(port: int) -> bool:
    """Return whether a server could listen on that port of loopback now."""
    with socket.socket() as probe:
        # As servers do; without it a port would count as taken for a minute after its server stopped.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def accepts(port: int) -> bool:
    """Return whether a process takes connections on that port of loopback."""
    try:
        socket.create_connection((HOST, port), timeout=1.0).close()
    except OSError:
        return False
    return True


def first_free(start: int, taken: Container[int] = ()) -> int:
    """Return the first port from `start` on that is free and not in `taken`.

    Counting from a fixed start keeps clear of the ports that the system hands to outgoing connections,
    one of which could take the place before the server listens.
    """
    return next(port for port in range(start, 65536) if port not in taken and is_free(port))


def holder(port: int) -> str | None:
    """Return the process that listens on the port, as `name (pid N)`; None if that cannot be found out."""
    sockets = _listening(port)
    for process in Path("/proc").glob("[0-9]*") if sockets else ():
        if sockets & _sockets(process):
            return f"{(process / 'comm').read_text().strip()} (pid {process.name})"
    return None


def listens(pid: int, port: int) -> bool:
    """Return whether it is that process that listens on the port; taken for granted on a system that does not tell."""
    return not _PROC.exists() or bool(_listening(port) & _sockets(Path(f"/proc/{pid}")))


def is_taken_from(pid: int, port: int) -> bool:
    """Return whether another process listens on the port; never on a system that does not tell."""
    sockets = _listening(port)
    return bool(sockets) and not sockets & _sockets(Path(f"/proc/{pid}"))


def _listening(port: int) -> set[str]:
    inodes = set()
    for table in (_PROC, _PROC.with_name("tcp6")):
        rows = table.read_text().splitlines()[1:] if table.exists() else []
        for fields in map(str.split, rows):
            local, state, inode = fields[1], fields[3], fields[9]
            if state == _LISTEN and int(local.rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{inode}]")
    return inodes


def _sockets(process: Path) -> set[str]:
    found = set()
    # Another user's process does not tell, and one that runs opens and closes files while we look.
    with suppress(OSError):
        for fd in (process / "fd").iterdir():
            with suppress(FileNotFoundError):
                found.add(str(fd.readlink()))
    return found
