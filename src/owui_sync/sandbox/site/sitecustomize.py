"""What the Python of a sandbox's server runs before anything else: it finds this file by `PYTHONPATH`.

Nothing of the server reaches beyond this machine: whatever a manifest names, no webhook is called and no page is read.
Only the standard library is at hand here.
"""

from __future__ import annotations

import errno
import gc
import ipaddress
import sys
from typing import Any

_LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname")
_SENDS = ("socket.connect", "socket.sendto", "socket.sendmsg")


def _stays_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if not isinstance(host, str) or host in {"", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _LOOKUPS:
        host = arguments[0]
    elif event in _SENDS and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _stays_here(host):
        raise OSError(errno.ENETUNREACH, f"a sandbox does not reach beyond this machine: {host}")


# uvloop connects in C, past every hook.
sys.modules["uvloop"] = None  # type: ignore[assignment]
sys.addaudithook(_watch)
# A third of the time that a server takes to start goes into looking at the objects of its imports over and over.
gc.set_threshold(100_000, 50, 100)
