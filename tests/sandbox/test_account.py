from __future__ import annotations

from dataclasses import replace

import pytest

from owui_sync.sandbox import Sandbox, sign_in
from owui_sync.sandbox.account import admin_session, api_key, client, move_provider
from owui_sync.sandbox.errors import SignInFailed
from owui_sync.sandbox.state import SandboxRecord, find


@pytest.fixture
def record(open_webui: Sandbox) -> SandboxRecord:
    record = find(open_webui.name)
    assert record
    return record


@pytest.fixture(scope="module")
def session(open_webui: Sandbox) -> str:
    return sign_in(open_webui.url, open_webui.admin_email, open_webui.admin_password)


def test_a_session_token_is_as_good_as_the_key(open_webui: Sandbox, session: str) -> None:
    with client(open_webui.url, session) as http:
        assert http.get("/api/v1/auths/").json()["email"] == open_webui.admin_email


def test_a_wrong_password_is_an_error_in_the_servers_words(open_webui: Sandbox) -> None:
    with pytest.raises(SignInFailed, match=r"nobody@example\.com cannot sign in: .*incorrect") as caught:
        sign_in(open_webui.url, "nobody@example.com", "wrong")
    assert str(caught.value.problems[0].where).startswith("POST http")


def test_the_users_of_a_foreign_data_folder_are_not_touched(record: SandboxRecord) -> None:
    with pytest.raises(SignInFailed, match=r"do not include stranger@example\.com") as caught:
        admin_session(replace(record, admin_email="stranger@example.com", admin_password="wrong"))
    assert "admin_email" in str(caught.value.problems[0].hint)


def test_the_key_that_there_is_stays_valid(record: SandboxRecord, session: str) -> None:
    assert api_key(record, session) == record.token


def test_connections_follow_the_provider(record: SandboxRecord, session: str) -> None:
    moved = replace(record, provider_port=1)
    move_provider(moved, session, record.provider_url)
    try:
        assert _connections(record) == {f"{moved.provider_url}/v1"}
    finally:
        move_provider(record, session, moved.provider_url)
    assert _connections(record) == {f"{record.provider_url}/v1"}


def test_tool_servers_and_webhooks_follow_too(record: SandboxRecord, session: str) -> None:
    path, hooks = "/api/v1/configs/tool_servers", "/api/events/webhooks"
    row = {"path": "", "type": "openapi", "auth_type": "none", "key": "", "config": {}, "info": {"id": "moves"}}
    moved = replace(record, provider_port=1)
    with client(record.url, session) as http:
        before = http.get(path).json()
        rows = [{**row, "url": url} for url in (f"{record.provider_url}/tools/x", f"{record.provider_url}0/tools/x")]
        http.post(path, json={"TOOL_SERVER_CONNECTIONS": rows}).raise_for_status()
        terminals = "/api/v1/configs/terminal_servers"
        http.post(terminals, json={"TERMINAL_SERVER_CONNECTIONS": rows[:1]}).raise_for_status()
        hook = http.post(
            hooks, json={"name": "moves", "url": f"{record.provider_url}/webhooks/x", "events": ["*"]}
        ).json()
        try:
            move_provider(moved, session, record.provider_url)
            urls = [each["url"] for each in http.get(path).json()["TOOL_SERVER_CONNECTIONS"]]
            assert urls == [f"{moved.provider_url}/tools/x", f"{record.provider_url}0/tools/x"]
            (terminal,) = http.get(terminals).json()["TERMINAL_SERVER_CONNECTIONS"]
            assert terminal["url"] == f"{moved.provider_url}/tools/x"
            known = {each["name"]: each["url"] for each in http.get(hooks).json()}
            assert known["moves"] == f"{moved.provider_url}/webhooks/x"
        finally:
            move_provider(record, session, moved.provider_url)
            http.delete(f"{hooks}/{hook['id']}").raise_for_status()
            http.post(path, json=before).raise_for_status()
            http.post(terminals, json={"TERMINAL_SERVER_CONNECTIONS": []}).raise_for_status()


def test_connections_to_elsewhere_stay(record: SandboxRecord, session: str) -> None:
    move_provider(replace(record, provider_port=1), session, "http://127.0.0.1:2")
    assert _connections(record) == {f"{record.provider_url}/v1"}


def _connections(record: SandboxRecord) -> set[str]:
    with client(record.url, record.token) as http:
        chat = http.get("/openai/config").json()["OPENAI_API_BASE_URLS"]
        return {*chat, http.get("/api/v1/retrieval/embedding").json()["openai_config"]["url"]}
