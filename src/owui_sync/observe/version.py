"""Which versions of the server can be managed."""

from __future__ import annotations

from owui_sync.client.versions import TESTED, Version
from owui_sync.errors import OwuiSyncError

OLDEST = TESTED[0]
"""Nothing is known about older ones."""


def check_version(version: Version) -> tuple[str, ...]:
    """Return the warnings about the server's version. Raises OwuiSyncError for one that cannot be managed.

    A version between two tested ones is handled as the older of them (`owui_sync.client.capabilities`).
    """
    if version < OLDEST:
        raise OwuiSyncError(
            f"the server runs Open WebUI {version}, and owui-sync manages servers from {OLDEST} on",
            hint=f"upgrade the server to {OLDEST}",
        )
    if version > TESTED[-1]:
        return (f"Open WebUI {version} is newer than the newest version that owui-sync is tested with, {TESTED[-1]}",)
    return ()
