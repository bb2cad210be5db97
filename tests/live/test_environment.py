"""What the environment of a server adds, on a server of its own: an identity provider, webhooks on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from tests.support.project import Project, changes

pytestmark = pytest.mark.slow

LONG = 120.0
"""Seconds that a busy machine may take to deliver an event."""


@pytest.fixture(scope="module")
def alone(open_webui_factory: OpenWebUIFactory, tmp_path_factory: pytest.TempPathFactory) -> Project:
    settings = {"ENABLE_SCIM": "true", "SCIM_TOKEN": "of-the-provider", "ENABLE_LOCAL_WEB_FETCH": "true"}
    folder: Path = tmp_path_factory.mktemp("environment")
    return Project(folder, open_webui_factory(settings=settings), "environment", {"ADA": "correct horse battery"})


@contextmanager
def receiver() -> Iterator[tuple[str, Queue[tuple[str, Any]]]]:
    """Yield the address of a server that keeps what it is sent: path and body."""
    received: Queue[tuple[str, Any]] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            received.put((self.path, json.loads(self.rfile.read(length))))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_plan_and_doctor_say_that_an_identity_provider_writes_groups_and_roles(alone: Project) -> None:
    alone.write("users: {ada@example.com: {role: user, password: !secret ADA}}\ngroups: {Staff: {members: []}}")
    ran = alone.run("plan", ".")
    assert ran.code == 0, ran.err
    assert "(ENABLE_SCIM), which may undo `members` of Staff" in ran.err
    assert "(ENABLE_SCIM), which sets `role` to `user` or `pending`" in ran.err
    assert "an identity provider can write accounts and groups (ENABLE_SCIM)" in alone.run("doctor").out


def test_an_event_is_told_to_a_webhook_and_its_address_to_nobody(alone: Project) -> None:
    with receiver() as (url, received):
        hook = Project(alone.folder, alone.sandbox, alone.stack, {"HOOK": f"{url}/hidden-part"})
        hook.write('settings: {webhooks: {audit: {url: !secret HOOK, events: ["prompt.*"]}}}')
        ran = hook.run("apply", ".", "--yes", "--claim-stack", "--format", "json", "-vv")
        assert ran.code == 0, ran.err
        assert changes(ran.document) == {"setting/webhooks.audit": "create"}
        assert "hidden-part" not in ran.out + ran.err
        alone.api("POST", "/api/v1/prompts/create", {"command": "told", "name": "Told", "content": "x"})
        path, body = received.get(timeout=LONG)
        assert path == "/hidden-part"
        assert "prompt." in json.dumps(body)
        assert changes(hook.plan()) == {}
        hook.write("")
        assert changes(hook.apply()) == {"setting/webhooks.audit": "delete"}
    assert not alone.api("GET", "/api/v1/configs/export").get("events.webhooks")
