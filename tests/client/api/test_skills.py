from __future__ import annotations

import pytest

from owui_sync.client.api import skills
from owui_sync.client.connect import Server
from owui_sync.client.errors import Conflict, NotFound
from owui_sync.client.writer import Writer
from tests.support.asking import asking, counting


def test_a_list_takes_one_request(server: Server) -> None:
    assert counting(server, skills.list_all)[1] == 1


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
        assert ("files" in row, row["access_grants"]) == (False, [])
        assert await skills.files(writer, unique) == files
        await skills.delete(writer, unique)
        with pytest.raises(NotFound):
            await skills.delete(writer, unique)

    asking(server, live)
