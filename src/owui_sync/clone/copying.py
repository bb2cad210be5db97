"""Makes the plan of a copy: what the source has, as manifests, for the destination."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.reader import Reader
from owui_sync.clone.adapting import Adaptation, is_empty
from owui_sync.clone.comparison import STACK
from owui_sync.clone.secrets import stand_in, with_copied_secrets, with_known_secrets
from owui_sync.errors import OwuiSyncError, UnsafePlan
from owui_sync.export.content import chosen, content_of, wanted
from owui_sync.export.download import save
from owui_sync.export.folder import MANIFESTS, write
from owui_sync.export.read import read_for_export
from owui_sync.kinds.write import Progress
from owui_sync.manifest.desired import Desired
from owui_sync.manifest.load import load
from owui_sync.manifest.tags.environment import read_secret
from owui_sync.observe import observe
from owui_sync.observe.details import complete
from owui_sync.observe.hidden import warn_of_hidden
from owui_sync.plan.options import Options
from owui_sync.plan.snapshot import Snapshot
from owui_sync.resolve.select import Selection, exactly
from owui_sync.values import LocalFile, Position


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """What is to be copied, and what may happen to the destination.

    Args:
        source: name of the target that is copied.
        selection: what is copied.
        delete: delete what only the destination has.
        create_users: make missing accounts.
        allow_missing_secrets: leave fields out whose secret is not set.
        copy_secrets: take the secrets from the source, not from the environment.
    """

    source: str
    selection: Selection
    delete: bool = False
    create_users: bool = False
    allow_missing_secrets: bool = False
    copy_secrets: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """What a run needs to make the copy.

    Args:
        desired: what the destination is to have.
        options: how to plan it.
        warnings: what is not copied, and why.
        into_empty: the destination has nothing of its own yet.
    """

    desired: Desired
    options: Options
    warnings: tuple[str, ...]
    into_empty: bool


def check_addresses(source: str, destination: str) -> None:
    """Raise UnsafePlan where both URLs are the same."""
    if source.rstrip("/").lower() == destination.rstrip("/").lower():
        raise UnsafePlan(f"source and destination have the same address: {source}", hint="name two servers")


async def prepare_copy(
    request: CopyRequest, reader: Reader, destination: Reader, folder: Path, tell: Callable[[str, Progress], None]
) -> Copy:
    """Read both servers and write the manifests and files of the source into a new folder. Changes no server.

    Args:
        request: what is to be copied.
        reader: of the source.
        destination: reads the destination.
        folder: an empty one; it has to stay until the copy is made.
        tell: told how far the files are.

    Raises:
        UnsafePlan: both are one server, or deletes are asked for and the source hides objects.
        ManifestError: secrets are not set; names all of them.
        OwuiSyncError: there is nothing to copy.
    """
    selection = request.selection
    found, there = await gather_or_cancel(
        read_for_export(reader, selection), observe(destination, STACK, wanted(selection), lambda _: False)
    )
    _check_instances(found, there)
    both = [live for address in found.objects for live in there.objects.get(address, ()) if address in selection]
    there = await complete(destination, there, [live for live in both if live.unknown], {})
    lives = chosen(found, selection)
    trees, _ = await save(reader, lives, folder, tell, for_itself=False)
    content = content_of(found, selection, None, trees, every_secret=request.copy_secrets)
    if not request.copy_secrets:
        content = with_known_secrets(content, allow_missing=request.allow_missing_secrets)
    if not content.items and not content.rules:
        raise OwuiSyncError("there is nothing to copy", hint="check the selection (--only, --exclude)")
    write(content, folder)
    secret = stand_in if request.copy_secrets else read_secret
    desired = _within(folder, load([folder / MANIFESTS], root=folder, stack=STACK, secret=secret))
    if request.copy_secrets:
        desired = with_copied_secrets(desired, lives)
    if request.delete and (hidden := await warn_of_hidden(reader, found)):
        raise UnsafePlan(f"--delete needs to see all of the source: {hidden[0]}")
    adaptation = Adaptation(found, there, selection, request.create_users, request.delete, request.copy_secrets)
    desired = adaptation.adapted(desired)
    selection = _without_orphans(selection, desired, there)
    options = Options(selection, delete=request.delete, message=f"copied from {request.source}", jobs=False, claim=True)
    return Copy(desired, options, content.warnings, is_empty(there))


def _check_instances(source: Snapshot, destination: Snapshot) -> None:
    if source.server.instance and source.server.instance == destination.server.instance:
        raise UnsafePlan(
            f"{source.server.url} and {destination.server.url} are the same server", hint="name two servers"
        )


def _within(folder: Path, desired: Desired) -> Desired:
    """Return the manifests with places as in an export, as the folder is gone when a person reads of them."""

    def place(position: Position) -> Position:
        return replace(position, file=position.file.removeprefix(f"{folder}/"))

    def named(value: Any) -> Any:
        if isinstance(value, LocalFile):
            source = replace(value.source, path=value.source.path.removeprefix(f"{folder}/"))
            return LocalFile(value["path"], source, value.open, value.text)
        return [named(item) for item in value] if type(value) is list else value

    entries = {
        address: replace(
            entry,
            values={path: named(value) for path, value in entry.values.items()},
            source=place(entry.source),
            positions={path: place(position) for path, position in entry.positions.items()},
        )
        for address, entry in desired.entries.items()
    }
    return replace(desired, entries=entries)


def _without_orphans(selection: Selection, desired: Desired, destination: Snapshot) -> Selection:
    """Return the selection without what an earlier copy made and is not copied now, but for what is to be deleted."""
    gone = {absent.address for absent in desired.absent}
    left = [
        address for address in destination.inventory.records if address not in desired.entries and address not in gone
    ]
    return replace(selection, exclude=(*selection.exclude, *map(exactly, left)))
