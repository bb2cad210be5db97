"""The manifests of another commit, for the state that a change begins with."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from owui_sync.errors import OwuiSyncError, UsageError
from owui_sync.inputs import real
from owui_sync.manifest.git import git

_PATIENCE = 300.0
"""Seconds that git may take to write the files of a commit."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the repository that the manifests are in.

    Args:
        ref: as it was named.
        id: full hash.
        top: folder of the repository.
    """

    ref: str
    id: str
    top: Path

    @property
    def words(self) -> str:
        """The commit for a person."""
        return f"{self.ref} ({self.id[:7]})" if self.ref != self.id else self.id[:7]

    def write(self, folder: Path) -> None:
        """Write all files of the commit into a new folder; the repository and its index stay as they are.

        Raises:
            OwuiSyncError: git cannot; in its words.
        """
        tree = folder / "tree"
        (tree / ".git").mkdir(parents=True)  # Files of the project may be named from here on, as in the repository.
        environment = {**os.environ, "GIT_INDEX_FILE": str(folder / "index")}
        for words in (["read-tree", self.id], ["checkout-index", "--all", f"--prefix={tree}/"]):
            done = subprocess.run(
                ["git", "-C", str(self.top), *words],
                env=environment,
                capture_output=True,
                text=True,
                timeout=_PATIENCE,
                check=False,
            )
            if done.returncode:
                raise OwuiSyncError(f"the files of {self.words} cannot be had: {done.stderr.strip()}")

    def path(self, folder: Path, path: Path) -> Path:
        """Return where a path of the repository is in the folder of `write`.

        Raises:
            UsageError: it is outside the repository.
        """
        if not real(path).is_relative_to(real(self.top)):
            raise UsageError(f"{path} is not in the repository {self.top}", hint="--base needs the manifests in git")
        return folder / "tree" / real(path).relative_to(real(self.top))


def commit_of(ref: str, paths: Sequence[Path]) -> Commit:
    """Return the commit that a reference names in the repository of these paths.

    Raises:
        UsageError: there is no repository, or no such commit in it.
    """
    first = real(paths[0])
    folder = first if first.is_dir() else first.parent
    top = git(folder, "rev-parse", "--show-toplevel")
    if top is None:
        raise UsageError(f"--base {ref}: {folder} is in no git repository")
    found = git(folder, "rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}")
    if found is None:
        hint = "in CI, fetch it first: `fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` of GitLab"
        raise UsageError(f"--base: the repository has no commit {ref!r}", hint=hint)
    return Commit(ref, found, Path(top))
