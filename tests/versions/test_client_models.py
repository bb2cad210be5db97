"""Models through both classes of the client library, on every version, checked through the server's own API."""

from __future__ import annotations

from typing import Any

import pytest

from owui_sync import OpenWebUIClient
from owui_sync.client.errors import ApiError, Forbidden, Missing, NotFound, WrongValue
from tests.support.clients import fails, finds_nothing
from tests.support.server import PUBLIC, Server, User

PNG = "data:image/png;base64,iVBORw0KGgo="


@pytest.fixture
def group(server: Server, unique: str) -> Any:
    return server.post("/api/v1/groups/create", {"name": f"Group {unique}", "description": ""})


@pytest.fixture
def user(server: Server, unique: str) -> User:
    return server.user(f"reader-{unique}")


def both(*principals: tuple[str, str]) -> set[tuple[str, str, str]]:
    return {(permission, *principal) for permission in ("read", "write") for principal in principals}


def test_a_model_is_made_with_everything_that_is_given(client: OpenWebUIClient, server: Server, unique: str) -> None:
    made = client.create_model(
        unique,
        "A bot",
        "stub-small",
        description="Answers",
        params={"temperature": 0.2, "system": "Be brief."},
        profile_image_url=PNG,
        suggestion_prompts=["Hello?", "Why?"],
        tags=["one", "two"],
        capabilities={"vision": False},
        is_active=False,
    )
    row = server.models()[unique]
    assert made is not None
    assert made["id"] == unique
    assert (row["name"], row["base_model_id"], row["is_active"]) == ("A bot", "stub-small", False)
    assert row["params"] == {"temperature": 0.2, "system": "Be brief."}
    meta = row["meta"]
    assert (meta["description"], meta["profile_image_url"]) == ("Answers", PNG)
    assert meta["suggestion_prompts"] == [{"content": "Hello?"}, {"content": "Why?"}]
    assert (meta["tags"], meta["capabilities"]) == ([{"name": "one"}, {"name": "two"}], {"vision": False})
    assert server.grants(row) == PUBLIC


def test_access_of_a_new_model(client: OpenWebUIClient, server: Server, unique: str, group: Any, user: User) -> None:
    cases: list[tuple[dict[str, Any], set[tuple[str, str, str]]]] = [
        ({}, PUBLIC),
        ({"permission_type": "private"}, set()),
        ({"permission_type": "private", "user_ids": [user.id]}, both(("user", user.id))),
        ({"permission_type": "group", "group_identifiers": [group["name"]]}, both(("group", group["id"]))),
        (
            {"permission_type": "group", "group_identifiers": [group["id"]], "user_ids": [user.id]},
            both(("group", group["id"]), ("user", user.id)),
        ),
        (
            {"access_control": {key: {"group_ids": [group["id"]]} for key in ("read", "write")}},
            both(("group", group["id"])),
        ),
        ({"access_control": {}}, set()),
    ]
    for number, (options, grants) in enumerate(cases):
        assert client.create_model(f"{unique}-{number}", "x", "stub-small", **options)
        assert server.grants(server.models()[f"{unique}-{number}"]) == grants


def test_an_update_changes_what_is_given_and_keeps_the_rest(
    client: OpenWebUIClient, server: Server, unique: str, user: User
) -> None:
    client.create_model(
        unique, "Old", "stub-small", "Words", {"temperature": 1, "system": "S", "seed": 1}, "private", None, [user.id],
        PNG, ["Hi"], ["t"], {"vision": True, "citations": True}, False,
    )  # fmt: skip
    before = server.models()[unique]
    assert client.update_model(
        unique, name="New", params={"temperature": 0, "seed": None}, capabilities={"vision": False}
    )
    after = server.models()[unique]
    assert (after["name"], after["params"]) == ("New", {"temperature": 0, "system": "S"})
    assert after["meta"] == {**before["meta"], "capabilities": {"vision": False, "citations": True}}
    assert (after["base_model_id"], after["is_active"]) == ("stub-small", False)
    assert server.grants(after) == both(("user", user.id))
    assert client.update_model(
        unique, base_model_id="gpt-4.1-mini", description="", permission_type="public", tags=[], is_active=True
    )
    after = server.models()[unique]
    assert (after["base_model_id"], after["is_active"], after["name"]) == ("gpt-4.1-mini", True, "New")
    assert (after["meta"]["description"], after["meta"]["tags"], after["meta"]["profile_image_url"]) == ("", [], PNG)
    assert server.grants(after) == PUBLIC
    assert client.update_model(unique, access_control={"read": {"user_ids": [user.id]}})
    after = server.models()[unique]
    assert (after["name"], server.grants(after)) == ("New", {("read", "user", user.id)})


def test_a_providers_model_gets_its_first_settings_by_an_update(client: OpenWebUIClient, server: Server) -> None:
    try:
        assert client.update_model("gpt-4.1-mini", description="Big", permission_type="public")
        row = server.models()["gpt-4.1-mini"]
        assert (row["base_model_id"], row["meta"]["description"], server.grants(row)) == (None, "Big", PUBLIC)
    finally:
        assert client.delete_model("gpt-4.1-mini") is True


