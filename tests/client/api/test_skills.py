from __future__ import annotations

import asyncio
import itertools
from typing import Any

import httpx
import pytest

from owui_sync.client.api import skills
from owui_sync.client.connect import Server, connect_read_only
from owui_sync.client.errors import Conflict, NotFound, PartialList
from owui_sync.client.versions import Version
from owui_sync.client.writer import Writer
from tests.support.asking import asking, counting


def test_a_list_takes_two_requests(server: Server) -> None:
    assert counting(server, skills.list_all)[1] == 2


def test_a_skill_from_its_creation_to_its_end(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> None:
        made = await skills.create(writer, {"id": unique, "name": unique, "content": "x"})
        assert made["files"] == [{"path": "SKILL.md", "content": "x"}]
        with pytest.raises(Conflict):
            await skills.create(writer, {"id": unique, "name": "other", "content": "x"})
        with pytest.raises(Conflict):
            await skills.create(writer, {"id": f"{unique}-2", "name": unique, "content": "x"})
        files = [{"path": "SKILL.md", "content": "y"}, {"path": "a.bin", "content": "AA==", "encoding": "base64"}]
        body = {"id": unique, "name": unique, "files": files}
        changed = await skills.update(writer, unique, {**body, "expected_version_id": made["version_id"]})
        assert changed["files"] == files
        with pytest.raises(Conflict):
            await skills.update(writer, unique, {**body, "expected_version_id": made["version_id"]})
        assert (await skills.set_access(writer, unique, []))["files"] == files
        [row] = [row for row in await skills.list_all(writer) if row["id"] == unique]
        assert (row["files"], "content" in row, row["access_grants"]) == (files, False, [])
        await skills.delete(writer, unique)
        with pytest.raises(NotFound):
            await skills.delete(writer, unique)

    asking(server, live)


def test_lists_that_do_not_fit_together_are_not_taken_for_the_whole() -> None:
    numbers = itertools.count()

    def answer(request: httpx.Request) -> httpx.Response:
        rows = [] if request.url.path.endswith("export") else [{"id": str(next(numbers)), "name": "a"}]
        return httpx.Response(200, json=rows)

    async def read() -> Any:
        there = Server(url="http://localhost:8080", token="sk-x")
        async with connect_read_only(there, httpx.MockTransport(answer)) as reader:
            reader.version = Version.parse("0.12.4")
            return await skills.list_all(reader)

    with pytest.raises(PartialList):
        asyncio.run(read())
