"""`owui-sync sandbox up PATH` on a server that runs already, so that no other one has to start."""

from __future__ import annotations

import json

import pytest

from tests.support.project import Project

pytestmark = pytest.mark.slow

MANIFEST = """
users: {first@example.com: {name: First, role: user}}
groups: {G: {members: [first@example.com, second@example.com]}}
models: {bot: {base: house-model, system: !secret PROMPT_TEXT, access: {read: {groups: [G]}}}}
jobs: {ask: {chat: {model: bot, prompt: "say yes"}, expect: {contains: [yes]}}}
"""


@pytest.fixture
def written(project: Project) -> Project:
    project.write(MANIFEST)
    return project


def test_a_plan_after_it_is_empty_and_everything_named_is_there(written: Project) -> None:
    ran = written.run("sandbox", "up", ".", "--name", written.sandbox.name, "--placeholder-secrets", "--jobs")
    assert ran.code == 0, ran.err
    assert f"export OWUI_URL={written.sandbox.url}" in ran.out
    assert "applied: 3 changed" in ran.err
    assert written.run("plan", ".", "--no-jobs", PROMPT_TEXT="placeholder-PROMPT_TEXT").out.count("No changes") == 1
    assert "house-model" in [row["id"] for row in written.api("GET", "/api/models")["data"]]
    people = {row["email"] for row in written.api("GET", "/api/v1/users/all")["users"]}
    assert {"first@example.com", "second@example.com"} <= people
    assert any(row["title"] == "ask" for row in written.api("GET", "/api/v1/chats/?page=1"))


def test_a_manifest_that_the_server_refuses_ends_with_the_code_of_apply(project: Project) -> None:
    project.write("knowledge: {K: {files: [{name: a.txt, content: Same}, {name: empty.txt, content: ' '}]}}")
    ran = project.run("sandbox", "up", ".", "--name", project.sandbox.name, "--format", "json")
    assert ran.code == 3
    assert json.loads(ran.out)["url"] == project.sandbox.url
    assert "empty.txt" in ran.err


def test_options_for_manifests_need_manifests(project: Project) -> None:
    ran = project.run("sandbox", "up", "--jobs", "--name", project.sandbox.name)
    assert (ran.code, "--jobs means nothing without PATH" in ran.err) == (64, True)


def test_a_provider_is_a_url(project: Project) -> None:
    ran = project.run("sandbox", "up", "--provider", "openai")
    assert (ran.code, "takes a URL" in ran.err) == (64, True)
