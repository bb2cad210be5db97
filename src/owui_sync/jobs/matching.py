"""Regular expressions on answers, with a limit: some take longer than anybody lives on a text that nearly fits.

Nothing in a process stops an expression once it began, neither Ctrl-C nor a time-out, and compiling one may take as
long as searching. So each runs in a process of its own, which can be ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys

from owui_sync.errors import OwuiSyncError

SECONDS = 5.0
"""For one expression on one answer."""

_FOUND, _NOT_FOUND = 10, 11
# The alarm is for a child whose parent was killed.
_PROGRAM = f"""
import json, re, signal, sys
if hasattr(signal, "alarm"):
    signal.alarm({2 * SECONDS:.0f})
expression, text = json.load(sys.stdin)
sys.exit({_FOUND} if re.search(expression, text) else {_NOT_FOUND})
"""


async def is_found(expression: str, text: str, seconds: float = SECONDS) -> bool | None:
    """Return whether a regular expression matches anywhere in a text; None if that is not known within `seconds`.

    Raises:
        OwuiSyncError: it could not be tried.
    """
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-c", _PROGRAM),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # A Ctrl-C is for us: the run finishes what is in flight.
    )
    try:
        async with asyncio.timeout(seconds):
            await child.communicate(json.dumps([expression, text]).encode())
    except TimeoutError:
        return None
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode not in (_FOUND, _NOT_FOUND):
        raise OwuiSyncError(f"the expression `{expression}` could not be tried: its process ended")
    return child.returncode == _FOUND