def test_lists_have_what_the_server_has(client: OpenWebUIClient, server: Server, unique: str, group: Any) -> None:
    there = {row["id"] for row in server.get("/api/v1/models/export") if row["base_model_id"]}
    mine = {f"{unique}-{number}" for number in range(max(1, 31 - len(there)))}  # More than one page of the list.
    for id in mine:
        body = {"id": id, "name": "x", "base_model_id": "stub-small", "meta": {}, "params": {}}
        server.post("/api/v1/models/create", body)
    usable = {row["id"] for row in server.get("/api/models")["data"]}
    assert {row["id"] for row in client.list_models() or ()} == usable == set(client.available_model_ids)
    assert usable >= mine
    base = {row["id"] for row in client.list_base_models() or ()}
    assert base == {row["id"] for row in server.get("/api/models/base")["data"]}
    assert (
        {row["id"] for row in client.list_custom_models() or ()}
        == {row["id"] for row in server.get("/api/v1/models/export") if row["base_model_id"]}
        >= mine
    )
    assert {row["id"] for row in client.list_groups() or ()} == {row["id"] for row in server.groups().values()}


def test_one_model_is_its_row_or_what_the_provider_tells(client: OpenWebUIClient, server: Server, unique: str) -> None:
    client.create_model(unique, "Bot", "stub-small", params={"temperature": 1})
    row, stub = client.get_model(unique), client.get_model("stub-small")
    assert row is not None
    assert (row["id"], row["params"]) == (unique, server.models()[unique]["params"])
    assert (row["meta"]["tags"], row["meta"]["capabilities"], row["meta"]["suggestion_prompts"]) == ([], {}, None)
    assert stub is not None
    assert stub["id"] == "stub-small"


def test_a_deleted_model_is_gone(client: OpenWebUIClient, server: Server, unique: str) -> None:
    client.create_model(unique, "Bot", "stub-small")
    assert client.delete_model(unique) is True
    assert unique not in server.models()


def test_many_models_get_the_same_access(client: OpenWebUIClient, server: Server, unique: str, group: Any) -> None:
    ids = [f"{unique}-{number}" for number in range(4)]
    for id in ids:
        client.create_model(id, f"Bot {id}", "stub-small", "Words", {"temperature": 1}, is_active=False)
    before = server.models()
    result = client.batch_update_model_permissions(
        [ids[0], {"id": ids[1], "name": "x"}],
        "group",
        [group["name"]],
        max_workers=2,
        model_identifiers=[ids[2], "none"],
        model_keyword=f"BOT {unique.upper()}-3",
    )
    assert sorted(result["success"]) == ids
    assert result["skipped"] == []
    assert [each["model_id"] for each in result["failed"]] == ["none"]
    assert "none" in result["failed"][0]["error"]
    after = server.models()
    for id in ids:
        assert server.grants(after[id]) == both(("group", group["id"]))
        assert {key: after[id][key] for key in ("name", "params", "meta", "is_active", "base_model_id")} == {
            key: before[id][key] for key in ("name", "params", "meta", "is_active", "base_model_id")
        }
    again = client.batch_update_model_permissions(ids, "group", [group["id"]])
    assert (again["success"], sorted(again["skipped"])) == ([], ids)
    assert "none" not in server.models()


def test_what_cannot_be_done_fails_as_documented(
    client: OpenWebUIClient, caplog: pytest.LogCaptureFixture, server: Server, unique: str
) -> None:
    client.create_model(unique, "Bot", "stub-small")
    finds_nothing(client, caplog, NotFound, "get_model", f"{unique}-none")
    fails(client, caplog, ApiError, None, "create_model", unique, "Bot", "stub-small")
    fails(client, caplog, Missing, None, "update_model", f"{unique}-none", name="x")
    fails(client, caplog, NotFound, False, "delete_model", f"{unique}-none")
    fails(client, caplog, Missing, None, "create_model", "x", "x", permission_type="group", group_identifiers=["none"])
    fails(client, caplog, WrongValue, None, "create_model", "x", "x", permission_type="friends")
    nothing: dict[str, list[str]] = {"success": [], "failed": [], "skipped": []}
    fails(client, caplog, WrongValue, nothing, "batch_update_model_permissions")
    assert "x" not in server.models()


def test_without_rights_it_fails_as_documented(
    nobody: OpenWebUIClient, caplog: pytest.LogCaptureFixture, client: OpenWebUIClient, unique: str
) -> None:
    client.create_model(unique, "Bot", "stub-small", permission_type="private")
    fails(nobody, caplog, ApiError, None, "create_model", f"{unique}-2", "Bot", "stub-small")
    fails(nobody, caplog, ApiError, None, "get_model", unique)
    fails(nobody, caplog, ApiError, False, "delete_model", unique)
    fails(nobody, caplog, Forbidden, None, "list_base_models")
