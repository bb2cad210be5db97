"""Where the tool keeps what it can do without."""

from __future__ import annotations

import os
from pathlib import Path


def cache_dir() -> Path:
    """Return the cache folder: `$OWUI_SYNC_CACHE`, else `owui-sync` in `$XDG_CACHE_HOME` or in `~/.cache`."""
    if chosen := os.environ.get("OWUI_SYNC_CACHE"):
        return Path(chosen).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache").absolute() / "owui-sync"
