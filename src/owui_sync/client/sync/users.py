"""Made from `client/facade/users.py` by `make client`; do not edit."""

from __future__ import annotations

from typing import Any

from owui_sync.client.call_time import Timeout
from owui_sync.client.sync.base import Base


class Users(Base):
    """Accounts; for administrators."""

    def get_users(self, skip: int = 0, limit: int = 50, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return users, the newest first.

        Args:
            skip: how many to leave out at the beginning.
            limit: how many at most.

        Returns:
            Rows with `id`, `name`, `email`, `role` and more; None on failure.
        """
        return self._run(self._async.get_users(skip, limit, timeout=timeout))

    def get_user_by_id(self, user_id: str, *, timeout: Timeout = None) -> dict[str, Any] | None:
        """Return one user.

        Returns:
            The row, with `id`, `name`, `email`, `role` and more; None on failure, and when there is no such user.
        """
        return self._run(self._async.get_user_by_id(user_id, timeout=timeout))

    def update_user_role(self, user_id: str, role: str, *, timeout: Timeout = None) -> bool:
        """Give a user another role.

        Args:
            user_id: the user.
            role: `admin`, `user` or `pending` (who may sign in and do nothing).

        Returns:
            True when the user has the role now; False on failure, and when there is no such user.
        """
        return self._run(self._async.update_user_role(user_id, role, timeout=timeout))

    def delete_user(self, user_id: str, *, timeout: Timeout = None) -> bool:
        """Delete a user with all chats.

        Returns:
            True when the user was deleted; False on failure, and when there is no such user.
        """
        return self._run(self._async.delete_user(user_id, timeout=timeout))
