"""The section `settings`: areas, entries and lists as entries of a plan, `!default`, `!null`, and what is checked."""

from __future__ import annotations

from typing import Any

import pytest

from owui_sync.manifest.load import load
from owui_sync.values import SERVER_DEFAULT, Secret
from tests.support.folder import Folder


def entries(folder: Folder, body: str) -> dict[str, dict[str, Any]]:
    return {address: dict(entry.values) for address, entry in folder.load(f"settings:\n  {body}").entries.items()}


def test_each_area_is_an_entry_with_the_paths_of_its_fields(folder: Folder) -> None:
    assert entries(folder, "retrieval: {CHUNK_SIZE: 9, web: {ENABLE_WEB_SEARCH: true}}") == {
        "setting/retrieval": {"CHUNK_SIZE": 9, "web.ENABLE_WEB_SEARCH": True}
    }


def test_entries_of_lists_that_go_by_key_are_entries_of_their_own(folder: Folder) -> None:
    assert entries(folder, "tool_servers: {a: {url: u}, b: {url: v}}") == {
        "setting/tool_servers.a": {"url": "u"},
        "setting/tool_servers.b": {"url": "v"},
    }


def test_a_list_has_its_order_and_a_path_for_each_item(folder: Folder) -> None:
    found = entries(folder, "banners: [{id: a, content: x}]")["setting/banners"]
    assert found["banners"] == ["a"]
    assert found["banners.a"] == {"id": "a", "type": "info", "title": "", "content": "x", "dismissible": True}


def test_keys_of_the_store_may_have_dots(folder: Folder) -> None:
    assert entries(folder, "config: {memories.user_char_limit: 1, some.new.word: [2]}") == {
        "setting/config": {"memories.user_char_limit": 1, "some.new.word": [2]}
    }


@pytest.mark.parametrize(
    "body",
    [
        "general: {ADMIN_EMAIL: !null, ENABLE_SIGNUP: !default}",
        "general:\n    ADMIN_EMAIL: !null\n    ENABLE_SIGNUP: !default",
    ],
)
def test_default_and_null_are_values_of_fields_in_both_styles_of_yaml(folder: Folder, body: str) -> None:
    assert entries(folder, body) == {"setting/general": {"ADMIN_EMAIL": None, "ENABLE_SIGNUP": SERVER_DEFAULT}}


def test_a_bracket_right_after_a_tag_moves_no_text_that_only_looks_like_one(folder: Folder) -> None:
    desired = folder.load("prompts: {p: {content: '{!null}'}}\nsettings: {general: {ADMIN_EMAIL: !null}}")
    assert desired.entries["prompt/p"].values["content"] == "{!null}"


def test_null_in_an_upper_layer_removes_and_a_null_tag_sets(folder: Folder) -> None:
    lower = folder.manifest("settings: {general: {ADMIN_EMAIL: a@example.com, WEBUI_URL: x}}", "lower.yaml")
    upper = folder.manifest("settings: {general: {ADMIN_EMAIL: !null, WEBUI_URL: null}}", "upper.yaml")
    assert load([lower, upper]).entries["setting/general"].values == {"ADMIN_EMAIL": None}


def test_a_secret_stays_one(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "hush-hush")
    found = entries(folder, "connections: {openai: [{url: u, key: !secret KEY}]}")["setting/connections"]
    assert isinstance(found["openai.u.key"], Secret)
    assert "key" not in found["openai.u"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("prompts: {p: {content: !default}}", "`!default` means nothing here"),
        ("prompts: {p: {content: !null}}", "`!null` means nothing here"),
        ("vars: {a: !default}\nsettings: {general: {WEBUI_URL: !var a}}", "`!default` means nothing here"),
        ("settings: {general: {WEBUI_URL: !default x}}", "`!default` takes nothing after it"),
        ("settings: {general: !default}", "`settings.general` cannot be `!default` as a whole"),
        ("settings: {tool_servers: !default}", "`settings.tool_servers` cannot be `!default` as a whole"),
        ("settings: !default", "`settings` cannot be `!default` as a whole"),
        ("settings: {retrieval: {web: !default}}", "`web` cannot be `!default` as a whole"),
        ("settings: {general: {I18N: {de: !default}}}", "`I18N` holds a `!default`"),
        ("settings: {general: {ENABLE_SIGNUP: !null}}", "must be `true` or `false`, not `null`"),
        ("settings: {general: {ENABLE_SIGNUP: maybe}}", "must be `true` or `false`"),
        ("settings: {general: {DEFAULT_USER_ROLE: banana}}", "must be `pending`, `user` or `admin`"),
        ("settings: {general: {JWT_EXPIRES_IN: 1h30m}}", "a number and one of ms, s, m, h, d and w"),
        ("settings: {general: {ENABLE_SINGUP: true}}", "did you mean `ENABLE_SIGNUP`?"),
        ("settings: {general: {DEFAULT_GROUP_ID: x}}", "write `DEFAULT_GROUP: name of a group`"),
        ("settings: {genral: {}}", "did you mean `general`?"),
        ("settings: {retrieval: {web: {BRAVE_SEARCH_API_KEY: abc}}}", "must come by `!secret`, not in clear text"),
        ("settings: {webhooks: {audit: {url: 'http://x'}}}", "must come by `!secret`, not in clear text"),
        ("settings: {connections: {openai: [{url: u, key: abc}]}}", "must come by `!secret`, not in clear text"),
        ("settings: {connections: {openai: [{key: ''}]}}", "lacks `url`"),
        ("settings: {connections: {openai: [{url: !secret KEY }]}}", "is shown and cannot be a secret"),
        ("absent: {settings: [general]}", "only entries of"),
    ],
)
def test_what_is_wrong_is_said_offline(folder: Folder, body: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "hush-hush")
    problems = folder.problems(body)
    assert words in "\n".join(problems)
    assert not {"abc", "hush-hush"} & set("\n".join(problems).split())


def test_an_empty_secret_needs_no_variable(folder: Folder) -> None:
    assert entries(folder, "retrieval: {web: {BRAVE_SEARCH_API_KEY: ''}}") == {
        "setting/retrieval": {"web.BRAVE_SEARCH_API_KEY": ""}
    }
