"""Prompts through both classes of the client library, on every version, checked through the server's own API."""

from __future__ import annotations

import pytest

from owui_sync import OpenWebUIClient
from owui_sync.client.errors import ApiError, Missing, WrongValue
from tests.support.clients import fails, finds_nothing
from tests.support.server import PUBLIC, Server


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_new_prompt_has_what_was_given(client: OpenWebUIClient, server: Server, unique: str, slash: str) -> None:
    made = client.create_prompt(f"{slash}{unique}", "Title", "Text {{x}}")
    row = server.prompts()[unique]
    assert made is not None
    assert (made["command"], made["title"], made["name"]) == (row["command"], "Title", "Title")
    assert (server.title(row), row["content"], server.grants(row)) == ("Title", "Text {{x}}", set())
    assert row["command"] == f"/{unique}" if server.old else unique


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_prompt_is_found_with_and_without_slash(
    client: OpenWebUIClient, server: Server, unique: str, slash: str
) -> None:
    server.create_prompt(unique, "Title", "Text", PUBLIC)
    found = client.get_prompt_by_command(slash + unique)
    assert found is not None
    assert (found["title"], found["name"], found["content"]) == ("Title", "Title", "Text")
    assert found["command"] == server.prompts()[unique]["command"]
    assert client.update_prompt_by_command(slash + unique, content="New")
    row = server.prompts()[unique]
    assert (server.title(row), row["content"], server.grants(row)) == ("Title", "New", PUBLIC)
    assert client.delete_prompt_by_command(slash + unique) is True
    assert unique not in server.prompts()


def test_an_update_keeps_what_is_not_given(client: OpenWebUIClient, server: Server, unique: str) -> None:
    more = {} if server.old else {"tags": ["a"], "meta": {"team": "x"}}
    server.create_prompt(unique, "Title", "Text", PUBLIC, **more)
    assert client.update_prompt_by_command(unique, title="New")
    row = server.prompts()[unique]
    assert (server.title(row), row["content"], server.grants(row)) == ("New", "Text", PUBLIC)
    assert {key: row[key] for key in more} == more
    assert client.update_prompt_by_command(unique, access_control="private")
    assert server.grants(server.prompts()[unique]) == set()


def test_an_inactive_prompt_stays_so(client: OpenWebUIClient, server: Server, unique: str) -> None:
    made = server.create_prompt(unique, "Title", "Text", PUBLIC)
    if server.old:
        assert "is_active" not in made, "prompts are always active before 0.8.0"
        return
    id = made["id"]
    server.post(f"/api/v1/prompts/id/{id}/toggle")
    assert client.update_prompt_by_command(unique, content="New")
    row = server.get(f"/api/v1/prompts/id/{id}")
    assert (row["content"], row["is_active"]) == ("New", False)
    assert unique in [row["command"] for row in client.get_prompts() or ()]


def test_a_replaced_prompt_has_another_command(client: OpenWebUIClient, server: Server, unique: str) -> None:
    server.create_prompt(unique, "Title", "Text", PUBLIC)
    before = server.prompts()[unique]
    made = client.replace_prompt_by_command(unique, f"/{unique}-new", "New", "New text")
    assert made is not None
    assert unique not in server.prompts()
    row = server.prompts()[f"{unique}-new"]
    assert (server.title(row), row["content"], server.grants(row)) == ("New", "New text", PUBLIC)
    assert made["command"] == row["command"]
    assert server.old or row["id"] == before["id"]
    assert client.replace_prompt_by_command(f"{unique}-new", f"{unique}-new", "Newer", "Text", "private")
    assert server.grants(server.prompts()[f"{unique}-new"]) == set()


def test_lists_have_what_the_server_has(client: OpenWebUIClient, server: Server, unique: str) -> None:
    for number in range(max(1, 31 - len(server.prompts()))):  # More than one page.
        server.create_prompt(f"{unique}-{number}", "T", "Text", set())
    commands = sorted(row["command"] for row in server.prompts().values())
    inactive = {row["command"] for row in client.get_prompts() or () if row.get("is_active") is False}
    for rows in (client.get_prompts(), client.get_prompts_list(), client.search_prompts()):
        assert rows is not None
        assert sorted(row["command"] for row in rows if row["command"] not in inactive) == commands
        assert all(row["title"] == row["name"] for row in rows)
    admin = server.project.sandbox.admin_email
    owners = {row["command"]: row["user"]["email"] for row in client.get_prompts_list() or ()}
    assert owners[server.prompts()[f"{unique}-0"]["command"]] == admin


