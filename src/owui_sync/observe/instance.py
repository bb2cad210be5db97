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


def salt_for(stack: str, rows: Iterable[Mapping[str, Any]]) -> str | None:
    """Return the salt of the first inventory of a stack, in hex; None where the oldest account is not known.

    A saved plan holds fingerprints of secrets for the inventory that its apply writes, so both must come to the same
    salt, which no plan may tell. The id of that account is in none, and its digest in `instance_of` does not give it.
    """
    first = first_accounts(rows)
    return digest({"salt of": stack, "id": first[0]})[:32] if first else None


async def account_of(reader: Reader) -> str | None:
    """Return the id of the user of the token; None where the server tells it to no API key. One or two requests."""
    try:
        return str((await users.session(reader))["id"])
    except Forbidden:
        return None
