"""Which installation a server is, and whose token is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from owui_sync.client.api import users
from owui_sync.client.errors import Forbidden
from owui_sync.client.reader import Reader
from owui_sync.kinds.user import first_accounts
from owui_sync.values import digest


def instance_of(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return a digest that tells an installation from every other one, by id and creation time of its oldest account.

    Nobody can delete that account, and it says the same at every URL and after every upgrade.
    """
    known = {row["id"]: row for row in rows}
    if not (first := first_accounts(known.values())):
        return ""
    return "sha256:" + digest({"id": first[0], "created_at": known[first[0]]["created_at"]})


async def account_of(reader: Reader) -> str | None:
    """Return the id of the user of the token; None where the server tells it to no API key. One or two requests."""
    try:
        return str((await users.session(reader))["id"])
    except Forbidden:
        return None
