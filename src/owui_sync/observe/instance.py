"""Which installation a server is, and whose token is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from owui_sync.client.api import users
from owui_sync.client.errors import Forbidden
from owui_sync.client.reader import Reader
from owui_sync.kinds.user import first_account
from owui_sync.values import digest


def instance_of(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return a digest that tells an installation from every other one, by id and creation time of its oldest account.

    Nobody can delete that account, and it says the same at every URL and after every upgrade.
    """
    known = {row["id"]: row for row in rows}
    first = first_account(known.values())
    return "" if first is None else "sha256:" + digest({"id": first, "created_at": known[first]["created_at"]})


async def account_of(reader: Reader) -> str | None:
    """Return the id of the user of the token; None where the server tells it to no API key. One or two requests."""
    try:
        return str((await users.session(reader))["id"])
    except Forbidden:
        return None
