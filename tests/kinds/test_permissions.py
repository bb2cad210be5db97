from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from syrupy.assertion import SnapshotAssertion

from owui_sync.client.transport import Transport
from owui_sync.client.versions import Version
from owui_sync.client.writer import Writer
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.permissions import Permissions
from owui_sync.kinds.write import WriteRequest
from owui_sync.manifest.schema.build import entry_schema
from owui_sync.plan.difference import differences, record_of
from owui_sync.plan.types import Cause
from owui_sync.values import ABSENT
from tests.support.build import SALT, entry

NOW = {"workspace": {"models": False}, "chat": {"delete": True, "edit": True, "temporary_enforced": False}}
START = {"workspace": {"models": True}, "chat": {"delete": False, "edit": True, "temporary_enforced": False}}


def there() -> ObservedResource:
    return Permissions().live({"current": NOW, "defaults": START}, IdIndex())


def answering(version: str, stored: Mapping[str, Any], ask: Any) -> tuple[Any, list[tuple[str, str, Any]]]:
    """What `ask` returns, and method, path and body of the requests to a server that has `stored`."""
    seen: list[tuple[str, str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        seen.append((request.method, request.url.path.removeprefix("/api/v1/users/default/"), body))
        return httpx.Response(200, json=START if request.url.path.endswith("/defaults") else body or stored)

    async def main() -> Any:
        async with Transport("https://chat.test", "sk-0123456789abcdef", http=httpx.MockTransport(answer)) as transport:
            writer = Writer(transport)
            writer.version = Version.parse(version)
            return await ask(writer)

    return asyncio.run(main()), seen


def problem(path: str) -> tuple[str, str, str | None]:
    [found] = Permissions().problems("default", {path: True, "chat.delete": True}, there(), IdIndex())
    return found


@pytest.mark.parametrize("wrong", [{"chats": {"delete": True}}, {"chat": {"delete": "no"}}, {"chat": True}])
def test_sections_have_switches_and_nothing_else(wrong: dict[str, Any]) -> None:
    schema = Draft202012Validator(entry_schema(Permissions()))
    assert schema.is_valid({"chat": {"delete": True, "of_a_future_version": False}})
    assert not schema.is_valid(wrong)


@pytest.mark.parametrize(
    ("path", "meant", "known"),
    [
        ("chat.delet", "`chat.delete`", "delete, edit, temporary_enforced"),
        ("chat.import", "0.10.2", "delete, edit, temporary_enforced"),
        ("settings.interface", "0.7.2", "chat, workspace"),
    ],
    ids=["a slip", "of a newer version", "in a section of a newer version"],
)
def test_a_permission_that_the_server_does_not_know_is_a_problem_with_what_it_knows(
    path: str, meant: str, known: str, golden: SnapshotAssertion
) -> None:
    at, message, hint = problem(path)
    assert at == path
    assert f"`{path}`" in message
    assert hint is not None
    assert meant in hint
    assert hint.endswith(known)
    assert (message, hint) == golden


def test_a_permission_goes_back_to_what_the_server_says_it_starts_with() -> None:
    known = record_of(entry("permissions/default", chat={"delete": True}, workspace={"models": False}), "", None, SALT)
    resets = differences({}, there(), known, SALT)
    assert {(change.path, change.before, change.after, change.cause) for change in resets} == {
        ("chat.delete", True, False, Cause.RESET),
        ("workspace.models", False, True, Cause.RESET),
    }


def test_a_permission_that_the_server_no_longer_knows_needs_no_reset() -> None:
    known = record_of(entry("permissions/default", chat={"gone": True}), "", None, SALT)
    assert differences({}, there(), known, SALT) == ()


def test_since_0_10_the_server_tells_its_defaults() -> None:
    rows, seen = answering("0.10.2", NOW, Permissions().read)
    assert rows == [{"current": NOW, "defaults": START}]
    assert sorted(path for _, path, _ in seen) == ["permissions", "permissions/defaults"]


def test_before_0_10_a_table_tells_them_and_nothing_more_is_asked() -> None:
    [row], seen = answering("0.8.12", NOW, Permissions().read)
    assert row["defaults"] == NOW
    assert len(seen) == 1


def test_a_write_sends_back_all_that_the_server_has_by_then() -> None:
    by_then = {**NOW, "chat": {**NOW["chat"], "edit": False}, "features": {"notes": True}}
    write = WriteRequest("default", {"chat.delete": False, "workspace.models": ABSENT}, IdIndex(), "")
    after, seen = answering("0.12.4", by_then, lambda writer: Permissions().update(writer, there(), write))
    chat = {"delete": False, "edit": False, "temporary_enforced": False}
    assert seen[-1] == ("POST", "permissions", {"workspace": {}, "chat": chat, "features": {"notes": True}})
    assert after.values["chat.delete"] is False
    assert after.defaults == there().defaults
