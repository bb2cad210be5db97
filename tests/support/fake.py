"""A network in place of the real one, for answers that a real server does not give on demand."""

from __future__ import annotations

from typing import Any

import httpx

from owui_sync.client.transport import Transport

TOKEN = "sk-0123456789abcdef"
URL = "https://chat.test"

Answer = httpx.Response | Exception


class Fake:
    """Gives `answers` one after the other, the last one for ever, and remembers the requests."""

    def __init__(self, *answers: Answer) -> None:
        self.seen: list[httpx.Request] = []
        self._answers = list(answers)

    def transport(self, url: str = URL, token: str = TOKEN, **options: Any) -> Transport:
        return Transport(url, token, http=httpx.MockTransport(self._answer), **options)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def ok(value: Any = True) -> httpx.Response:
    return httpx.Response(200, json=value)


def says(status: int, detail: Any, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"detail": detail}, headers={k.replace("_", "-"): v for k, v in headers.items()})


def html(status: int = 200) -> httpx.Response:
    return httpx.Response(status, html="<!doctype html><title>Open WebUI</title>")
