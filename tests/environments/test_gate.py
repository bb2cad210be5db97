"""`owui-sync test`: what it says of manifests, and with which code it ends."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
import yaml

from owui_sync.sandbox import Sandbox
from owui_sync.sandbox.account import client
from tests.support.project import Project, Ran, changes

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("on_open_webui")]


def git(project: Project, *words: str) -> None:
    name = ("-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *name, *words], cwd=project.folder, check=True, capture_output=True)


@pytest.fixture
def committed(project: Project) -> Project:
    """A repository whose commit has three prompts and a group."""
    prompts = ", ".join(f"{project.stack}-{n}: {{content: x}}" for n in "abc")
    project.write(f"groups: {{{project.stack}: {{description: old}}}}\nprompts: {{{prompts}}}")
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "before")
    return project


def gated(project: Project, *words: str, **env: str) -> Ran:
    return project.run("test", ".", "--version", project.sandbox.version, *words, **env)


def steps(ran: Ran) -> dict[str, str]:
    return {check["name"]: check["status"] for check in ran.document["checks"]}


def received_by(project: Project) -> list[Any]:
    """What came in at the stubs of the sandbox."""
    with httpx.Client(base_url=project.sandbox.provider_url) as http:
        return list(http.get("/_received").json()["received"])


def test_manifests_that_do_what_they_say_pass(project: Project) -> None:
    project.write("models: {bot: {base: house-model, system: !secret TEXT, params: {temperature: 0.5}}}")
    ran = gated(project, "--format", "json")
    assert ran.code == 0, ran.out
    assert steps(ran) == dict.fromkeys(("manifests", "version", "server", "apply", "second plan"), "passed")
    assert "passed   apply: 1 changed" in ran.err


def test_manifests_that_are_wrong_fail_before_a_server_starts(project: Project, on_open_webui: list[str]) -> None:
    project.write("models: {bot: {bass: x}}")
    ran = gated(project, "--format", "json")
    assert (ran.code, steps(ran), on_open_webui) == (1, {"manifests": "failed"}, [])
    problem = ran.document["checks"][0]["problems"][0]
    assert "`bass`" in problem["message"]
    assert problem["where"].endswith("manifest.yaml:3:16")


def test_what_the_server_refuses_is_told_in_its_words(project: Project) -> None:
    project.write("knowledge: {K: {files: [{name: a.txt, content: A}, {name: e.txt, content: ' '}]}}")
    ran = gated(project)
    assert ran.code == 3
    assert "e.txt" in ran.out
    assert "The test failed" in ran.out
    assert "second plan" not in ran.out


def test_models_use_tool_servers_and_webhooks_are_told_on_stubs_of_the_sandbox(project: Project, unique: str) -> None:
    call = f'call tool d{unique}_find_ticket {{"number": 7}}'
    spec = {
        "openapi": "3.1.0",
        "info": {"title": "Own", "version": "1"},
        "paths": {"/zones": {"post": {"operationId": "zones", "summary": "Zones"}}},
    }
    settings = {
        "tool_servers": {
            f"c{unique}": {"url": "https://tools.example.com", "functions": ["get_time"]},
            f"d{unique}": {"url": "https://mcp.example.com", "type": "mcp", "auth": "oauth_2.1"},
            f"o{unique}": {"url": "https://own.example.com", "spec": json.dumps(spec)},
        },
        "webhooks": {unique: {"url": "https://hooks.example.com/x", "events": ["model.*"]}},
    }
    tools = [f"server:c{unique}", f"server:mcp:d{unique}", f"server:o{unique}"]
    asked = {"openapi": 'call tool find_ticket {"number": 7}', "mcp": call, "own": "call tool zones"}
    jobs = {
        name: {
            "chat": {"model": unique, "prompt": prompt},
            "expect": {"contains": ["POST /zones" if name == "own" else "fire"]},
        }
        for name, prompt in asked.items()
    }
    text = yaml.safe_dump({"settings": settings, "models": {unique: {"base": "gpt-4.1", "tools": tools}}, "jobs": jobs})
    project.write(text.replace("https://hooks.example.com/x", "!secret HOOK"))
    ran = gated(project, "--format", "json")
    assert ran.code == 0, ran.out
    assert f"setting/webhooks.{unique}: a stub of the sandbox stands in for the service" in ran.document["warnings"]
    received = [row for row in received_by(project) if unique in row["path"]]
    assert sorted(row["tool"] for row in received if row.get("tool")) == ["find_ticket", "find_ticket", "zones"]
    deadline = time.monotonic() + 30  # The server tells of events in its own time.
    while not any(unique in json.dumps(row["body"]) for row in received_by(project) if row["service"] == "webhooks"):
        assert time.monotonic() < deadline, "no event of the model was told"
        time.sleep(0.05)


@pytest.fixture
def own_connections(open_webui: Sandbox) -> Iterator[None]:
    """The connections of the server are as before when everything else of a test is over."""
    with client(open_webui.url, open_webui.token) as http:
        before = http.get("/openai/config").raise_for_status().json()
        yield
        http.post("/openai/config/update", json=before).raise_for_status()


def test_connections_and_terminal_servers_are_written_and_what_they_offer_answers(
    own_connections: None, project: Project, unique: str
) -> None:
    project.write(f"""
