from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from owui_sync.environments.session import Session
from owui_sync.environments.stand_ins import (
    STACK,
    assumed,
    equipped,
    missing,
    not_written,
    offered,
    placeholder,
    stubbed,
    unlike_live,
)
from owui_sync.manifest.desired import Desired
from owui_sync.manifest.load import load
from owui_sync.plan.options import Options
from owui_sync.resolve.select import Selection
from owui_sync.sandbox import Sandbox, Setup
from owui_sync.sandbox.state import find
from owui_sync.values import reveal


def read(tmp_path: Path, text: str) -> Desired:
    (tmp_path / "m.yaml").write_text(f"version: 1\n{text}")
    return load([tmp_path / "m.yaml"], secret=placeholder)


def test_the_provider_offers_every_model_that_nobody_makes(tmp_path: Path) -> None:
    desired = read(
        tmp_path,
        """
models: {preset: {base: house-model}, second: {base: preset}, priced: {hidden: true}}
access_rules: [{models: ["claude-*", "far-*", "own[ab]"], access: public}]
jobs: {ask: {chat: {model: other, prompt: x}, expect: {judge: {model: judge, criterion: y}}}}
""",
    )
    assert set(offered(desired)) == {"house-model", "priced", "other", "judge", "far-any"}


def test_accounts_are_there_without_a_first_sign_in(tmp_path: Path) -> None:
    desired = equipped(read(tmp_path, "users: {a@b.c: {role: user}, d@e.f: {password: !secret GIVEN}}"))
    passwords = {entry.key: reveal(entry.values["password"]) for entry in desired.of("user")}
    assert passwords == {"a@b.c": "placeholder-a@b.c", "d@e.f": "placeholder-GIVEN"}


def test_no_job_writes_a_file_on_this_machine(tmp_path: Path) -> None:
    text = "jobs: {ask: {chat: {model: m, prompt: x}, output: {file: answer.md, note: Answer}}}"
    assert equipped(read(tmp_path, text)).jobs["ask"].output == {"note": "Answer"}


def test_settings_of_sign_in_and_of_services_without_a_stub_are_not_written(tmp_path: Path) -> None:
    desired = read(
        tmp_path,
        """
settings:
  general: {ENABLE_SIGNUP: false, ENABLE_API_KEYS: false, JWT_EXPIRES_IN: 5m}
  connections:
    ollama: [{url: "http://ollama:11434"}]
    flags: {ENABLE_OPENAI_API: false, ENABLE_DIRECT_CONNECTIONS: true}
  ldap: {ENABLE_LDAP: true}
""",
    )
    written = equipped(desired).entries
    assert {address: dict(entry.values) for address, entry in written.items()} == {
        "setting/general": {"ENABLE_SIGNUP": False},
        "setting/connections": {"flags.ENABLE_DIRECT_CONNECTIONS": True},
    }
    assert set(not_written(desired)) >= {
        "setting/connections ollama",
        "setting/connections flags.ENABLE_OPENAI_API",
        "setting/ldap",
        "setting/general ENABLE_API_KEYS",
    }
    assert "setting/connections" not in equipped(desired, None).entries, "a live endpoint is no connection"
    assert "setting/connections" in set(not_written(desired, None))
    assert list(stubbed(desired)) == []


def test_connections_lead_to_the_scripted_provider_with_the_same_prefixes_and_models(tmp_path: Path) -> None:
    desired = read(
        tmp_path,
        """
settings:
  connections:
    openai:
      - {url: "https://api.example.com/v1", key: !secret KEY, prefix: e/u, models: [gpt-5]}
      - {url: "https://api.example.com/v1", prefix: us, auth: session}
      - {url: "https://azure.example.com", provider: azure, api_version: "2024-10-21", headers: {x: !secret X}}
""",
    )
    values = equipped(desired, "http://here").entries["setting/connections"].values
    own, first, second, third = values["openai"]
    assert (own, first) == ("http://here/v1", "http://here/connections/1/e%2Fu/v1")
    assert (second, third) == ("http://here/connections/2/us/v1", "http://here/connections/3/v1")
    assert reveal(values[f"openai.{first}.key"]) == "placeholder-KEY"
    assert (values[f"openai.{first}"]["prefix"], values[f"openai.{first}"]["models"]) == ("e/u", ["gpt-5"])
    assert values[f"openai.{second}"]["auth"] == "none"
    assert (values[f"openai.{third}"]["provider"], values[f"openai.{third}"]["api_version"]) == ("", "")
    assert set(values[f"openai.{third}.headers"]) == {"x"}
    assert list(stubbed(desired)) == ["setting/connections"]


SERVICES = """
settings:
  general: {ENABLE_SIGNUP: false}
  tool_servers:
    clock: {url: "https://tools.example.com", path: /v2/api.json, key: !secret CLOCK, functions: [get_time]}
    desk: {url: "https://mcp.example.com", type: mcp, auth: oauth_2.1}
    own: {url: "https://own.example.com", spec: "{}", functions: [x]}
  terminal_servers: {main: {url: "https://t.example.com", path: /x.json, auth: system_oauth}}
  webhooks: {audit log: {url: !secret HOOK, events: ["model.*"]}}
  retrieval:
    CHUNK_SIZE: 900
    web: {WEB_SEARCH_ENGINE: tavily, TAVILY_API_KEY: !secret T, WEB_LOADER_ENGINE: tavily, SEARXNG_QUERY_URL: "http://s"}
"""


