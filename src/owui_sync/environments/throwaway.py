"""A sandbox that lasts as long as a block of code, and not a moment longer, however that ends."""

from __future__ import annotations

import os
import secrets
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from owui_sync.environments.checks import Tell
from owui_sync.sandbox import Sandbox, Setup, down, up
from owui_sync.sandbox.errors import NotRunning
from owui_sync.sandbox.state import scratch_of

_FIRST_PORT = 18080
_PORTS = 5000
"""Away from 8080, where a person's own server may be, and below the ports of outgoing connections. Each begins to look
somewhere else: those of another cache folder do not know which ports are about to be used."""


@contextmanager
def throwaway(purpose: str, version: str, setup: Setup, tell: Tell) -> Iterator[Sandbox]:
    """Start a sandbox with an empty data folder, and remove it at the end of the block.

    If this process is killed, the guard of the sandbox removes it. Its name is nobody else's, so that any number of
    them can run at once.

    Args:
        purpose: begins its name.
        version: of Open WebUI; installed first if need be.
        setup: models of the provider and the like.
        tell: told how the start goes.

    Raises:
        SandboxError: it cannot be started.
    """
    name = f"{purpose}-{os.getpid()}-{secrets.token_hex(3)}"
    first_port = _FIRST_PORT + secrets.randbelow(_PORTS)
    with _ended_by_signals():
        try:
            yield up(version, name=name, first_port=first_port, setup=setup, owner=os.getpid(), progress=tell)
        finally:
            with suppress(NotRunning):
                down(name)


def new_folder(sandbox: Sandbox, purpose: str) -> Path:
    """Return a new empty folder, which is removed with the sandbox, however that ends; `purpose` begins its name."""
    return Path(tempfile.mkdtemp(dir=scratch_of(sandbox.name), prefix=f"{purpose}-"))


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Within the block, SIGTERM ends it in good order as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
