"""Users through both classes of the client library, on every version, checked through the server's own API."""

from __future__ import annotations

from typing import Any

import pytest

from owui_sync import OpenWebUIClient
from owui_sync.client.errors import ApiError, Forbidden, NotFound, WrongValue
from tests.support.clients import fails, finds_nothing
from tests.support.server import Server


def everybody(server: Server) -> list[Any]:
    """All users, in the order of the server's list."""
    rows: list[Any] = []
    while True:
        page = server.get(f"/api/v1/users/?page={len(rows) // 30 + 1}")
        rows += page["users"]
        if len(rows) >= page["total"]:
            return rows


def test_a_list_skips_and_ends_where_it_is_told_to(client: OpenWebUIClient, server: Server, unique: str) -> None:
    for number in range(34 - len(everybody(server))):  # More than one page.
        server.user(f"{unique}-{number}")
    emails = [row["email"] for row in everybody(server)]
    assert len(emails) > 33
    for skip, limit in ((0, 50), (0, 5), (28, 4), (30, 3), (31, 50), (0, 31), (len(emails), 5), (3, 0)):
        rows = client.get_users(skip, limit)
        assert rows is not None
        assert [row["email"] for row in rows] == emails[skip : skip + limit]
    assert [row["email"] for row in client.get_users() or ()] == emails[:50]


def test_one_user(client: OpenWebUIClient, server: Server, unique: str) -> None:
    user = server.user(unique)
    row = client.get_user_by_id(user.id)
    assert row is not None
    assert (row["id"], row["name"], row["email"], row["role"]) == (user.id, unique, user.email, "user")


def test_a_role_changes_and_nothing_else(client: OpenWebUIClient, server: Server, unique: str) -> None:
    user = server.user(unique)
    before = next(row for row in everybody(server) if row["id"] == user.id)
    assert client.update_user_role(user.id, "admin") is True
    after = next(row for row in everybody(server) if row["id"] == user.id)
    assert after["role"] == "admin"
    keys = ("name", "email", "profile_image_url")
    assert [after[key] for key in keys] == [before[key] for key in keys]


def test_a_deleted_user_is_gone(client: OpenWebUIClient, server: Server, unique: str) -> None:
    user = server.user(unique)
    assert client.delete_user(user.id) is True
    assert user.id not in [row["id"] for row in everybody(server)]


def test_what_cannot_be_done_fails_as_documented(
    client: OpenWebUIClient, caplog: pytest.LogCaptureFixture, server: Server, unique: str
) -> None:
    admin = next(row["id"] for row in everybody(server) if row["email"] == server.project.sandbox.admin_email)
    user = server.user(unique)
    finds_nothing(client, caplog, NotFound, "get_user_by_id", "none")
    fails(client, caplog, NotFound, False, "update_user_role", "none", "user")
    fails(client, caplog, WrongValue, False, "update_user_role", user.id, "banana")
    fails(client, caplog, NotFound, False, "delete_user", "none")
    fails(client, caplog, Forbidden, False, "delete_user", admin)
    with pytest.raises(WrongValue, match="skip is -1"):
        client.get_users(-1)
    assert next(row["role"] for row in everybody(server) if row["id"] == user.id) == "user"


def test_without_rights_it_fails_as_documented(
    nobody: OpenWebUIClient, caplog: pytest.LogCaptureFixture, server: Server, unique: str
) -> None:
    user = server.user(unique)
    fails(nobody, caplog, ApiError, None, "get_users")
    fails(nobody, caplog, ApiError, False, "update_user_role", user.id, "admin")
    fails(nobody, caplog, ApiError, False, "delete_user", user.id)
    assert next(row["role"] for row in everybody(server) if row["id"] == user.id) == "user"
