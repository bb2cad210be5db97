from __future__ import annotations

import pytest

from owui_sync.client.api import folders
from owui_sync.client.connect import Server
from owui_sync.client.errors import ApiError, NotFound
from owui_sync.client.writer import Writer
from tests.support.asking import asking, counting


def test_life_of_a_folder_one_request_a_step(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> None:
        top = await folders.create(writer, unique, None, {}, {})
        made = await folders.create(writer, "in", top["id"], {"system_prompt": "s"}, {"icon": "fire", "x": 1})
        [listed] = [row for row in await folders.own(writer) if row["id"] == made["id"]]
        assert (listed["parent_id"], "data" in listed, listed["meta"]) == (top["id"], False, {"icon": "fire"})
        changed = await folders.update(writer, made["id"], {"data": {"files": []}, "meta": {"x": None}})
        assert changed["data"] == {"system_prompt": "s", "files": []}
        assert changed["meta"] == {"icon": "fire", "x": None}
        assert (await folders.get(writer, made["id"]))["access_grants"] == []
        assert (await folders.move(writer, made["id"], None))["parent_id"] is None
        await folders.move(writer, made["id"], top["id"])
        await folders.delete(writer, top["id"])
        with pytest.raises(NotFound):
            await folders.get(writer, made["id"])

    assert counting(server, live)[1] == 9


def test_a_name_that_is_taken_in_another_case_is_refused(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> None:
        top = await folders.create(writer, unique, None, {}, {})
        with pytest.raises(ApiError, match="already exists"):
            await folders.create(writer, unique.upper(), None, {}, {})
        await folders.delete(writer, top["id"])

    asking(server, live)