def test_stubs_of_the_sandbox_stand_in_for_other_services(tmp_path: Path) -> None:
    desired = read(tmp_path, SERVICES)
    written = {address: dict(entry.values) for address, entry in equipped(desired, "http://here").entries.items()}
    clock = written["setting/tool_servers.clock"]
    assert reveal(clock.pop("key")) == "placeholder-CLOCK"
    assert clock == {"url": "http://here/tools/clock", "path": "openapi.json"}
    assert written["setting/tool_servers.desk"] == {"url": "http://here/mcp/desk", "type": "mcp", "auth": "none"}
    assert written["setting/tool_servers.own"] == {"url": "http://here/tools/own", "spec": "{}", "functions": ["x"]}
    terminal = {"url": "http://here/tools/main", "path": "/openapi.json", "auth": "none"}
    assert written["setting/terminal_servers.main"] == terminal
    assert written["setting/webhooks.audit log"] == {"url": "http://here/webhooks/audit%20log", "events": ["model.*"]}
    web = written["setting/retrieval"]
    assert reveal(web.pop("web.TAVILY_API_KEY")) == "placeholder-T"
    assert web == {
        "CHUNK_SIZE": 900,
        "web.WEB_SEARCH_ENGINE": "external",
        "web.EXTERNAL_WEB_SEARCH_URL": "http://here/search",
        "web.SEARXNG_QUERY_URL": "http://here/search",
    }
    assert set(stubbed(desired)) == set(written) - {"setting/general"}


def test_a_search_engine_that_a_sandbox_has_stays_what_it_is(tmp_path: Path) -> None:
    text = "settings: {retrieval: {web: {WEB_SEARCH_ENGINE: searxng, SEARXNG_QUERY_URL: 'http://s'}}}"
    [entry] = equipped(read(tmp_path, text), "http://here").entries.values()
    assert entry.values == {"web.WEB_SEARCH_ENGINE": "searxng", "web.SEARXNG_QUERY_URL": "http://here/search"}


def test_a_server_that_may_reach_other_services_gets_them_as_they_are_written(tmp_path: Path) -> None:
    desired = read(tmp_path, SERVICES)
    assert equipped(desired, None).entries == desired.entries
    assert not any("stub" in words for words in unlike_live(desired, live=True))
    assert sum("stub" in words for words in unlike_live(desired, live=False)) == 6


def test_a_tool_server_that_is_only_named_is_a_stub_too(tmp_path: Path) -> None:
    text = """
models: {bot: {base: m, tools: ["server:clock", "server:there"]}}
jobs: {do: {task: {goal: x, model: bot, tools: ["server:mcp:desk"]}}}
settings: {tool_servers: {there: {url: "https://x.example.com"}}}
"""
    made_up = missing(read(tmp_path, text), Selection(), "http://here").entries
    assert {address: dict(entry.values) for address, entry in made_up.items()} == {
        "setting/tool_servers.clock": {"url": "http://here/tools/clock", "type": "openapi"},
        "setting/tool_servers.desk": {"url": "http://here/mcp/desk", "type": "mcp"},
    }
    assert not missing(read(tmp_path, text), Selection(), None).entries


def test_what_the_manifests_only_name_is_made_up_by_a_stack_of_its_own(tmp_path: Path) -> None:
    desired = read(
        tmp_path,
        """
groups: {Here: {members: [there@b.c, admin@example.com]}}
models: {bot: {base: m, knowledge: [Base], tools: [hammer], access: {read: {groups: [Here, Elsewhere]}}}}
""",
    )
    made_up = missing(desired, Selection())
    assert made_up.stack == STACK
    assert set(made_up.entries) == {"user/there@b.c", "group/Elsewhere", "knowledge/Base"}
    named = ("group/Elsewhere", "knowledge/Base", "user/there@b.c", "model/m")
    assert assumed(desired, Selection()) == named


def test_what_is_not_selected_is_there_as_it_is_written(tmp_path: Path) -> None:
    desired = read(
        tmp_path,
        "groups: {G: {description: Text, members: [a@b.c]}}\nprompts: {p: {content: x, access: {read: {groups: [G]}}}}",
    )
    made_up = missing(desired, Selection.parse(only=["prompts/p"]))
    assert made_up.entries["group/G"].values["description"] == "Text"
    assert set(made_up.entries) == {"group/G", "user/a@b.c"}


def test_a_placeholder_is_a_password_that_servers_accept() -> None:
    assert len(placeholder("é" * 100).encode()) <= 72


def test_a_server_that_may_reach_beyond_this_machine_needs_no_stubs(
    open_webui: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(open_webui, Options())
    assert session.services == open_webui.provider_url
    record = find(open_webui.name)
    assert record
    live = replace(record, setup=Setup(live_endpoints=True))
    monkeypatch.setattr("owui_sync.environments.session.find", lambda name: live)
    assert session.services is None
