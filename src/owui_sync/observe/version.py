"""Which versions of the server can be managed."""

from __future__ import annotations

from owui_sync.client.versions import TESTED, Version
from owui_sync.errors import OwuiSyncError

OLDEST = Version(0, 12, 4)
"""Older ones lack routes, or write access in another way."""


def check_version(version: Version) -> tuple[str, ...]:
    """Warnings about the server's version. Raises OwuiSyncError for one that cannot be managed."""
    if version < OLDEST:
        raise OwuiSyncError(
            f"the server runs Open WebUI {version}, and owui-sync manages servers from {OLDEST} on",
            hint=f"upgrade the server to {OLDEST}",
        )
    if version > TESTED[-1]:
        return (f"Open WebUI {version} is newer than the newest version that owui-sync is tested with, {TESTED[-1]}",)
    return ()