def test_search_looks_where_it_is_told_to(client: OpenWebUIClient, server: Server, unique: str) -> None:
    server.create_prompt(f"{unique}-a", "Apple", f"Pear {unique}", set())
    server.create_prompt(f"{unique}-b", f"Cherry {unique}", "Apple", set())

    def found(query: str, **options: bool) -> list[str]:
        return sorted(row["command"][-1] for row in client.search_prompts(query, **options))

    assert found(f"cherry {unique}".upper()) == ["b"]
    assert found(unique, by_command=True, by_title=False) == ["a", "b"]
    assert found(f"pear {unique}", by_content=True) == ["a"]
    assert found(f"pear {unique}") == []


def test_many_prompts_at_once(client: OpenWebUIClient, server: Server, unique: str) -> None:
    good = {"command": f"/{unique}-1", "title": "One", "content": "1", "access_control": "public"}
    bad = {"command": f"{unique}-2", "title": "Two"}
    result = client.batch_create_prompts([good, good, bad])
    assert [row["title"] for row in result["success"]] == ["One"]
    assert [each["data"] for each in result["failed"]] == [good, bad]
    assert "already registered" in result["failed"][0]["error"]
    assert "content" in result["failed"][1]["error"]
    assert result["total"] == 3
    assert server.grants(server.prompts()[f"{unique}-1"]) == PUBLIC
    stopped = client.batch_create_prompts([bad, {**good, "command": f"{unique}-3"}], continue_on_error=False)
    assert (stopped["success"], len(stopped["failed"]), stopped["total"]) == ([], 1, 2)
    assert f"{unique}-3" not in server.prompts()
    deleted = client.batch_delete_prompts([f"{unique}-none", f"{unique}-1"])
    assert (deleted["success"], deleted["failed"][0]["command"]) == ([f"{unique}-1"], f"{unique}-none")
    assert deleted["total"] == 2
    assert f"{unique}-1" not in server.prompts()


def test_what_cannot_be_done_fails_as_documented(
    client: OpenWebUIClient, caplog: pytest.LogCaptureFixture, server: Server, unique: str
) -> None:
    server.create_prompt(unique, "Title", "Text", PUBLIC)
    server.create_prompt(f"{unique}-2", "Title", "Text", PUBLIC)
    fails(client, caplog, ApiError, None, "create_prompt", unique, "Title", "Text")
    finds_nothing(client, caplog, Missing, "get_prompt_by_command", "none")
    fails(client, caplog, Missing, None, "update_prompt_by_command", "none", "Title")
    fails(client, caplog, Missing, None, "replace_prompt_by_command", "none", "x", "Title", "Text")
    fails(client, caplog, ApiError, None, "replace_prompt_by_command", unique, f"{unique}-2", "Title", "Text")
    fails(client, caplog, Missing, False, "delete_prompt_by_command", "none")
    with pytest.raises(WrongValue, match="access_control"):
        client.create_prompt("x", "x", "x", "everybody")
    assert server.prompts()[unique]["content"] == "Text"


def test_without_rights_it_fails_as_documented(
    nobody: OpenWebUIClient, caplog: pytest.LogCaptureFixture, server: Server, unique: str
) -> None:
    server.create_prompt(unique, "Title", "Text", PUBLIC)
    fails(nobody, caplog, ApiError, None, "create_prompt", f"{unique}-2", "Title", "Text")
    fails(nobody, caplog, ApiError, None, "update_prompt_by_command", unique, "x")
    fails(nobody, caplog, ApiError, False, "delete_prompt_by_command", unique)
    assert server.title(server.prompts()[unique]) == "Title"


def test_variables_of_texts(client: OpenWebUIClient) -> None:
    text = '{{b}} {{ a }} {{c | select:options=["x","y"]}} {{b}} {{CURRENT_DATE}} {{ not one }} {single}'
    assert client.extract_variables(text) == ["b", "a", "c", "CURRENT_DATE"]
    now = client.get_system_variables()
    assert set(now) >= {"CURRENT_DATE", "CURRENT_DATETIME", "CURRENT_TIME", "CURRENT_TIMEZONE", "CURRENT_WEEKDAY"}
    values = {"a": r"\1 {{b}} $1", "b": 2, "CURRENT_DATE": "never"}
    assert client.substitute_variables(text, values) == (
        '2 \\1 {{b}} $1 {{c | select:options=["x","y"]}} 2 never {{ not one }} {single}'
    )
    assert client.substitute_variables("{{CURRENT_DATE}}{{.*}}", {".*": "x"}, now) == f"{now['CURRENT_DATE']}x"
