"""Accounts; for administrators."""

from __future__ import annotations

from typing import Any

from owui_sync.client.api import users
from owui_sync.client.call_time import Timeout
from owui_sync.client.errors import WrongValue
from owui_sync.client.facade.base import Base
from owui_sync.client.facade.failures import otherwise
from owui_sync.client.facade.values import shown

_ROLES = ("admin", "user", "pending")
_ALWAYS_SENT = ("name", "email", "profile_image_url")


class Users(Base):
    """Accounts; for administrators."""

    @otherwise(None)
    async def get_users(
        self, skip: int = 0, limit: int = 50, *, timeout: Timeout = None
    ) -> list[dict[str, Any]] | None:
        """Return users, the newest first.

        Args:
            skip: how many to leave out at the beginning.
            limit: how many at most.

        Returns:
            Rows with `id`, `name`, `email`, `role` and more; None on failure.
        """
        return [{**row} for row in await users.some(self._writer, skip, limit)]

    @otherwise(None, lookup=True)
    async def get_user_by_id(self, user_id: str, *, timeout: Timeout = None) -> dict[str, Any] | None:
        """Return one user.

        Returns:
            The row, with `id`, `name`, `email`, `role` and more; None on failure, and when there is no such user.
        """
        return {**await users.get(self._writer, user_id)}

    @otherwise(False, lenient=("role",))
    async def update_user_role(self, user_id: str, role: str, *, timeout: Timeout = None) -> bool:
        """Give a user another role.

        Args:
            user_id: the user.
            role: `admin`, `user` or `pending` (who may sign in and do nothing).

        Returns:
            True when the user has the role now; False on failure, and when there is no such user.
        """
        if role not in _ROLES:
            raise WrongValue(f"role is {shown(role)}", hint=f"it has to be one of {', '.join(_ROLES)}")
        row = await users.get(self._writer, user_id)
        # Up to 0.8.12 the server takes a change only with all of these.
        await users.update(self._writer, user_id, {"role": role, **{key: row.get(key) for key in _ALWAYS_SENT}})
        return True

    @otherwise(False)
    async def delete_user(self, user_id: str, *, timeout: Timeout = None) -> bool:
        """Delete a user with all chats.

        Returns:
            True when the user was deleted; False on failure, and when there is no such user.
        """
        await users.get(self._writer, user_id)  # To delete a user that is not there is no error for the server.
        await users.delete(self._writer, user_id)
        return True
