"""Settings without a server: the table of fields, lists, entries, and which changes lock somebody out."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from owui_sync.client.versions import TESTED, Version
from owui_sync.kinds import KINDS
from owui_sync.kinds.credential import Credential
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.settings import entries, listed, listed_rows, schema
from owui_sync.kinds.settings.entries import AREAS, identity, put, values_of
from owui_sync.kinds.settings.lockout import NEEDED, dangers
from owui_sync.kinds.settings.table import BY_EXPORT, SPECS
from owui_sync.kinds.write import WriteRequest
from owui_sync.values import ABSENT

SETTING = KINDS["setting"]
KEY, SESSION = Credential(is_key=True, version="0.12.4"), Credential(is_key=False, version="0.12.4")


def test_every_field_has_one_plain_sentence_and_a_place_of_its_own() -> None:
    wrong = [
        spec.path for spec in SPECS if not spec.says.endswith(".") or ". " in spec.says or not spec.says[0].isupper()
    ]
    assert wrong == []
    assert len(BY_EXPORT) == len({spec.path for spec in SPECS}) == len(SPECS)


def test_every_default_fits_its_own_schema() -> None:
    minimal = {"search_base"}  # A new server has none, and its form refuses an empty one.
    for spec in SPECS:
        if spec.default is not ABSENT and spec.path not in minimal:
            Draft202012Validator(schema.of_spec(spec)).validate(spec.default)
        for example in schema.of_spec(spec).get("examples", ()):
            Draft202012Validator(schema.of_spec(spec)).validate(example)


def test_every_version_of_a_field_is_a_tested_one() -> None:
    assert {Version.parse(spec.since) for spec in SPECS if spec.since} <= set(TESTED)


def test_a_default_may_differ_between_versions() -> None:
    spec = next(spec for spec in SPECS if spec.path == "ENABLE_EVALUATION_ARENA_MODELS")
    assert [spec.default_on(version) for version in TESTED] == [True] * 6 + [False]


def test_an_area_cannot_be_absent_and_an_entry_can() -> None:
    assert SETTING.is_permanent("general")
    assert not SETTING.is_permanent("tool_servers.clock")
    keys = Draft202012Validator(SETTING.key)
    assert keys.is_valid("tool_servers.clock")
    assert not keys.is_valid("general")


@pytest.mark.parametrize(
    ("key", "path", "secret"),
    [
        ("webhooks.audit", "url", True),
        ("tool_servers.clock", "url", False),
        ("tool_servers.clock", "key", True),
        ("connections", "openai.https://api.example.com/v1", False),
        ("connections", "openai.https://api.example.com/v1.key", True),
        ("retrieval", "web.BRAVE_SEARCH_API_KEY", True),
        ("config", "oauth.someone.client_secret", True),
        ("config", "oauth.someone.client_id", False),
    ],
)
def test_what_is_secret_depends_on_the_area(key: str, path: str, secret: bool) -> None:
    assert SETTING.is_secret(path, {}, key) is secret


def test_a_url_tells_connections_apart_and_the_prefix_where_it_repeats() -> None:
    items: list[dict[str, Any]] = [{"url": "a"}, {"url": "b", "prefix": "x"}, {"url": "b", "prefix": "y"}, {"url": "a"}]
    assert listed.keys_of("openai", items) == ["a", "b#x", "b#y", "a#2"]


def test_the_key_of_a_connection_has_a_path_of_its_own() -> None:
    found = dict(listed.paths("openai", [{"url": "a", "key": "k", "tags": ["t"]}]))
    assert found == {"openai": ["a"], "openai.a": {"url": "a", "tags": ["t"]}, "openai.a.key": "k"}


BODY: dict[str, Any] = {
    "OPENAI_API_BASE_URLS": ["a", "b"],
    "OPENAI_API_KEYS": ["1", "2"],
    "OPENAI_API_CONFIGS": {"0": {"enable": True, "azure": True}, "1": {"enable": False, "tags": [{"name": "t"}]}},
}


def test_connections_are_written_back_as_they_were_read() -> None:
    items = listed_rows.from_form("openai", BODY)
    assert listed_rows.to_form("openai", items) == BODY


def test_addresses_keys_and_configurations_move_together() -> None:
    items = listed_rows.from_form("openai", BODY)
    body = listed_rows.to_form("openai", listed.merged("openai", items, {"openai": ["b", "a"]}) or [])
    assert body["OPENAI_API_BASE_URLS"] == ["b", "a"]
    assert body["OPENAI_API_KEYS"] == ["2", "1"]
    assert body["OPENAI_API_CONFIGS"] == {"0": BODY["OPENAI_API_CONFIGS"]["1"], "1": BODY["OPENAI_API_CONFIGS"]["0"]}


def test_a_connection_keeps_a_key_that_is_not_written_when_a_second_one_gets_its_url() -> None:
    items = listed_rows.from_form("openai", {**BODY, "OPENAI_API_BASE_URLS": ["a"], "OPENAI_API_KEYS": ["1"]})
    values = {"openai": ["a#x", "a#y"], "openai.a#x": {"prefix": "x"}, "openai.a#y": {"url": "a", "prefix": "y"}}
    merged = listed.merged("openai", items, values) or []
    assert [item.get("key") for item in merged] == ["1", "1"]


def test_a_banner_keeps_its_time_and_a_new_one_gets_it() -> None:
    rows = [{"id": "x", "type": "info", "title": None, "content": "c", "dismissible": True, "timestamp": 5}]
    items = listed_rows.from_rows("banners", rows) or []
    values = {"banners": ["x", "y"], "banners.y": {"id": "y", "type": "info", "content": "d", "dismissible": True}}
    written = listed_rows.to_rows("banners", listed.merged("banners", items, values) or [], 9)
    assert [(row["id"], row["timestamp"]) for row in written] == [("x", 5), ("y", 9)]


def test_a_tool_server_never_gets_a_null_for_its_config_or_info() -> None:
    write = WriteRequest("tool_servers.c", {"url": "u"}, IdIndex(), "")
    item = put("tool_servers", {"config": None, "info": None}, write, lambda rows: {"access_grants": rows})
    assert (item["config"], item["info"]) == ({}, {})


@pytest.mark.parametrize("area", AREAS)
def test_an_entry_is_read_as_it_was_written(area: str) -> None:
    values = {
        name: {
            "enabled": False,
            "access": "private",
            "targets": "everyone",
            "headers": {"A": "b"},
            "mode": "exclude",
        }.get(name, ["x"] if field.schema.get("type") == "array" else "mcp" if name == "type" else "x")
        for name, field in AREAS[area].fields.items()
    }
    item = put(
        area,
        AREAS[area].fresh(),
        WriteRequest(f"{area}.k", values, IdIndex(), ""),
        lambda rows: {"access_grants": rows},
    )
    assert values_of(area, item, IdIndex(), old=False) == values


def test_an_entry_without_an_id_cannot_be_named() -> None:
    assert identity("tool_servers", {"url": "u", "info": {}}) is None
    assert identity("webhooks", {"id": "1", "name": "audit"}) == ("audit", "1")


def test_switching_off_api_keys_is_a_lockout_for_a_key_alone() -> None:
    values = {"ENABLE_API_KEYS": False}
    assert [path for path, _ in dangers(values, {}, KEY)] == ["ENABLE_API_KEYS"]
    assert list(dangers(values, {}, SESSION)) == []


def test_restrictions_may_be_switched_on_where_they_leave_what_is_needed() -> None:
    on = {"ENABLE_API_KEYS_ENDPOINT_RESTRICTIONS": True}
    [(path, why)] = dangers(on, {"API_KEYS_ALLOWED_ENDPOINTS": "/api/v1"}, KEY)
    assert path == "ENABLE_API_KEYS_ENDPOINT_RESTRICTIONS"
    assert "/openai" in why
    assert "/api/v1," not in why
    assert list(dangers(on, {"API_KEYS_ALLOWED_ENDPOINTS": ", ".join(NEEDED)}, KEY)) == []
    assert list(dangers(on, {"API_KEYS_ALLOWED_ENDPOINTS": "/api, /openai, /ollama"}, KEY)) == []


@pytest.mark.parametrize(
    ("path", "value", "closes"),
    [
        ("ENABLE_MFA", True, True),
        ("ENABLE_MFA", False, False),
        ("MFA_ALLOW_OAUTH_BYPASS", True, True),
        ("JWT_EXPIRES_IN", "59m", True),
        ("JWT_EXPIRES_IN", "2h", False),
        ("JWT_EXPIRES_IN", "-1", False),
        ("ENABLE_LOGIN_FORM", False, True),
        ("ENABLE_LDAP", False, True),
        ("ENABLE_OAUTH", False, True),
        ("ENABLE_SIGNUP", False, False),
    ],
)
def test_a_way_in_that_closes_is_a_lockout(path: str, value: Any, closes: bool) -> None:
    assert bool(list(dangers({path: value}, {}, SESSION))) is closes


def test_what_no_field_says_of_an_entry_is_named() -> None:
    item = {
        "url": "http://x",
        "key": "k",
        "spec_type": "json",
        "spec": "{}",
        "forward_cookies": True,
        "other": "",
        "info": {"id": "a", "name": "A", "oauth_client_info": "x"},
        "config": {"enable": True, "access_grants": [{}], "limit": 3},
    }
    assert entries.unsaid("tool_servers", item) == ["forward_cookies", "info.oauth_client_info", "config.limit"]
    assert entries.unsaid("webhooks", {"id": "1", "name": "a", "url": "u", "events": ["*"], "created_at": 1}) == []


def test_what_no_key_says_of_a_connection_is_named() -> None:
    config = {"enable": True, "tags": [{"name": "t"}], "extra_params": {"a": 1}, "azure": False}
    body = {"OPENAI_API_BASE_URLS": ["http://x"], "OPENAI_API_KEYS": ["k"], "OPENAI_API_CONFIGS": {"0": config}}
    assert listed_rows.unsaid("openai", listed_rows.from_form("openai", body)) == ["openai.http://x.extra_params"]
    banner = {"id": "b", "type": "info", "title": "", "content": "c", "dismissible": True, "timestamp": 1, "more": 1}
    assert listed_rows.unsaid("banners", listed_rows.from_rows("banners", [banner])) == ["banners.b.more"]
