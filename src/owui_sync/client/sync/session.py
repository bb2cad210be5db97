"""Requests of a program's own, for programs that know nothing of event loops."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import httpx

from owui_sync.client.facade.session import AsyncSession, Fixed, RawResponse


class Session(Fixed):
    """Requests of a program's own; see `AsyncSession`, whose methods it has.

    Args:
        session: what sends.
        run: runs it in the client's event loop, and waits.
    """

    _session: AsyncSession
    _run: Callable[[Coroutine[Any, Any, RawResponse]], RawResponse]

    def __init__(self, session: AsyncSession, run: Callable[[Coroutine[Any, Any, RawResponse]], RawResponse]) -> None:
        vars(self).update(_session=session, _run=run)

    @property
    def headers(self) -> httpx.Headers:
        """The headers that are sent with each request of the client."""
        return self._session.headers

    def request(self, method: str, url: str, **options: Any) -> RawResponse:
        """Send a request; `options` are those of `AsyncSession.request`."""
        return self._run(self._session.request(method, url, **options))

    def get(self, url: str, **options: Any) -> RawResponse:
        """Send a GET request."""
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> RawResponse:
        """Send a POST request, which is not repeated if it may have arrived."""
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Any) -> RawResponse:
        """Send a PUT request."""
        return self.request("PUT", url, **options)

    def patch(self, url: str, **options: Any) -> RawResponse:
        """Send a PATCH request, which is not repeated if it may have arrived."""
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Any) -> RawResponse:
        """Send a DELETE request."""
        return self.request("DELETE", url, **options)

    def head(self, url: str, **options: Any) -> RawResponse:
        """Send a HEAD request."""
        return self.request("HEAD", url, **options)
