"""Where sandboxes keep what they keep, and the locks that let several commands share it.

<cache>/sandbox/<version>/          an installed Open WebUI
<cache>/sandbox/.state/<name>.json  a running sandbox (mode 0600: it holds an API key)
<cache>/sandbox/.run/<name>/        its scratch folder, gone when it stops
<cache>/sandbox/.snapshot/<name>/   a snapshot (mode 0700: it holds an API key)
<cache>/sandbox/.log/               logs of installs and servers
<cache>/sandbox/.lock/              lock files
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from owui_sync.cache import cache_dir


def sandbox_dir(*parts: str) -> Path:
    """Return a path below the cache's `sandbox` folder."""
    return cache_dir().joinpath("sandbox", *parts)


def private_folder(path: Path) -> Path:
    """Make the folder, readable by its owner only, if it is not there."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def write_private(path: Path, text: str) -> None:
    """Replace the file in one step; nobody but its owner can read it at any moment."""
    private_folder(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


@contextmanager
def locked(name: str) -> Iterator[int]:
    """Hold the lock of that name; waits for other processes and threads, and a crash releases it.

    Gives the lock's file descriptor: a child process that inherits it keeps the lock when we are killed.
    """
    path = private_folder(sandbox_dir(".lock")) / f"{name}.lock"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()
