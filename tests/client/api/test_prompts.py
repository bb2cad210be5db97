from __future__ import annotations

import asyncio

import httpx
import pytest

from owui_sync.client.api import prompts
from owui_sync.client.connect import Server
from owui_sync.client.errors import Conflict, NotFound, PartialList
from owui_sync.client.reader import Reader, ReadOnly
from owui_sync.client.shapes import Row
from owui_sync.client.transport import Transport
from owui_sync.client.writer import Writer
from tests.support.asking import asking
from tests.support.fake import TOKEN, URL, ok

EVERYBODY = {"principal_type": "user", "principal_id": "*", "permission": "read"}
FIELDS = {
    "id", "command", "name", "content", "tags", "data", "meta", "is_active", "version_id", "access_grants", "user_id",
    "created_at", "updated_at",
}  # fmt: skip


def listed(active: list[int], everything: list[int], total: int) -> tuple[list[int], int]:
    """Ids and number of requests for a server with these prompts, three to a page."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/version":
            return ok({"version": "0.12.4", "deployment_id": ""})
        if "page" not in request.url.params:
            return ok([row(number) for number in active])
        start = 3 * int(request.url.params["page"]) - 3
        return ok({"items": [{**row(number), "user": {}} for number in everything[start : start + 3]], "total": total})

    async def main() -> tuple[list[prompts.PromptRow], int]:
        async with Transport(URL, TOKEN, http=httpx.MockTransport(answer)) as transport:
            return await prompts.list_all(Reader(ReadOnly(transport))), transport.requests - 1

    rows, requests = asyncio.run(main())
    assert all(each == row(int(each["id"])) for each in rows)
    return [int(each["id"]) for each in rows], requests


def row(number: int) -> Row:
    """A prompt as far as a list must tell of it."""
    return {"id": str(number), "command": f"c{number}", "name": "N", "content": "x"}


def test_list_takes_two_requests_while_all_prompts_are_active() -> None:
    assert listed(list(range(9)), list(range(9)), 9) == (list(range(9)), 2)
    assert listed([], [], 0) == ([], 2)


def test_list_pages_on_only_until_the_inactive_ones_are_met() -> None:
    assert listed([0, 1, 2, 3, 5, 6, 7, 8], list(range(9)), 9) == ([0, 1, 2, 3, 5, 6, 7, 8, 4], 3)


def test_lists_that_do_not_fit_together_are_read_twice_and_then_refused() -> None:
    with pytest.raises(PartialList):
        listed([0], [0, 1], 3)
    with pytest.raises(PartialList):
        listed([0, 9], [0], 1)


def test_life_of_a_prompt_one_request_a_step(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> None:
        body = {"command": unique, "name": "N", "content": "c", "tags": ["t"], "access_grants": [EVERYBODY]}
        made = await prompts.create(writer, body)
        assert (made["command"], made["is_active"], len(made["access_grants"])) == (unique, True, 1)
        changed = await prompts.update(writer, made["id"], body | {"content": "d"})
        assert (changed["content"], changed["tags"]) == ("d", ["t"])
        shared = await prompts.set_access(writer, made["id"], [])
        assert shared["access_grants"] == []
        hidden = await prompts.toggle(writer, made["id"])
        assert hidden["is_active"] is False
        assert set(made) == set(changed) == set(shared) == set(hidden) == FIELDS
        assert writer.requests == 4 + 1  # the version
        row = next(row for row in await prompts.list_all(writer) if row["id"] == made["id"])
        assert row == hidden
        await prompts.delete(writer, made["id"])

    asking(server, live)


def test_list_of_a_real_server_without_inactive_prompts_takes_two_requests(server: Server, unique: str) -> None:
    async def ask(writer: Writer) -> bool:
        body = {"command": unique, "name": "N", "content": "c"}
        made = await prompts.create(writer, body)
        before = writer.requests
        rows = await prompts.list_all(writer)
        assert set(next(row for row in rows if row["id"] == made["id"])) == FIELDS
        used = writer.requests - before
        await prompts.delete(writer, made["id"])
        # An inactive prompt that another test left on the server costs more.
        return used == 2 or any(not row["is_active"] for row in rows)

    assert asking(server, ask)


def test_command_that_is_taken_is_a_conflict(server: Server, unique: str) -> None:
    async def twice(writer: Writer) -> None:
        body = {"command": unique, "name": "N", "content": "c"}
        made = await prompts.create(writer, body)
        try:
            await prompts.create(writer, body)
        finally:
            await prompts.delete(writer, made["id"])

    with pytest.raises(Conflict, match="already registered"):
        asking(server, twice)


def test_prompt_that_does_not_exist_cannot_be_written(server: Server) -> None:
    for write in (
        lambda writer: prompts.update(writer, "none", {"command": "a", "name": "a", "content": ""}),
        lambda writer: prompts.toggle(writer, "none"),
        lambda writer: prompts.set_access(writer, "none", []),
        lambda writer: prompts.delete(writer, "none"),
    ):
        with pytest.raises(NotFound):
            asking(server, write)