settings:
  connections:
    openai: [{{url: "https://api.example.com/v1", key: !secret KEY, prefix: {unique}, models: [gpt-5]}}]
  terminal_servers: {{t{unique}: {{url: "https://terminal.example.com"}}}}
jobs: {{ask: {{chat: {{model: {unique}.gpt-5, prompt: "say yes"}}, expect: {{contains: [yes]}}}}}}
""")
    ran = gated(project, "--format", "json")
    assert ran.code == 0, ran.out
    urls = project.api("GET", "/openai/config")["OPENAI_API_BASE_URLS"]
    origin = project.sandbox.provider_url
    assert urls == [f"{origin}/v1", f"{origin}/connections/1/{unique}/v1"]
    rows = project.api("GET", "/api/v1/configs/terminal_servers")["TERMINAL_SERVER_CONNECTIONS"]
    assert f"{origin}/tools/t{unique}" in [row["url"] for row in rows]


def test_a_job_that_answers_otherwise_ends_with_6_and_says_who_answered(project: Project) -> None:
    project.write("""
jobs:
  good: {chat: {model: house, prompt: "say Hello there"}, expect: {contains: [hello]}, run: manual}
  bad: {chat: {model: house, prompt: "say Hello there"}, expect: {contains: [goodbye]}}
  unasked: {chat: {model: house, prompt: "say x"}}
