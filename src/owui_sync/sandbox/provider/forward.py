"""A real OpenAI-compatible API that answers in place of the script."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

KEY = "OWUI_PROVIDER_KEY"
"""Environment variable with the key of the API."""
_PATIENCE = 300.0
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Passed:
    """What the API answers."""

    response: HTTPResponse | urllib.error.HTTPError

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status or 502

    @property
    def kind(self) -> str:
        """The content type."""
        return self.response.headers.get("Content-Type") or "application/json"

    def read(self) -> bytes:
        """Return what has come, as soon as something has; empty at the end."""
        return self.response.read1(_PIECE)


@dataclass(frozen=True, slots=True)
class Upstream:
    """The API; `url` ends where `/chat/completions` begins, such as `https://api.openai.com/v1`."""

    url: str

    @contextmanager
    def ask(self, method: str, path: str, body: dict[str, Any]) -> Iterator[Passed]:
        """Send one request of the server on and give the answer, errors included.

        Raises:
            URLError: the API cannot be reached.
        """
        data = json.dumps(body).encode() if method == "POST" else None
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {os.environ.get(KEY, '')}"}
        url = self.url.rstrip("/") + path.removeprefix("/v1")
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE) as response:
                yield Passed(response)
        except urllib.error.HTTPError as refused:
            with refused:
                yield Passed(refused)
