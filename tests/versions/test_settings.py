"""Settings on a server of any tested version, checked through its own API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from owui_sync.sandbox.paths import locked
from tests.support.project import Project, causes, changes
from tests.support.server import Server

GENERAL = "/api/v1/auths/admin/config"
RETRIEVAL = "/api/v1/retrieval/config"
TOOLS = "/api/v1/configs/tool_servers"
BANNERS = "/api/v1/configs/banners"


@pytest.fixture
def project(project: Project) -> Project:
    """One with a secret."""
    return replace(project, environment={"SECRET": "hush-hush"})


@pytest.fixture
def first(project: Project, server: Server) -> Iterator[None]:
    """A server has its settings once: tests take turns and leave them as they were."""
    with locked("pytest-permissions"):
        before = server.get("/openai/config")
        yield
        project.write(
            """
            settings:
              general: {JWT_EXPIRES_IN: !default, RESPONSE_WATERMARK: !default}
              retrieval: {CHUNK_SIZE: !default, web: {WEB_SEARCH_ENGINE: external, BRAVE_SEARCH_API_KEY: !default}}
              models: {DEFAULT_MODELS: !default}
              banners: []
            """
        )
        project.apply("--take-over")
        project.write("")
        project.apply()
        server.post("/openai/config/update", before)
        server.post(BANNERS, {"banners": []})


def test_only_what_is_written_changes_and_then_the_plan_is_empty(project: Project, server: Server, first: None) -> None:
    before = server.get(GENERAL)
    project.write(
        """
        settings:
          general: {JWT_EXPIRES_IN: 7d, RESPONSE_WATERMARK: Made by a model}
          retrieval: {CHUNK_SIZE: 900, web: {WEB_SEARCH_ENGINE: searxng, BRAVE_SEARCH_API_KEY: !secret SECRET}}
          models: {DEFAULT_MODELS: [gpt-4.1, gpt-4.1-mini]}
        """
    )
    document = project.apply()
    assert changes(document) == dict.fromkeys(("setting/general", "setting/retrieval", "setting/models"), "adopt")
    assert server.get(GENERAL) == {**before, "JWT_EXPIRES_IN": "7d", "RESPONSE_WATERMARK": "Made by a model"}
    retrieval = server.get(RETRIEVAL)
    assert retrieval["CHUNK_SIZE"] == 900
    assert retrieval["web"]["WEB_SEARCH_ENGINE"] == "searxng"
    assert retrieval["web"]["BRAVE_SEARCH_API_KEY"] == "hush-hush"
    assert server.get("/api/v1/configs/models")["DEFAULT_MODELS"] == "gpt-4.1,gpt-4.1-mini"
    assert "hush-hush" not in str(document)
    assert changes(project.plan()) == {}


def test_drift_is_put_right_and_what_is_not_written_is_left(project: Project, server: Server, first: None) -> None:
    project.write("settings: {general: {JWT_EXPIRES_IN: 7d}}")
    project.apply()
    body = {key: value for key, value in server.get(GENERAL).items() if "MFA" not in key}
    server.post(GENERAL, {**body, "JWT_EXPIRES_IN": "5d", "RESPONSE_WATERMARK": "theirs"})
    assert causes(project.plan()) == {"setting/general JWT_EXPIRES_IN": "drift"}
    project.apply()
    after = server.get(GENERAL)
    assert (after["JWT_EXPIRES_IN"], after["RESPONSE_WATERMARK"]) == ("7d", "theirs")


def test_what_is_no_longer_written_is_released_and_goes_back_by_default_alone(
    project: Project, server: Server, first: None
) -> None:
    project.write("settings: {general: {JWT_EXPIRES_IN: 7d}}")
    project.apply()
    project.write("")
    document = project.plan()
    assert changes(document) == {}
    told = (
        'setting/general: `JWT_EXPIRES_IN` is no longer written and released: it keeps its value "7d" (default: "4w")'
    )
    assert told in document["warnings"]
    project.apply()
    assert server.get(GENERAL)["JWT_EXPIRES_IN"] == "7d"
    assert told not in project.plan()["warnings"]
    project.write("settings: {general: {JWT_EXPIRES_IN: !default}}")
    project.apply()
    assert server.get(GENERAL)["JWT_EXPIRES_IN"] == "4w"
    assert changes(project.plan()) == {}


def test_a_plan_reads_all_areas_at_once_or_those_that_are_named(project: Project, server: Server, first: None) -> None:
    project.write("settings: {general: {JWT_EXPIRES_IN: 4w}}")
    one = project.plan()["requests"]
    project.write(
        """
        settings:
          general: {JWT_EXPIRES_IN: 4w}
          retrieval: {CHUNK_SIZE: 1000}
          tasks: {ENABLE_TITLE_GENERATION: true}
          ldap: {port: 389}
          connections: {flags: {ENABLE_DIRECT_CONNECTIONS: false}}
        """
    )
    many = project.plan()["requests"]
    # `ldap` is in two forms, `connections` in three.
    assert many - one == (0 if server.version >= (0, 10) else 7)


def test_a_value_that_the_server_ignores_is_an_error(project: Project, server: Server, first: None) -> None:
    project.write('settings: {general: {JWT_EXPIRES_IN: !var time}}\nvars: {time: "1.5.2d"}')
    ran = project.run("apply", ".", "--yes")
    assert ran.code == 1
    assert "a number and one of ms, s, m, h, d and w" in ran.err


def test_what_a_version_lacks_is_an_error_with_the_version_that_has_it(
    project: Project, server: Server, first: None
) -> None:
    project.write("settings: {general: {ENABLE_APPS: true}, interface: {visibility: {a: true}}}")
    ran = project.run("plan", ".")
    if server.version >= (0, 12):
        assert ran.code == 0
        return
    assert ran.code == 1
    assert "setting/general: `ENABLE_APPS` needs Open WebUI 0.12.4" in ran.err
    assert "setting/interface needs Open WebUI 0.12.4" in ran.err


def test_a_tool_server_is_added_and_taken_away_and_others_stay(project: Project, server: Server, first: None) -> None:
    spec = '{"openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "paths": {}}'
    other: dict[str, Any] = {
        "url": "http://127.0.0.1:9",
        "path": "x",
        "type": "openapi",
        "auth_type": "none",
        "key": "",
        "spec_type": "json",
        "spec": spec,
        "config": {"enable": False},
        "info": {"id": "theirs", "name": "Theirs", "description": ""},
    }
    server.post(TOOLS, {"TOOL_SERVER_CONNECTIONS": [other]})
    project.write(
        f"""
        settings:
          tool_servers:
            clock: {{url: "http://127.0.0.1:9", key: !secret SECRET, name: Clock, access: public, spec: '{spec}'}}
        """
    )
    assert changes(project.apply()) == {"setting/tool_servers.clock": "create"}
    theirs, ours = server.get(TOOLS)["TOOL_SERVER_CONNECTIONS"]
    assert {key: theirs[key] for key in other} == other
    assert (ours["url"], ours["key"], ours["info"]) == (
        "http://127.0.0.1:9",
        "hush-hush",
        {"id": "clock", "name": "Clock"},
    )
    assert server.grants(ours["config"]) == {("read", "user", "*")}
    assert changes(project.plan()) == {}
    project.write("")
    assert changes(project.apply()) == {"setting/tool_servers.clock": "delete"}
    assert [item["info"]["id"] for item in server.get(TOOLS)["TOOL_SERVER_CONNECTIONS"]] == ["theirs"]
    server.post(TOOLS, {"TOOL_SERVER_CONNECTIONS": []})


def test_an_exact_list_does_not_remove_what_the_stack_has_not_made(
    project: Project, server: Server, first: None
) -> None:
    theirs = {"id": "theirs", "type": "info", "title": "", "content": "t", "dismissible": True, "timestamp": 5}
    server.post(BANNERS, {"banners": [theirs]})
    project.write("settings: {banners: [{id: ours, content: o}]}")
    ran = project.run("plan", ".")
    assert ran.code == 5
    assert "would delete 'theirs', which this stack did not make" in ran.err
    project.write("settings: {banners: [{id: ours, content: o}, {id: theirs, content: t}]}")
    project.apply()
    assert [(row["id"], row["timestamp"] == 5) for row in server.get(BANNERS)] == [("ours", False), ("theirs", True)]
    project.write("settings: {banners: [{id: ours, content: o}]}")
    project.apply()
    assert [row["id"] for row in server.get(BANNERS)] == ["ours"]


def test_connections_are_written_in_order_with_their_keys(project: Project, server: Server, first: None) -> None:
    before = server.get("/openai/config")
    [url], [key] = before["OPENAI_API_BASE_URLS"], before["OPENAI_API_KEYS"]
    project.write(
        f"""
        settings:
          connections:
            openai:
              - {{url: "http://127.0.0.1:9/v1", key: !secret SECRET, prefix: eu, tags: [eu], enabled: false}}
              - {{url: "{url}"}}
        """
    )
    project.apply()
    after = server.get("/openai/config")
    assert after["OPENAI_API_BASE_URLS"] == ["http://127.0.0.1:9/v1", url]
    assert after["OPENAI_API_KEYS"] == ["hush-hush", key]
    config: dict[str, Any] = after["OPENAI_API_CONFIGS"]["0"]
    assert (config["enable"], config["prefix_id"], config["tags"]) == (False, "eu", [{"name": "eu"}])
    assert changes(project.plan()) == {}
