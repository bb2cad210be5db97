"""Brings the files that objects hold to the disk, and says of each object how a manifest can name them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from owui_sync.client.concurrency import each
from owui_sync.client.errors import NotFound
from owui_sync.client.reader import Reader
from owui_sync.errors import OwuiSyncError
from owui_sync.export.entry_names import EntryNames, safe
from owui_sync.export.tree import Tree, arranged, problem
from owui_sync.kinds import KINDS
from owui_sync.kinds.files.holder import FileHolder
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row
from owui_sync.kinds.write import Progress
from owui_sync.manifest.files.digests import Digest, digests
from owui_sync.manifest.files.gitignore import GitIgnore, repository
from owui_sync.manifest.files.globs import FileFilter
from owui_sync.manifest.files.walk import Walk
from owui_sync.wording import listed_briefly

_AT_A_TIME = 8
_NAMED = 3
"""So many files are named where several have the same trouble."""


async def save(
    reader: Reader,
    lives: Iterable[ObservedResource],
    folder: Path,
    tell: Callable[[str, Progress], None],
    *,
    everything: bool = True,
    for_itself: bool = True,
) -> tuple[dict[tuple[str, str], Tree], int]:
    """Save all files of objects that are known in full, below `folder`. At most one request a file.

    Args:
        tell: told how far the files of an object are, by its address.
        everything: also the files that have to be read one by one.
        for_itself: a plan of the result for the same server is to change nothing, so it must know the digests.

    Returns:
        Kind and id -> the tree of each object that holds files, and how many files were saved.

    Raises:
        ClientError: anything but a missing original.
        OwuiSyncError: the disk does not take them.
    """
    names = EntryNames()
    trees, count = {}, 0
    for live in lives:
        kind = KINDS[live.kind]
        if isinstance(kind, FileHolder) and (everything or kind.inline_files):
            object = _Object(reader, live, kind, folder, names, tell)
            trees[live.kind, live.id], saved = await object.save(for_itself)
            count += saved
    return trees, count


class _Object:
    """The files of one object on their way."""

    def __init__(
        self,
        reader: Reader,
        live: ObservedResource,
        kind: FileHolder,
        folder: Path,
        names: EntryNames,
        tell: Callable[[str, Progress], None],
    ) -> None:
        section, held = KINDS[live.kind].section, kind.stored_files(live.row)
        self._reader, self._held, self._top = reader, held, folder
        self._kind, self._row = kind, live.row
        self._own = f"{section}/{names.take(safe(live.key), '')}"
        self._aside = f"{section}/{names.take(safe(f'{live.key}-renamed'), '')}"
        self._paths = arranged({file["path"] for _, file in held}, self._own, self._aside)
        self._tell, self._address = tell, live.address
        self._files, self._bytes, self._whole = 0, 0, sum(file["size"] for _, file in held)

    async def save(self, for_itself: bool) -> tuple[Tree, int]:
        """Save the files and return their tree and how many there are."""
        wanted = {file["path"]: (id, file) for id, file in self._held}
        saved = await each(self._save, wanted.items(), _AT_A_TIME)
        there = {place: self._top / self._paths[place] for place, done in zip(wanted, saved, strict=True) if done}
        sums = await asyncio.to_thread(digests, [str(path.absolute()) for path in there.values()])
        trouble = problem([file for _, file in self._held], self._kind.distinct_files) or _trouble(
            [place for place in wanted if place not in there],
            [place for place, path in there.items() if _unlike(wanted[place][1], sums[str(path.absolute())])],
            [place for place in there if for_itself and not wanted[place][1]["sha256"]],
        )
        renamed = {place: path for place, path in self._paths.items() if path.startswith(f"{self._aside}/")}
        plain = len(there.keys() - renamed.keys())
        return Tree(self._own, renamed, not plain, bool(plain) and self._ignored(plain), trouble), len(there)

    async def _save(self, wanted: tuple[str, tuple[str, Row]]) -> bool:
        place, (id, file) = wanted
        path = self._top / self._paths[place]
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            await self._kind.save_file(self._reader, self._row, id, path, file["size"])
        except NotFound:
            path.unlink(missing_ok=True)
            return False
        except OSError as error:
            raise OwuiSyncError(f"cannot write {path}: {error.strerror}") from None
        finally:
            self._count(file["size"])
        return True

    def _count(self, size: int) -> None:
        self._files, self._bytes = self._files + 1, self._bytes + size
        self._tell(self._address, Progress(self._files, len(self._held), self._bytes, self._whole))

    def _ignored(self, count: int) -> bool:
        """Return whether git's rules would leave out any of so many files."""
        folder = str((self._top / self._own).resolve())
        rules = GitIgnore.at(repository(folder, str(self._top.resolve())))
        return len(Walk(folder, FileFilter(), bool, rules).names()) < count


def _unlike(file: Row, digest: Digest | OSError) -> bool:
    return bool(file["sha256"]) and not (isinstance(digest, Digest) and digest.sha256 == file["sha256"])


def _trouble(gone: Sequence[str], unlike: Sequence[str], unknown: Sequence[str]) -> str | None:
    """Return why a plan of what was saved would change the server, or None."""
    if gone:
        return f"the server no longer has the original of {_listed(gone)}"
    if unlike:
        return f"the server gives other bytes than were uploaded for {_listed(unlike)}"
    if unknown:
        return f"the server does not know the digest of {_listed(unknown)}, so a plan would upload what is there"
    return None


def _listed(places: Sequence[str]) -> str:
    return listed_briefly([f"`{place}`" for place in sorted(places)], _NAMED)
