"""The token on its way into the header of each request, and nowhere else."""

from __future__ import annotations

from collections.abc import Generator

import httpx

_KEY = "sk-"
"""How API keys begin."""


class Bearer(httpx.Auth):
    """Puts `Authorization: Bearer <token>` on requests.

    Not `x-api-key`, which Open WebUI knows since 0.9.0 only; the bearer header takes API keys and JWTs on all versions.
    """

    def __init__(self, token: str | None) -> None:
        self.use(token)

    def use(self, token: str | None) -> None:
        """Take another token for all requests from now on; None for no header."""
        self._header = None if token is None else f"Bearer {token}"

    def is_key(self) -> bool:
        """Return whether it is an API key, not the token of a session."""
        return self._header is not None and self._header.startswith(f"Bearer {_KEY}")

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Handle a request, for httpx."""
        if self._header is not None:
            request.headers["Authorization"] = self._header
        yield request
