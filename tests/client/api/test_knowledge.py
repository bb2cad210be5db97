from __future__ import annotations

import asyncio
import math

import pytest

from owui_sync.client.api import files, knowledge
from owui_sync.client.connect import Server
from owui_sync.client.errors import ApiError, NotFound
from owui_sync.client.writer import Writer
from tests.support.asking import asking, counting


async def ready(writer: Writer, name: str, text: str) -> str:
    """The id of a file whose text the server has."""
    id = str((await files.upload(writer, name, text.encode(), process=True))["id"])
    for _ in range(100):
        if await files.status(writer, id) == "completed":
            return id
        await asyncio.sleep(0.1)
    raise AssertionError(await files.get(writer, id))


def test_list_takes_one_request_for_30(server: Server) -> None:
    rows, requests = counting(server, knowledge.list_all)
    assert requests == max(1, math.ceil(len(rows) / 30))


def test_life_of_a_knowledge_base_one_request_a_step(server: Server, unique: str) -> None:
    grant = {"principal_type": "user", "principal_id": "*", "permission": "read"}

    async def live(writer: Writer) -> None:
        made = await knowledge.create(writer, {"name": unique, "description": "d", "access_grants": []})
        changed = await knowledge.update(writer, made["id"], {"name": unique, "description": "e"})
        shared = await knowledge.set_access(writer, made["id"], [grant])
        assert (changed["description"], len(shared["access_grants"])) == ("e", 1)
        await knowledge.delete(writer, made["id"])
        with pytest.raises(NotFound):
            await knowledge.delete(writer, made["id"])

    assert counting(server, live)[1] == 5


def test_files_lie_in_folders_come_without_their_text_and_outlive_their_removal(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> None:
        base = (await knowledge.create(writer, {"name": unique, "description": ""}))["id"]
        folder = await knowledge.create_directory(writer, base, "x", None)
        inner = await knowledge.create_directory(writer, base, "y", folder)
        assert await knowledge.directories(writer, base) == {"x": folder, "x/y": inner}
        one, two = [await ready(writer, f"{unique}.{n}.txt", f"{n} {unique}") for n in (1, 2)]
        await knowledge.add_file(writer, base, one)
        await knowledge.add_file(writer, base, two, inner)
        rows = {row["id"]: row for row in await knowledge.files(writer, base)}
        assert {id: row["directory_path"] for id, row in rows.items()} == {one: "", two: "x/y"}
        assert not any("data" in row for row in rows.values())
        await knowledge.remove_file(writer, base, one)
        assert ((await files.get(writer, one))["data"] or {})["content"] == f"1 {unique}"
        await knowledge.cleanup(writer, base, [two], [folder, inner])
        assert (await knowledge.files(writer, base), await knowledge.directories(writer, base)) == ([], {})
        with pytest.raises(NotFound):
            await files.get(writer, two)
        await files.delete(writer, one)
        await knowledge.delete(writer, base)

    asking(server, live)


def test_cleanup_keeps_what_another_base_holds(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> None:
        bases = [(await knowledge.create(writer, {"name": unique, "description": ""}))["id"] for _ in range(2)]
        file = await ready(writer, f"{unique}.txt", unique)
        for base in bases:
            await knowledge.add_file(writer, base, file)
        await knowledge.cleanup(writer, bases[0], [file], [])
        assert [row["id"] for row in await knowledge.files(writer, bases[1])] == [file]
        await files.delete(writer, file)
        for base in bases:
            await knowledge.delete(writer, base)

    asking(server, live)


def test_a_text_that_the_base_has_already_is_refused(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> None:
        base = (await knowledge.create(writer, {"name": unique, "description": ""}))["id"]
        ids = [await ready(writer, f"{n}.txt", unique) for n in (1, 2)]
        await knowledge.add_file(writer, base, ids[0])
        with pytest.raises(ApiError, match="Duplicate content"):
            await knowledge.add_file(writer, base, ids[1])
        for id in ids:
            await files.delete(writer, id)
        await knowledge.delete(writer, base)

    asking(server, live)
