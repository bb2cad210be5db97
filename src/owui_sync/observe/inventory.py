"""Reads inventories from the server: this stack's, and those of other stacks when they may own what we want."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from owui_sync.client.api import files, users
from owui_sync.client.api.files import FileRow
from owui_sync.client.api.users import UserRow
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.reader import Reader
from owui_sync.plan.inventory import Inventory, file_name, parse

_GLOB = file_name("*")


@dataclass(frozen=True, slots=True)
class UntrustedInventory:
    """A file that claims to be the inventory of a stack, and whose author is no administrator (any more).

    Args:
        id: of the file.
        author: id of the user who uploaded it.
        email: of that user; None where the account is gone.
    """

    stack: str
    id: str
    author: str
    email: str | None

    @property
    def author_words(self) -> str:
        """Who wrote it, for a person."""
        return (
            f"{self.email}, who is no administrator now" if self.email else f"an account that is gone ({self.author})"
        )

    @property
    def words(self) -> str:
        """What happened and what to do about it."""
        return (
            f"file {self.id} claims to be the inventory of stack {self.stack!r}, but its author "
            f"({self.email or 'an account that is gone'}, user {self.author}) is no administrator: it is ignored, and "
            "nobody owns what it lists; if the author was one when it was written, "
            f"`owui-sync state adopt --stack {self.stack}` takes it over after a look, else delete the file"
        )


async def list_files(reader: Reader) -> list[FileRow]:
    """Return all files that claim to be an inventory, whoever made them. One request."""
    return [row for row in await files.search(reader, _GLOB) if _stack(row)]


async def read_stacks(reader: Reader) -> tuple[dict[str, list[FileRow]], list[UntrustedInventory]]:
    """Return stack -> the files of its inventory, and the files that do not count. Two requests."""
    found, known = await gather_or_cancel(list_files(reader), users.list_all(reader))
    return by_stack(found, known)


def by_stack(
    rows: Iterable[FileRow], accounts: Iterable[UserRow]
) -> tuple[dict[str, list[FileRow]], list[UntrustedInventory]]:
    """Return stack -> the files of its inventory, and the files that are not to be believed.

    An inventory is a licence to delete, and every user may upload files of any name: only an administrator's counts.

    Args:
        accounts: all users as they are now.
    """
    known = {row["id"]: row for row in accounts}
    stacks: dict[str, list[FileRow]] = defaultdict(list)
    disowned = []
    for row in rows:
        author = known.get(row.get("user_id", ""))
        if author is not None and author["role"] == "admin":
            stacks[_stack(row)].append(row)
        else:
            email = author["email"] if author else None
            disowned.append(UntrustedInventory(_stack(row), row["id"], str(row.get("user_id")), email))
    return dict(stacks), disowned


def _stack(row: FileRow) -> str:
    """Return the stack whose inventory a file claims to be; empty for other files."""
    prefix, suffix = _GLOB.split("*")
    name = row["filename"]
    return name[len(prefix) : -len(suffix)] if name.startswith(prefix) and name.endswith(suffix) else ""


async def read_inventory(reader: Reader, stack: str, rows: Iterable[FileRow]) -> tuple[Inventory, list[str]]:
    """Return the newest valid inventory among the files, and warnings. One request a file, and there is one as a rule.

    A file that is damaged is passed over: without an inventory objects are adopted again, and nothing is deleted.
    Where two runs wrote at the same time, since one of them lost the lock, the newest counts, and what only the other
    one knows is added: it may be all that is known of an object that is there.
    """
    warnings: list[str] = []
    found: list[Inventory] = []
    rows = sorted(rows, key=lambda row: (row.get("created_at") or 0, row["id"]), reverse=True)
    ids = [row["id"] for row in rows]
    for id, content in zip(ids, await gather_or_cancel(*(files.download(reader, id) for id in ids)), strict=True):
        try:
            found.append(parse(content, stack))
        except ValueError as error:
            warnings.append(f"inventory file {id} of stack {stack!r} cannot be used ({error}); it is passed over")
    newest, *others = sorted(found or [Inventory(stack)], key=lambda inventory: inventory.serial, reverse=True)
    for other in others:
        if not newest.knows(other):
            newest = newest.joined(other)
            warnings.append(
                f"two runs of stack {stack!r} wrote its inventory at the same time: what each of them knows is joined"
            )
    return newest.stored_in(*ids), warnings
