"""Requests to the API of a forge."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from owui_sync import __version__
from owui_sync.errors import OwuiSyncError

_TRIES = 4
_PASSING = (429, 500, 502, 503, 504)
_LONGEST_WAIT = 60.0


class ForgeError(OwuiSyncError):
    """A request to a forge failed.

    Args:
        status: the HTTP status; 0 without an answer.
    """

    def __init__(self, request: str, status: int, reason: str) -> None:
        self.status = status
        super().__init__(f"{request} {f'answered {status}: ' if status else ''}{reason}")


class Api:
    """A forge's REST API.

    Args:
        base: address, without a slash at the end.
        headers: with the token; never shown.
    """

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        agent = {"User-Agent": f"owui-sync/{__version__}"}
        self._http = httpx.Client(base_url=base, headers={**agent, **headers}, timeout=30)

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request and return the JSON of its answer.

        Raises:
            ForgeError: it failed, after some tries where that may help.
        """
        return self._send(method, path, body).json()

    def pages(self, path: str) -> Iterator[Any]:
        """Yield the items of a list, page by page as the `Link` header says."""
        following: str | None = path
        while following:
            answer = self._send("GET", following)
            yield from answer.json()
            following = answer.links.get("next", {}).get("url")

    def _send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        request = f"{method} {path.partition('?')[0]}"
        for left in reversed(range(_TRIES)):
            try:
                answer = self._http.request(method, path, json=body)
            except httpx.HTTPError as error:
                if not left or method == "POST":  # A comment that may have been made is not made again.
                    raise ForgeError(request, 0, f"has no answer: {type(error).__name__}") from error
                time.sleep(0.5)
                continue
            if answer.is_success:
                return answer
            limited = answer.status_code == 403 and "retry-after" in answer.headers
            if not left or not (limited or answer.status_code in _PASSING):
                raise ForgeError(request, answer.status_code, _reason(answer))
            time.sleep(_wait(answer))
        raise AssertionError


def _wait(answer: httpx.Response) -> float:
    told = answer.headers.get("retry-after", "")
    return min(float(told), _LONGEST_WAIT) if told.isdigit() else 1.0


def _reason(answer: httpx.Response) -> str:
    try:
        message = answer.json()["message"]
    except (ValueError, TypeError, KeyError):
        message = answer.reason_phrase
    return str(message)[:300]
