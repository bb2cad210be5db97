"""A proxy before a real server that records what passes, and breaks what a test wants broken."""

from __future__ import annotations

import http.client
import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from owui_sync.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Answer:
    """What the proxy says instead of the server.

    Args:
        status, body, kind, headers: the answer.
        cut: closes the connection without an answer.
        reset: ends the connection as a machine does that knows nothing of it.
        half: gives half of the server's own answer, then closes the connection.
        silent: says nothing for as long as the client waits.
        after: lets the server do its work first.
        then: called once the server has done its work, or was passed over.
        wait: seconds that it takes.
    """

    status: int
    body: bytes = b'{"detail": "broken on purpose"}'
    kind: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    cut: bool = False
    reset: bool = False
    half: bool = False
    silent: bool = False
    after: bool = False
    then: Callable[[], object] = lambda: None
    wait: float = 0.0


_LONGEST_SILENCE = 120.0

Rule = Callable[[str, str], Answer | None]
"""Method and path of a request -> what to answer, or None to pass it on."""


@dataclass(slots=True)
class Proxy:
    """The proxy: `seen` has method and path of every request; `rule` may be changed while it runs."""

    url: str
    seen: list[tuple[str, str]] = field(default_factory=list)
    rule: Rule = lambda method, path: None
    passing: int = 0
    passed: threading.Condition = field(default_factory=threading.Condition)

    def settle(self, seconds: float = 60) -> None:
        """Wait until the server has answered all that was passed on, also for clients that are gone."""
        with self.passed:
            assert self.passed.wait_for(lambda: not self.passing, seconds), "the server does not answer"

    @contextmanager
    def passing_on(self) -> Iterator[None]:
        """Count a request as passed on and not yet answered."""
        with self.passed:
            self.passing += 1
        try:
            yield
        finally:
            with self.passed:
                self.passing -= 1
                self.passed.notify_all()

    @property
    def writes(self) -> list[tuple[str, str]]:
        """Requests that are not GET."""
        return [request for request in self.seen if request[0] != "GET"]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that are gone: tests kill them."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def proxied(sandbox: Sandbox) -> Iterator[tuple[Sandbox, Proxy]]:
    """The sandbox seen through a proxy, and the proxy."""
    target = urlsplit(sandbox.url)
    proxy = Proxy("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # Head and body of an answer are written one after the other.

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            proxy.seen.append((self.command, self.path))
            answer = proxy.rule(self.command, self.path)
            if answer is None:
                self.reply(*self.passed_on(body))
                return
            passed = self.passed_on(body) if answer.after or answer.half else None
            answer.then()
            time.sleep(answer.wait)
            if passed and answer.half:
                self.reply(*passed, half=True)
            else:
                self.answer(answer)

        do_GET = do_POST = do_DELETE = handle_any

        def passed_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            headers = {
                k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "accept-encoding")
            }
            server = http.client.HTTPConnection(target.hostname or "", target.port, timeout=60)
            with proxy.passing_on(), closing(server) as connection:
                connection.request(self.command, self.path, body, headers)
                response = connection.getresponse()
                return response.status, response.getheaders(), response.read()

        def answer(self, answer: Answer) -> None:
            if answer.silent:
                # Readable as soon as the client has gone.
                select.select([self.connection], [], [], _LONGEST_SILENCE)
            if answer.reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if answer.silent or answer.reset or answer.cut:
                self.close_connection = True
                self.connection.close()
                return
            self.reply(answer.status, [("content-type", answer.kind), *answer.headers], answer.body)

        def reply(self, status: int, headers: Iterable[tuple[str, str]], body: bytes, *, half: bool = False) -> None:
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if half else body)
            self.close_connection = self.close_connection or half

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    with _Server(("127.0.0.1", 0), Handler) as server:
        proxy.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield replace(sandbox, url=proxy.url), proxy
        finally:
            server.shutdown()
            thread.join()
