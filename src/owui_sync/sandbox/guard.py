"""Stops a sandbox when its owner is gone, however that ended: `python -m owui_sync.sandbox.guard NAME`.

A test runner can be killed, or end itself without its `finally` blocks; the server must not stay behind then.
"""

from __future__ import annotations

import sys
import time

from owui_sync.sandbox.errors import NotRunning
from owui_sync.sandbox.server import down
from owui_sync.sandbox.state import find

_INTERVAL = 1.0


def watch(name: str, interval: float = _INTERVAL) -> None:
    """Wait until the sandbox is gone; look at its owner every `interval` seconds."""
    while (record := find(name)) and record.owner:
        if not record.owner.alive:
            try:
                down(name)
            except NotRunning:
                return
        time.sleep(interval)


if __name__ == "__main__":
    watch(sys.argv[1])
