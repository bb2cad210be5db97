"""Channels on every version, checked through the server's own API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from owui_sync.sandbox.paths import locked
from tests.support.project import Project, causes, changes
from tests.support.server import PUBLIC, Server

SETTINGS = "/api/v1/auths/admin/config"


def switch(server: Server, on: bool) -> None:
    """Switch channels on or off. An API key may not send the settings of MFA."""
    settings = {name: value for name, value in server.get(SETTINGS).items() if "MFA" not in name}
    server.post(SETTINGS, {**settings, "ENABLE_CHANNELS": on})


@pytest.fixture(autouse=True)
def _channels_enabled(server: Server) -> Iterator[None]:
    with locked("pytest-channels"):
        switch(server, True)
        yield
        switch(server, False)


@pytest.fixture
def key(project: Project) -> str:
    return f"room-{project.stack[-8:]}"


def rooms(server: Server, key: str) -> list[Any]:
    """The channels of that name, as the server has them."""
    return [row for row in server.get("/api/v1/channels/list") if row["name"] == key]


def test_a_setting_that_switches_channels_on_comes_before_them(project: Project, server: Server, key: str) -> None:
    switch(server, False)
    project.write(f"settings: {{general: {{ENABLE_CHANNELS: true}}}}\nchannels: {{{key}: {{}}}}\n")
    assert changes(project.apply()) == {"setting/general": "adopt", f"channel/{key}": "create"}
    assert len(rooms(server, key)) == 1
    # The next stack may need the setting.
    project.write("")
    project.apply()


def test_a_channel_is_made_changed_renamed_and_deleted(project: Project, server: Server, key: str) -> None:
    project.write(f"channels:\n  {key.upper()}: {{description: News, access: public}}\n")
    assert changes(project.apply()) == {f"channel/{key}": "create"}
    [made] = rooms(server, key)
    assert (made["description"], server.grants(made)) == ("News", PUBLIC)
    assert changes(project.plan()) == {}

    project.write(f"channels:\n  {key}: {{description: Old news, private: true, access: private}}\n")
    fields = ("description", "private", "access")
    assert causes(project.apply()) == {f"channel/{key} {field}": "manifest" for field in fields}
    [changed] = rooms(server, key)
    assert (changed["id"], changed["description"], server.grants(changed)) == (made["id"], "Old news", set())
    assert (made["is_private"], changed["is_private"]) == (None, True)

    project.write(f"channels:\n  {key}: {{description: Old news, access: public}}\n")
    assert causes(project.apply()) == {f"channel/{key} access": "manifest", f"channel/{key} private": "reset"}
    [shared] = rooms(server, key)
    assert (shared["description"], server.grants(shared)) == ("Old news", PUBLIC)
    assert shared["is_private"] is None

    new = f"{key}-new"
    project.write(
        f"channels:\n  {new}: {{description: Old news, access: public}}\n"
        f"moved:\n  - {{channels: {{from: {key}, to: {new}}}}}\n"
    )
    assert changes(project.apply()) == {f"channel/{new}": "move"}
    [moved] = rooms(server, new)
    assert (moved["id"], server.grants(moved)) == (made["id"], PUBLIC)
    assert changes(project.plan()) == {}

    project.write("")
    assert changes(project.apply()) == {f"channel/{new}": "delete"}
    assert rooms(server, new) == []


def test_a_channel_that_is_there_is_adopted_and_keeps_what_is_not_written(
    project: Project, server: Server, key: str
) -> None:
    body = {"name": key, "description": "mine", "data": {"a": 1}, "meta": {"b": 2}, "access_control": {}}
    made = server.post("/api/v1/channels/create", body)
    project.write(f"channels:\n  {key}: {{access: public}}\n")
    assert changes(project.apply()) == {f"channel/{key}": "adopt"}
    [row] = rooms(server, key)
    assert (row["id"], row["description"], server.grants(row)) == (made["id"], "mine", PUBLIC)
    assert (row["data"], row["meta"]) == (made["data"], made["meta"])


def test_rooms_of_people_are_left_alone(project: Project, server: Server, key: str) -> None:
    body = {"name": key, "type": "group", "user_ids": [], "group_ids": []}
    made = server.post("/api/v1/channels/create", body)
    project.write(f"channels:\n  {key}: {{description: News}}\n")
    assert changes(project.apply()) == {f"channel/{key}": "create"}
    [theirs] = [row for row in server.get("/api/v1/channels/list") if row["id"] == made["id"]]
    assert theirs["description"] != "News"


def test_an_export_says_the_channel(project: Project, server: Server, key: str) -> None:
    project.write(f"channels:\n  {key}: {{description: News, access: public}}\n")
    project.apply()
    ran = project.run("export", "-o", "out", "--stack", project.stack)
    assert ran.code == 0, ran.err
    ran = project.run("plan", "--config", "out/owui-sync.yaml", "--format", "json")
    assert ran.code == 0, ran.err
    assert changes(ran.document) == {}


def test_where_channels_are_switched_off_nothing_is_forgotten(project: Project, server: Server, key: str) -> None:
    project.write(f"channels:\n  {key}: {{description: News}}\n")
    project.apply()
    switch(server, False)
    ran = project.run("plan", ".")
    assert ran.code == 0, ran.err
    assert "channels are switched off on the server (ENABLE_CHANNELS)" in ran.err + ran.out
    ran = project.run("apply", ".", "--yes")
    assert ran.code in (1, 3)
    assert "hannels" in ran.err + ran.out
    project.write("")
    assert changes(project.apply()) == {}
    switch(server, True)
    assert changes(project.plan()) == {f"channel/{key}": "delete"}
    project.apply()
    assert rooms(server, key) == []
