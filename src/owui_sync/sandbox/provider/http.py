"""The provider's HTTP server: routes, the log of requests, and faults put into effect."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import URLError
from urllib.parse import unquote

from owui_sync.sandbox.ports import HOST
from owui_sync.sandbox.provider import completions
from owui_sync.sandbox.provider.answers import ProviderAnswer, answer
from owui_sync.sandbox.provider.embeddings import embeddings
from owui_sync.sandbox.provider.forward import Upstream
from owui_sync.sandbox.provider.prompts import last_user_text, own_words
from owui_sync.sandbox.provider.script import Fault, Rule, Script
from owui_sync.sandbox.stubs.answer import StubAnswer, StubRequest
from owui_sync.sandbox.stubs.services import Services

_KEPT_REQUESTS = 1000
_OWN_PATHS = ("/v1/", "/_")
"""Where paths of the provider and of its controls begin; the others belong to the stubs."""
_BY_CONNECTION = re.compile(r"/connections/\d+(?:/(?P<prefix>[^/]+))?(?P<path>/v1/.*)")


class Provider(ThreadingHTTPServer):
    """The server with its state; `port` 0 takes any free one."""

    daemon_threads = True

    def __init__(self, port: int, models: Iterable[str] = (), forward: Upstream | None = None) -> None:
        super().__init__((HOST, port), _Handler)
        self.models = tuple(models)
        self.forward = forward
        self.script = Script()
        self.services = Services(f"http://{HOST}:{self.server_port}")
        self.requests: deque[dict[str, Any]] = deque(maxlen=_KEPT_REQUESTS)
        self.released = threading.Event()

    def reset(self) -> None:
        """Forget rules and requests, and end every wait."""
        self.script.clear()
        self.requests.clear()
        self.services.reset()
        self.released.set()
        self.released = threading.Event()


class _Broken(Exception):
    """The connection is to be broken off without a proper end."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Provider

    def parse_request(self) -> bool:
        """Find out by which connection a request comes: `/connections/NUMBER/PREFIX/v1/...` is this API as well."""
        self.prefix: str | None = None
        is_read = super().parse_request()
        if is_read and (found := _BY_CONNECTION.fullmatch(self.path)):
            self.prefix, self.path = unquote(found["prefix"] or ""), found["path"]
        return is_read

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            self._answer_api({})
        elif self.path == "/_requests":
            self._send_json(200, {"requests": list(self.server.requests)})
        elif self.path == "/_received":
            self._send_json(200, {"received": list(self.server.services.received)})
        else:
            self._answer_service(b"")

    def do_PUT(self) -> None:
        self._answer_service(self._body())

    def do_PATCH(self) -> None:
        self._answer_service(self._body())

    def do_DELETE(self) -> None:
        self._answer_service(self._body())

    def do_POST(self) -> None:
        raw = self._body()
        if not self.path.startswith(_OWN_PATHS):
            return self._answer_service(raw)
        try:
            body = json.loads(raw or "{}")
        except ValueError:
            return self._send_json(400, completions.error("the body is not JSON", "invalid_request_error"))
        if self.path == "/_script":
            return self._add_rules(body if isinstance(body, list) else [body])
        if self.path == "/_pages":
            return self._add_pages(body)
        if self.path == "/_models":
            self.server.models = tuple(map(str, body.get("models", ())))
            return self._send_json(200, {"models": list(self.server.models)})
        if self.path == "/_reset":
            self.server.reset()
            return self._send_json(200, {})
        if self.path in {"/v1/chat/completions", "/v1/embeddings"}:
            return self._answer_api(body)
        return self._send_no_path()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: `/_requests` tells what came in."""

    def _add_rules(self, documents: list[dict[str, Any]]) -> None:
        try:
            rules = [Rule.parse(document) for document in documents]
        except (ValueError, TypeError, LookupError) as problem:
            return self._send_json(400, completions.error(f"not a rule: {problem}", "invalid_request_error"))
        self.server.script.add(rules)
        return self._send_json(200, {"rules": len(rules)})

    def _add_pages(self, document: dict[str, Any]) -> None:
        try:
            count = self.server.services.web.add(document)
        except (TypeError, LookupError) as problem:
            return self._send_json(400, completions.error(f"no pages: {problem}", "invalid_request_error"))
        return self._send_json(200, {"pages": count})

    def _answer_service(self, raw: bytes) -> None:
        """Answer for a service that is none of the provider, see `owui_sync.sandbox.stubs`."""
        request, services = StubRequest(self.command, self.path, raw), self.server.services
        if not services.has(request):
            return self._send_no_path()
        fault = self.server.script.take(request.path, "", "")
        if fault.kind == "status":
            services.note(request, int(fault.number), {})
            return self._send_status(int(fault.number))
        if fault.kind == "delay":
            self._wait(fault.number)
        return self._send_service_answer(services.answer(request))

    def _send_service_answer(self, answer: StubAnswer) -> None:
        self._send_head(answer.status, {"Content-Type": answer.kind, "Content-Length": str(len(answer.data))})
        self.wfile.write(answer.data)

    def _answer_api(self, body: dict[str, Any]) -> None:
        prompt = own_words(last_user_text(body.get("messages") or []))
        fault = self.server.script.take(self.path, body.get("model", ""), prompt)
        self._log_request(body, fault)
        try:
            self._answer(body, fault)
        except (_Broken, ConnectionError):
            self.close_connection = True

    def _log_request(self, body: dict[str, Any], fault: Fault) -> None:
        entry = {"at": time.time(), "method": self.command, "path": self.path, "body": body, "fault": fault.kind}
        self.server.requests.append(entry)

    def _answer(self, body: dict[str, Any], fault: Fault) -> None:
        if fault.kind == "status":
            return self._send_status(int(fault.number))
        if fault.kind == "delay":
            self._wait(fault.number)
        if self.path == "/v1/embeddings":
            return self._send_document(embeddings(body), fault)
        if self.server.forward:
            return self._pass_on(self.server.forward, body)
        if self.path == "/v1/models":
            return self._send_document(completions.models(self._offered()), fault)
        if self.prefix is None and body.get("model") not in {*completions.MODELS, *self.server.models}:
            missing = completions.error(f"the model {body.get('model')!r} does not exist", "invalid_request_error")
            return self._send_json(404, missing)
        said = ProviderAnswer(fault.value) if fault.kind == "answer" else answer(body)
        if body.get("stream"):
            return self._send_stream(completions.chunks(body, said), fault)
        return self._send_document(completions.completion(body, said), fault)

    def _offered(self) -> Iterable[str]:
        """Return the further models; those of a connection with a prefix are called without it here."""
        if not self.prefix:
            return self.server.models
        return [
            name.removeprefix(f"{self.prefix}.") for name in self.server.models if name.startswith(f"{self.prefix}.")
        ]

    def _pass_on(self, forward: Upstream, body: dict[str, Any]) -> None:
        """Answer with what the real API says, piece by piece as it comes."""
        try:
            with forward.ask(self.command, self.path, body) as answer:
                self._send_head(answer.status, {"Content-Type": answer.kind, "Transfer-Encoding": "chunked"})
                while piece := answer.read():
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.write(b"0\r\n\r\n")
        except URLError as error:
            self._send_json(502, completions.error(f"the provider cannot be reached: {error.reason}"))

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _send_no_path(self) -> None:
        self._send_json(404, completions.error(f"no such path: {self.path}", "invalid_request_error"))

    def _send_status(self, status: int) -> None:
        extra = {"Retry-After": "1"} if status in {429, 503} else {}
        self._send_json(status, completions.error(f"scripted to answer {status}"), extra)

    def _send_document(self, document: dict[str, Any], fault: Fault) -> None:
        if fault.kind == "silence":
            self._wait(fault.number)
            raise _Broken
        self._send_json(200, fault.on_document(document), cut=fault.kind == "cut")

    def _send_json(
        self, status: int, document: dict[str, Any], extra: dict[str, str] | None = None, cut: bool = False
    ) -> None:
        data = json.dumps(document, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(data)), **(extra or {})}
        self._send_head(status, headers)
        self.wfile.write(data[: len(data) // 2] if cut else data)
        if cut:
            raise _Broken

    def _send_stream(self, events: list[str], fault: Fault) -> None:
        self._send_head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
        for event in fault.on_stream(events):
            data = f"data: {event}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            if fault.kind in {"slow", "cut"}:
                self._wait(fault.number)
        if fault.kind == "silence":
            self._wait(fault.number)
        if fault.kind in {"cut", "silence"}:
            raise _Broken
        self.wfile.write(b"0\r\n\r\n")

    def _send_head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _wait(self, seconds: float) -> None:
        self.server.released.wait(seconds)


def serve(port: int, models: Iterable[str] = (), forward: str = "") -> None:
    """Serve on that port of loopback until the process is stopped.

    Args:
        models: what is offered beside `completions.MODELS`.
        forward: address of a real API that answers in their place; empty for none.
    """
    with Provider(port, models, Upstream(forward) if forward else None) as provider:
        provider.serve_forever()
