"""All stubs together: which one a request is for, and the log of what came in."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from owui_sync.sandbox.stubs.answer import StubAnswer, StubRequest
from owui_sync.sandbox.stubs.mcp import answer_mcp
from owui_sync.sandbox.stubs.openapi import answer_openapi
from owui_sync.sandbox.stubs.tools import Tickets, tools_of
from owui_sync.sandbox.stubs.web import Web

_KEPT = 1000
_NAMED = ("pages", "tools", "mcp", "webhooks")
"""Those below whose path a name follows."""


class Services:
    """The stubs with their state.

    Args:
        origin: where they are served, such as `http://127.0.0.1:9080`.
    """

    def __init__(self, origin: str) -> None:
        self.received: deque[dict[str, Any]] = deque(maxlen=_KEPT)
        self.web = Web(origin)
        self._tickets = Tickets()
        self._tools = tools_of(self._tickets)

    def reset(self) -> None:
        """Forget what came in, and what was brought and made."""
        self.received.clear()
        self.web.reset()
        self._tickets.reset()

    def has(self, request: StubRequest) -> bool:
        """Return whether the request is for one of them."""
        service, *rest = request.parts
        return service == "search" or (service in _NAMED and bool(rest and rest[0]))

    def answer(self, request: StubRequest) -> StubAnswer:
        """Return the answer to a request, which goes to the log; `has` says that there is one."""
        service = request.parts[0]
        if service == "search":
            found = self.web.answer_search(request)
        elif service == "pages":
            found = self.web.answer_page(request)
        elif service == "tools":
            found = answer_openapi(request, self._tools)
        elif service == "mcp":
            found = answer_mcp(request, self._tools)
        else:
            found = StubAnswer({}, noted={"name": request.parts[1], "body": request.body})
        self.note(request, found.status, found.noted)
        return found

    def note(self, request: StubRequest, status: int, noted: dict[str, Any]) -> None:
        """Write a request into the log."""
        about = {"at": time.time(), "service": request.parts[0], "method": request.method, "path": request.path}
        self.received.append({**about, "status": status, **noted})
