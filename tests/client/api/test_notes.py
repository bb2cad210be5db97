from __future__ import annotations

from typing import Any

import pytest

from owui_sync.client.api import notes
from owui_sync.client.connect import Server
from owui_sync.client.errors import Forbidden, NotFound
from owui_sync.client.writer import Writer
from tests.support.asking import asking, counting


def test_life_of_a_note_one_request_a_step(server: Server, unique: str) -> None:
    grant = {"principal_type": "user", "principal_id": "*", "permission": "read"}

    async def live(writer: Writer) -> None:
        made: Any = await notes.create(writer, {"title": unique, "data": {"content": {"md": "x" * 1500}}})
        listed: Any
        [listed] = [row for row in await notes.own(writer) if row["id"] == made["id"]]
        assert (len(listed["data"]["content"]["md"]), listed["access_grants"]) == (notes.LISTED, [])
        whole: Any = await notes.get(writer, made["id"])
        assert whole["data"]["content"]["md"] == "x" * 1500
        assert (await notes.update(writer, made["id"], {"title": f"{unique} new"}))["title"] == f"{unique} new"
        assert len((await notes.set_access(writer, made["id"], [grant]))["access_grants"]) == 1
        await notes.delete(writer, made["id"])
        with pytest.raises(NotFound):
            await notes.get(writer, made["id"])

    pages = counting(server, notes.own)[1]
    assert counting(server, live)[1] == 6 + pages


def test_notes_of_others_are_neither_listed_nor_reached(server: Server, plain: Server, unique: str) -> None:
    made = asking(server, lambda writer: notes.create(writer, {"title": unique}))
    theirs = asking(plain, lambda writer: notes.create(writer, {"title": unique}))
    assert made["id"] not in {row["id"] for row in asking(plain, notes.own)}
    assert theirs["id"] not in {row["id"] for row in asking(server, notes.own)}
    with pytest.raises(Forbidden):
        asking(plain, lambda writer: notes.get(writer, made["id"]))
    asking(server, lambda writer: notes.delete(writer, made["id"]))
    asking(server, lambda writer: notes.delete(writer, theirs["id"]))
