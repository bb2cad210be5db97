"""The git commit that manifests are of: the default message for the server's histories."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from owui_sync.inputs import real

_PATIENCE = 10.0
"""Seconds that git gets; the message is not worth more."""


def commit(paths: Sequence[Path]) -> str | None:
    """Short hash of the commit that the layers are of, with `-dirty` when one of them differs from it.

    The repository is that of the first layer; layers elsewhere are not looked at. None without git, without a
    repository or without a commit.
    """
    if not paths:
        return None
    first = real(paths[0])
    folder = first if first.is_dir() else first.parent
    head = git(folder, "rev-parse", "--short", "HEAD")
    top = git(folder, "rev-parse", "--show-toplevel")
    if not head or not top:
        return None
    here = [str(real(path)) for path in paths if real(path).is_relative_to(top)]
    changed = git(folder, "status", "--porcelain", "--", *here)
    return f"{head}-dirty" if changed else head


def is_tracked(paths: Sequence[Path], folder: Path) -> bool | None:
    """Return whether git has each of these paths, or something in it; None when the folder is in no repository."""
    if git(folder, "rev-parse", "--show-toplevel") is None:
        return None
    return git(folder, "ls-files", "--error-unmatch", "--", *(str(real(path)) for path in paths)) is not None


def git(folder: Path, *arguments: str) -> str | None:
    """Return what git prints in a folder; None without git, or where it refuses."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), "--no-optional-locks", *arguments],
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
