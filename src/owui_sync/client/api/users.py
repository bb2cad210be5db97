"""Users: all of them, their groups, and the one behind the token."""

from __future__ import annotations

from owui_sync.client.errors import Forbidden, PartialList
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, as_rows

_ALL = "/api/v1/users/all"
_PAGES = "/api/v1/users/"
_STATUS = "/api/v1/users/user/status"
_SESSION = "/api/v1/auths/"


async def list_all(reader: Reader) -> list[Row]:
    """All users, briefly: `id`, `name`, `email`, `role`, `bio`, `timezone`, `last_active_at`, status fields.

    One request for any number; administrators only. The rows lack the image, and their `groups` are always empty:
    `pages` has memberships.
    """
    answer = as_row(await reader.get(_ALL), "GET", _ALL)
    rows = as_rows(answer.get("users"), "GET", _ALL)
    if len(rows) != answer.get("total"):
        raise PartialList(_ALL, len(rows), int(answer.get("total") or 0))
    return rows


async def pages(reader: Reader) -> list[Row]:
    """All users in full, newest first, each with `group_ids`: the groups that have the user as a direct member.

    The cheapest way to learn the members of all groups: one request for 30 users; administrators only.
    `updated_at` never moves; `oauth` and `scim` name foreign identities.
    """
    return await reader.pages(_PAGES, rows="users")


async def session(reader: Reader) -> Row:
    """The user behind the token: `id`, `email`, `name`, `role` (`admin`, `user`), nothing else. One or two requests.

    The route of the web page for this (`GET /auths/`) refuses API keys on 0.12.4. `GET /users/user/status` gives the
    user's row to keys and JWTs on all tested versions, but not where user status is switched off (403, since 0.8);
    then the first one is tried, which still serves JWTs, and API keys up to 0.11.4.

    Raises:
        Unauthorized: the token is wrong.
        Forbidden: API keys are switched off or restricted, the user is still `pending`, or none of the two routes
            is open to this token.
    """
    try:
        path = _STATUS
        row = as_row(await reader.get(path), "GET", path)
    except Forbidden as refused:
        if refused.status != 403:
            raise
        path = _SESSION
        row = as_row(await reader.get(path), "GET", path)
    # The answers also hold the token itself and settings; neither is anybody's business.
    return {name: row.get(name) for name in ("id", "email", "name", "role")}
