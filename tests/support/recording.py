"""Records from a real server what `tests.support.many_servers` answers with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from owui_sync.apply.lock_row import lock_id
from owui_sync.sandbox import Sandbox
from tests.support.project import run_here

BEFORE = """\
version: 1
stack: many
vars: {word: Hello}
groups:
  Teachers: {description: Those who teach, permissions: {workspace: {prompts: true}}}
  Pupils: {description: Those who learn}
prompts:
"""


def manifests(word: str, temperature: float, text: str) -> str:
    """Return 18 objects, of which the arguments make three different."""
    prompts = [
        f"  course-{number}: {{name: Course {number}, content: {text if number == 3 else 'Teach'} course {number}, "
        "access: {read: {groups: [Pupils]}}}"
        for number in range(10)
    ]
    models = [
        f"  tutor-{number}: {{name: Tutor {number}, base: gpt-4.1, system: You teach subject {number}., "
        f"params: {{temperature: {temperature if number == 2 else 0.5}}}, access: {{read: {{groups: [Pupils]}}}}}}"
        for number in range(6)
    ]
    head = BEFORE.replace("Those who learn", f"Those who {word}")
    return "\n".join([head, *prompts, "models:", *models]) + "\n"


UNCHANGED = manifests("learn", 0.5, "Teach")
CHANGED = manifests("study", 0.2, "Explain")
FEW = "version: 1\nstack: many\ngroups:\n  Pupils: {description: Those who learn}\n"
"""So few of them that a plan deletes too many."""


def write_manifests(folder: Path) -> None:
    """Write the layers `before`, which changes nothing, `after` with three changes, and `few` with one object."""
    for name, text in (("before", UNCHANGED), ("after", CHANGED), ("few", FEW)):
        (folder / name).mkdir()
        (folder / name / "all.yaml").write_text(text, encoding="utf-8")


def record(sandbox: Sandbox, folder: Path) -> Path:
    """Return the file of a new recording; the layers beside it are those of `write_manifests`."""
    write_manifests(folder)
    env = {"OWUI_URL": sandbox.url, "OWUI_TOKEN": sandbox.token}
    log: list[tuple[str, Any, Any]] = []

    def run(*words: str) -> list[tuple[str, Any, Any]]:
        log.clear()
        ran = run_here(folder, env, *words)
        assert ran.code == 0, ran.err
        return list(log)

    run("apply", "before", "--yes")
    with _recording(log):
        before = {key: answer for key, _, answer in run("plan", "before")}
        applied = run("apply", "after", "--yes")
        after = {key: answer for key, _, answer in run("plan", "after")}
    content = next(key for key in before if key.endswith("/content"))
    row = next(each for each in before[_search(before)] if each["id"] == content.split("/")[-2])
    document = {
        "before": before,
        "after": after,
        "writes": {
            key: answer for key, _, answer in applied if key.startswith("POST") and "update" in key and "id" in answer
        },
        "row": next(answer for key, _, answer in applied if key == "POST /api/v1/models/create"),
        **_refusals(sandbox, applied),
        "file": next(answer for key, _, answer in applied if key.startswith("POST /api/v1/files/")),
        "inventory": [row, before[content]],
    }
    path = folder / "recording.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def _search(answers: dict[str, Any]) -> str:
    return next(key for key in answers if "/files/search" in key)


def _refusals(sandbox: Sandbox, applied: list[tuple[str, Any, Any]]) -> dict[str, Any]:
    """Return what the server says to a lock that is taken, of one that is not there, and who may hold one."""
    body = next(body for key, body, _ in applied if key == "POST /api/v1/models/create")
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    with httpx.Client(base_url=sandbox.url, headers=headers, trust_env=False) as client:
        absent = client.get("/api/v1/models/model", params={"id": lock_id("many")})
        users = client.get("/api/v1/users/all").json()
        client.post("/api/v1/models/create", json=body).raise_for_status()
        taken = client.post("/api/v1/models/create", json=body)
        client.post("/api/v1/models/model/delete", json={"id": body["id"]}).raise_for_status()
    return {
        "taken": [taken.status_code, taken.json()],
        "absent": [absent.status_code, absent.json()],
        "users": users,
    }


class _recording:
    """While the block runs, what httpx gets for our client is written down: request, body, answer."""

    def __init__(self, log: list[tuple[str, Any, Any]]) -> None:
        self.log = log
        self.original: Callable[..., Any] = httpx.AsyncHTTPTransport.handle_async_request

    def __enter__(self) -> None:
        original, log = self.original, self.log

        async def handle(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
            response: httpx.Response = await original(transport, request)
            content = await response.aread()
            body = request.content if "json" in request.headers.get("content-type", "") else b""
            text = content.decode()
            key = f"{request.method} {request.url.raw_path.decode()}"
            answer = text if request.url.path.endswith("/content") else json.loads(text)
            log.append((key, json.loads(body) if body else None, answer))
            packing = ("content-encoding", "content-length", "transfer-encoding")
            headers = [(name, value) for name, value in response.headers.items() if name not in packing]
            return httpx.Response(response.status_code, headers=headers, content=content)

        httpx.AsyncHTTPTransport.handle_async_request = handle  # type: ignore[method-assign, assignment]

    def __exit__(self, *_: object) -> None:
        httpx.AsyncHTTPTransport.handle_async_request = self.original  # type: ignore[method-assign]
