"""Who holds a lock: enough to name the run to a person, and to know for certain that a run on this machine is dead."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


def describe() -> dict[str, Any]:
    """Describe this process: `user`, `host`, `pid`, and on Linux `space` (the space of its pid) and `started`."""
    return {
        "user": _user(),
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "space": _space(),
        "started": _started(os.getpid()),
    }


def is_dead(holder: Mapping[str, Any]) -> bool:
    """Return whether the process is certainly gone. Only said of one that counted its processes where we do."""
    space, pid = holder.get("space"), holder.get("pid")
    if not space or space != _space() or not isinstance(pid, int):
        return False
    return _started(pid) != holder.get("started")


def name(holder: Mapping[str, Any]) -> str:
    """For a message: `alice on ci-7, process 123`."""
    return f"{holder.get('user', 'somebody')} on {holder.get('host', 'some machine')}, process {holder.get('pid', '?')}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def _space() -> str | None:
    """Return boot and process namespace: two processes with equal values see the same process numbers."""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    return None


def _started(pid: int) -> str | None:
    """When a process started, in clock ticks since boot: tells a process from a later one with its number."""
    with suppress(OSError, IndexError):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        state, *rest = stat.rpartition(")")[2].split()
        return None if state in "ZX" else rest[18]
    return None
