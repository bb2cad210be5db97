from __future__ import annotations

from typing import Any

import pytest

from owui_sync.client.api import channels
from owui_sync.client.connect import Server
from owui_sync.client.errors import Forbidden
from owui_sync.client.writer import Writer
from owui_sync.sandbox.paths import locked
from tests.support.asking import asking, counting

SETTINGS = "/api/v1/auths/admin/config"


async def switch(writer: Writer, on: bool) -> None:
    settings = {name: value for name, value in (await writer.get(SETTINGS)).items() if "MFA" not in name}
    await writer.update(SETTINGS, {**settings, "ENABLE_CHANNELS": on})


@pytest.fixture
def server(server: Server) -> Any:
    """The server with channels switched on."""
    with locked("pytest-channels"):
        asking(server, lambda writer: switch(writer, on=True))
        yield server
        asking(server, lambda writer: switch(writer, on=False))


def test_a_list_takes_one_request(server: Server) -> None:
    assert counting(server, channels.list_all)[1] == 1


def test_a_channel_from_its_creation_to_its_end(server: Server, unique: str) -> None:
    async def live(writer: Writer) -> None:
        body = {"name": unique.upper(), "description": "d"}
        made = await channels.create(writer, body)
        assert (made["name"], made["description"]) == (unique, "d")
        everybody = {"principal_type": "user", "principal_id": "*", "permission": "read"}
        shared = await channels.set_access(writer, made["id"], [everybody])
        assert [grant["permission"] for grant in shared["access_grants"]] == ["read"]
        changed = await channels.update(writer, made["id"], {"name": unique})
        assert (changed["description"], len(changed["access_grants"])) == (None, 1)
        group = await channels.create(writer, {"name": unique, "type": "group"})
        assert [row["id"] for row in await channels.list_all(writer) if row["name"] == unique] == [made["id"]]
        for id in (made["id"], group["id"]):
            await channels.delete(writer, id)

    asking(server, live)


def test_where_channels_are_switched_off_every_route_is_forbidden(server: Server) -> None:
    async def ask(writer: Writer) -> bool:
        await switch(writer, on=False)
        with pytest.raises(Forbidden) as caught:
            await channels.list_all(writer)
        return channels.are_switched_off(caught.value)

    assert asking(server, ask)