""")
    ran = gated(project, "--format", "json", "--junit", "out/junit.xml")
    assert ran.code == 6
    assert {job["name"]: job["status"] for job in ran.document["jobs"]} == {"good": "done", "bad": "failed"}
    assert "--provider URL asks a real one" in ran.document["checks"][-1]["problems"][0]["hint"]
    suites = ElementTree.parse(project.folder / "out" / "junit.xml").getroot()
    assert [suite.get("name") for suite in suites] == ["owui-sync test", f"owui-sync {project.stack}"]
    failed = [case.get("name") for case in suites.iter("testcase") if case.find("failure") is not None]
    assert failed == ["jobs", "bad"]


def test_what_only_the_live_server_can_have_is_named(project: Project) -> None:
    s = project.stack
    project.write(f"groups: {{{s}: {{}}}}\nprompts: {{{s}: {{content: x, access: {{read: {{groups: [{s}x]}}}}}}}}")
    ran = gated(project, "--format", "json")
    assert (ran.code, ran.document["assumed"]) == (0, [f"group/{s}x"])
    assert any("did you mean" in warning for warning in ran.document["warnings"])


def test_jobs_can_be_left_out(project: Project) -> None:
    project.write('jobs: {bad: {chat: {model: house, prompt: "say x"}, expect: {contains: [y]}}}')
    assert gated(project, "--no-jobs").code == 0


def test_the_change_is_shown_as_a_reviewer_would_see_it_with_what_it_deletes(committed: Project) -> None:
    s = committed.stack
    committed.write(f"groups: {{{s}: {{description: new}}}}\nprompts: {{{s}-a: {{content: x}}, {s}-b: {{content: x}}}}")
    ran = gated(committed, "--base", "HEAD", "--format", "json")
    assert ran.code == 0, ran.out
    assert changes(ran.document["changes"]) == {f"group/{s}": "update", f"prompt/{s}-c": "delete"}
    assert ran.document["base"].startswith("HEAD (")
    markdown = gated(committed, "--base", "HEAD", "--format", "markdown").out
    assert "### To delete or replace from `HEAD (" in markdown
    assert f"`- prompt/{s}-c`" in markdown


def test_a_change_that_deletes_too_much_ends_with_5_and_is_shown(committed: Project) -> None:
    committed.write(f"groups: {{{committed.stack}: {{description: old}}}}")
    ran = gated(committed, "--base", "HEAD", "--format", "json")
    assert (ran.code, steps(ran)["changes"]) == (5, "failed")
    assert "--max-delete 3" in ran.document["checks"][4]["problems"][0]["hint"]
    assert len(ran.document["changes"]["changes"]) == 3
    assert gated(committed, "--base", "HEAD", "--max-delete", "3").code == 0


def test_a_former_state_that_is_broken_does_not_keep_its_repair_out(committed: Project) -> None:
    committed.write("prompts: {x: {contend: y}}")
    git(committed, "commit", "-qam", "broken")
    committed.write(f"prompts: {{{committed.stack}-a: {{content: x}}}}")
    ran = gated(committed, "--base", "HEAD", "--format", "json")
    assert (ran.code, steps(ran)["former state"]) == (0, "skipped")
    assert "contend" in next(c["text"] for c in ran.document["checks"] if c["name"] == "former state")


def test_files_beside_the_manifests_are_those_of_the_commit(committed: Project) -> None:
    s = committed.stack
    (committed.folder / "text.md").write_text("before")
    committed.write(f"prompts: {{{s}-a: {{content: !file text.md}}}}")
    git(committed, "add", ".")
    git(committed, "commit", "-qm", "text")
    (committed.folder / "text.md").write_text("after")
    ran = gated(committed, "--base", "HEAD", "--format", "json")
    (field,) = ran.document["changes"]["changes"][0]["fields"]
    assert (field["before"], field["cause"]) == ("before", "manifest")


def test_the_configuration_of_the_commit_says_which_layers_it_has(committed: Project) -> None:
    config = committed.folder / "owui-sync.yaml"
    config.write_text(f"version: 1\nlayers: [manifest.yaml]\nserver_version: '{committed.sandbox.version}'\n")
    git(committed, "add", ".")
    git(committed, "commit", "-qm", "configured")
    committed.write(f"prompts: {{{committed.stack}-d: {{content: x}}}}", "more/more.yaml")
    config.write_text(config.read_text().replace("manifest.yaml", "manifest.yaml, more"))
    ran = committed.run("test", "--base", "HEAD", "--format", "json")
    assert ran.code == 0, ran.out
    assert changes(ran.document["changes"]) == {f"prompt/{committed.stack}-d": "create"}


@pytest.mark.parametrize(("ref", "words"), [("nobody", "no commit 'nobody'"), ("--help", "no commit '--help'")])
def test_a_reference_that_names_no_commit_is_wrong_use(committed: Project, ref: str, words: str) -> None:
    ran = gated(committed, f"--base={ref}")
    assert (ran.code, words in ran.err) == (64, True)


def test_manifests_outside_git_have_no_former_state(project: Project) -> None:
    project.write("prompts: {}")
    ran = gated(project, "--base", "HEAD")
    assert (ran.code, "in no git repository" in ran.err) == (64, True)


def test_a_report_is_written_also_when_the_test_fails(project: Project) -> None:
    project.write("models: {bot: {bass: x}}")
    ran = gated(project, "--report", "markdown=a/report.md", "--report", "json=b.json")
    assert ran.code == 1
    assert "### Failed" in (project.folder / "a" / "report.md").read_text()
    assert (project.folder / "b.json").exists()
    assert gated(project, "--report", "pdf=x").code == 64


def test_the_version_is_the_one_that_the_live_server_runs(project: Project, on_open_webui: list[str]) -> None:
    project.write(f"prompts: {{{project.stack}: {{content: x}}}}")
    assert project.run("test", ".").code == 0
    assert on_open_webui == [project.sandbox.version]


def test_without_a_version_the_option_is_named(project: Project) -> None:
    project.write(f"prompts: {{{project.stack}: {{content: x}}}}")
    ran = project.run("test", ".", OWUI_URL="", OWUI_TOKEN="")
    assert (ran.code, "--version" in ran.out) == (64, True)


def test_secrets_are_placeholders_unless_real_ones_are_asked_for(project: Project, open_webui: Sandbox) -> None:
    project.write(f"prompts: {{{project.stack}: {{content: !secret THE_TEXT}}}}")
    ran: Any = gated(project, "--real-secrets", "--format", "json")
    assert (ran.code, steps(ran)) == (1, {"manifests": "failed"})
    ran = gated(project, "--real-secrets", THE_TEXT="real-hush")
    assert ran.code == 0
    assert project.prompts()[project.stack]["content"] == "real-hush"
    assert "real-hush" not in ran.out + ran.err
    assert gated(project, THE_TEXT="real-hush").code == 0
    assert project.prompts()[project.stack]["content"] == "placeholder-THE_TEXT"
