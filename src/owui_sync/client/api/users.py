"""Users: all of them, their groups, the one behind the token, and what all of them may do by default.

The server accepts any text as a role and an empty password: check both before sending them. The first account of a
server is its primary administrator: it can neither be deleted nor lose its role, and nobody else can change it. Up to
0.8.12 the server refuses that with 500, since 0.10 with 403; both come out as `Forbidden`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Required, TypedDict, cast

from owui_sync.client.errors import Forbidden, PartialList, ServerError
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, as_rows, segment
from owui_sync.client.writer import Writer

_ALL = "/api/v1/users/all"
_PAGES = "/api/v1/users/"
_STATUS = "/api/v1/users/user/status"
_SESSION = "/api/v1/auths/"
_ADD = "/api/v1/auths/add"
_NEEDS = ("id", "name", "email", "role")
_PERMISSIONS = "/api/v1/users/default/permissions"
_INITIAL = "/api/v1/users/default/permissions/defaults"

PAGE = 30
"""Users on one page of the list, on all tested versions."""

_PROTECTED = re.compile(r"restricted as a security measure|could not verify primary admin status", re.IGNORECASE)
_ADVICE = (
    "the first account of a server is its primary administrator: only its own token may change it, and it can neither "
    "be deleted nor lose its role; nobody can delete the account of the token itself"
)


class UserRow(TypedDict, total=False):
    """An account, as measured on servers of all tested versions. Not every answer has every key: see the functions.

    Keys:
        id: a UUID.
        name: the name that others see.
        email: in lower case, unique.
        role: `admin`, `user` or `pending`; any other text that was sent.
        profile_image_url: the picture, or `/user.png`; not in brief rows.
        profile_banner_image_url: the user's own, as `bio`, `gender`, `date_of_birth`, `info` and `settings`.
        group_ids: the groups that have the user as a direct member; only in `pages`.
        created_at: seconds since 1970; not in brief rows.
    """

    id: Required[str]
    name: Required[str]
    email: Required[str]
    role: Required[str]
    profile_image_url: str | None
    profile_banner_image_url: str | None
    bio: str | None
    gender: str | None
    date_of_birth: str | None
    info: dict[str, Any] | None
    settings: dict[str, Any] | None
    group_ids: list[str] | None
    created_at: int


async def list_all(reader: Reader) -> list[UserRow]:
    """Return all users, briefly: `id`, `name`, `email`, `role`, `bio`, `timezone`, `last_active_at`, status fields.

    One request for any number; administrators only. The rows lack the image, and their `groups` are always empty:
    `pages` has memberships.
    """
    answer = as_row(await reader.get(_ALL), "GET", _ALL)
    rows = as_rows(answer.get("users"), "GET", _ALL, _NEEDS)
    if len(rows) != answer.get("total"):
        raise PartialList(_ALL, len(rows), int(answer.get("total") or 0))
    return rows


async def pages(reader: Reader) -> list[UserRow]:
    """Return all users in full, newest first, each with `group_ids`: the groups that have the user as a direct member.

    The cheapest way to learn the members of all groups: one request for 30 users; administrators only.
    `updated_at` never moves; `oauth` and `scim` name foreign identities.
    """
    return await reader.pages(_PAGES, rows="users", needs=_NEEDS)


async def oldest(reader: Reader) -> tuple[list[UserRow], int]:
    """Return the first `PAGE` accounts of the server in full, the oldest first, and how many there are. One request."""
    return await reader.page(_PAGES, 1, rows="users", needs=_NEEDS, order_by="created_at", direction="asc")


async def some(reader: Reader, skip: int, limit: int) -> list[UserRow]:
    """Return up to `limit` users after the first `skip` of `pages`; administrators only.

    Requests: one for 30, and one more where `skip` falls between two pages.
    """
    first, last = skip // PAGE, (skip + max(limit, 1) - 1) // PAGE
    found: list[UserRow] = []
    for number in range(first, last + 1):
        rows, total = await reader.page(_PAGES, number + 1, rows="users", needs=_NEEDS)
        found += rows
        if (number + 1) * PAGE >= total:
            break
    return found[skip - first * PAGE :][:limit]


async def session(reader: Reader) -> UserRow:
    """Return the user behind the token: `id`, `email`, `name`, `role` (`admin`, `user`), nothing else.

    One or two requests.

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
    return _brief(row)


async def get(reader: Reader, user_id: str) -> UserRow:
    """Return one user in full, with `profile_image_url`, but without `group_ids`. One request.

    Raises:
        NotFound: there is no user with that id.
    """
    path = _path(user_id)
    return as_row(await reader.get(path), "GET", path, UserRow)


async def create(writer: Writer, body: Row) -> UserRow:
    """Make an account. One request; the server hashes the password, so 4 to 7 a second is all it does.

    Args:
        writer: the client.
        body: `name`, `email`, `password` (all needed), `role` (`pending` when left out), `profile_image_url`. More
            than 72 bytes of password are refused (400, up to 0.6.43 with 500).

    Returns:
        `id`, `email`, `name`, `role`: the answer's token of the new user is dropped.

    Raises:
        Conflict: the e-mail is taken.
    """
    return _brief(as_row(await writer.create(_ADD, body), "POST", _ADD))


async def update(writer: Writer, user_id: str, body: Row) -> UserRow:
    """Change an account; answers with the full row. One request.

    Args:
        writer: the client.
        user_id: id of the user.
        body: any of `role`, `name`, `email`, `profile_image_url`, `password`; up to 0.8.12 the first four of them are
            all required (`capabilities.Feature.PARTIAL_USER`).

    Raises:
        NotFound: there is no such user.
        Conflict: the e-mail is taken.
        Forbidden: it is the primary administrator.
    """
    path = _path(user_id, "update")
    with _protection_explained():
        return as_row(await writer.update(path, body), "POST", path, UserRow)


async def delete(writer: Writer, user_id: str) -> None:
    """Delete an account, its chats and memberships; what it made and shared stays. One request.

    A user that does not exist is no error (200, all tested versions).

    Raises:
        Forbidden: it is the primary administrator, or the account of the token.
    """
    with _protection_explained():
        await writer.delete(_path(user_id))


async def default_permissions(reader: Reader) -> Row:
    """Return what users may do by default: section -> permission -> bool, all that the server knows. One request."""
    return as_row(await reader.get(_PERMISSIONS), "GET", _PERMISSIONS)


async def initial_permissions(reader: Reader) -> Row:
    """Return what `default_permissions` are on a new server: by its environment, or its own.

    One request; since 0.10.
    """
    return as_row(await reader.get(_INITIAL), "GET", _INITIAL)


async def set_default_permissions(writer: Writer, body: Row) -> Row:
    """Replace all default permissions; answers with what is stored. One request.

    Args:
        writer: the client.
        body: as `default_permissions` gives it. A missing section is refused (422); a missing permission takes a value
            of the server's choice, and an unknown one is dropped without a word.
    """
    return as_row(await writer.update(_PERMISSIONS, body), "POST", _PERMISSIONS)


def _brief(row: Row) -> UserRow:
    """Return what tells who it is."""
    return cast("UserRow", {name: row.get(name) for name in ("id", "email", "name", "role")})


def _path(user_id: str, *action: str) -> str:
    return "/".join(("/api/v1/users", segment(user_id), *action))


@contextmanager
def _protection_explained() -> Iterator[None]:
    try:
        yield
    except (Forbidden, ServerError) as error:
        if not _PROTECTED.search(error.detail):
            raise
        raise Forbidden(error.method, error.path, error.status, error.detail, hint=_ADVICE) from None
