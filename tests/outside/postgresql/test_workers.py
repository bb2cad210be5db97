"""A sandbox on PostgreSQL with several workers. `make test-postgresql` runs it: the package is not on every machine."""

from __future__ import annotations

import time

from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.sandbox import Sandbox, Setup, down
from owui_sync.sandbox.account import client
from owui_sync.sandbox.state import find


def groups(sandbox: Sandbox) -> list[str]:
    with client(sandbox.url, sandbox.token) as http:
        return [row["name"] for row in http.get("/api/v1/groups/").raise_for_status().json()]


def test_several_workers_answer_alike_and_leave_nothing(open_webui_factory: OpenWebUIFactory) -> None:
    started = open_webui_factory("0.12.4", setup=Setup(database="postgresql", workers=2), deadline=300.0)
    record = find(started.name)
    assert record
    assert record.database_folder
    with client(started.url, started.token) as http:
        http.post("/api/v1/groups/create", json={"name": "Here", "description": ""}).raise_for_status()
    assert {tuple(groups(started)) for _ in range(10)} == {("Here",)}
    assert (record.database_folder / "PG_VERSION").exists()
    processes = record.processes
    down(started.name)
    deadline = time.monotonic() + 10
    while any(process.alive for process in processes) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(process.alive for process in processes)
    assert not record.database_folder.exists()
