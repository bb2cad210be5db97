"""What goes wrong before anything is changed: the words, the exit code, and that nothing was changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from owui_sync.sandbox import Sandbox
from tests.support.project import Project, Ran, changes
from tests.support.proxy import Answer, Proxy, proxied


@pytest.fixture
def wanting(project: Project) -> Project:
    project.write(f"prompts:\n  p-{project.stack[-50:]}: {{content: x}}\n")
    return project


def refused(ran: Ran, code: int, *words: str) -> None:
    assert ran.code == code, ran.err
    assert ran.out == ""
    for word in words:
        assert word in ran.err, ran.err
    assert ran.err.startswith("error")


@pytest.mark.parametrize("command", [("plan", "."), ("apply", ".", "--yes")])
@pytest.mark.parametrize(
    ("env", "code", "words"),
    [
        ({"OWUI_URL": "http://127.0.0.1:9"}, 69, ["127.0.0.1:9"]),
        ({"OWUI_URL": "ftp://example.com"}, 64, ["http://"]),
        ({"OWUI_URL": "http://chat.example.com"}, 64, ["--insecure"]),
        ({"OWUI_URL": "https://me:pass-word@example.com"}, 64, ["user name"]),
        ({"OWUI_TOKEN": "sk-wrong-token"}, 1, ["401"]),
        ({"OWUI_TOKEN": ""}, 64, ["token"]),
    ],
    ids=["no server", "no http", "plain http", "password in the url", "wrong token", "no token"],
)
def test_a_server_that_cannot_be_used(
    wanting: Project, command: tuple[str, ...], env: dict[str, str], code: int, words: list[str]
) -> None:
    ran = wanting.run(*command, "-vv", **env)
    assert ran.code == code, ran.err
    for word in words:
        assert word in ran.err
    for hidden in ("sk-wrong-token", "pass-word", wanting.sandbox.token):
        assert hidden not in ran.err + ran.out


def test_a_token_without_rights_changes_nothing(wanting: Project, open_webui: Sandbox) -> None:
    body = {
        "name": "Plain",
        "email": f"plain-{time.time_ns()}@example.com",
        "password": "plain-password",
        "role": "user",
    }
    token = wanting.api("POST", "/api/v1/auths/add", body)["token"]
    before = wanting.prompts()
    for command in (("plan", "."), ("apply", ".", "--yes")):
        ran = wanting.run(*command, OWUI_TOKEN=token)
        refused(ran, 1, f"the token is of {body['email']} (user)", "administrator")
        assert token not in ran.err
    assert wanting.prompts() == before
    doctor = wanting.run("doctor", OWUI_TOKEN=token)
    assert doctor.code == 1
    assert "administrator" in doctor.out


@pytest.fixture
def faulty(wanting: Project) -> Callable[[Callable[[str, str], Answer | None]], Ran]:
    """Runs `apply` through a proxy with that rule; the prompt must not be there afterwards."""

    def run(rule: Callable[[str, str], Answer | None]) -> Ran:
        with proxied(wanting.sandbox) as (sandbox, proxy):
            proxy.rule = rule
            ran = replace(wanting, sandbox=sandbox).run("apply", ".", "--yes", "--timeout", "5")
            assert not [path for path in proxy.seen if path == ("POST", "/api/v1/prompts/create")]
        return ran

    return run


def on(path: str, answer: Answer) -> Callable[[str, str], Answer | None]:
    return lambda method, seen: answer if seen.split("?")[0] == path and method == "GET" else None


def test_an_answer_500_is_told_in_the_servers_words(faulty: Callable[..., Ran]) -> None:
    refused(faulty(on("/api/v1/prompts/", Answer(500))), 1, "GET /api/v1/prompts/", "500", "broken on purpose")


def test_html_with_200_is_a_missing_route(faulty: Callable[..., Ran]) -> None:
    page = Answer(200, b"<!doctype html><title>Open WebUI</title>", "text/html; charset=utf-8")
    refused(faulty(on("/api/v1/prompts/", page)), 1, "GET /api/v1/prompts/")


def test_a_list_that_is_not_whole_makes_no_plan(faulty: Callable[..., Ran]) -> None:
    short = Answer(200, b'{"items": [], "total": 7}')
    ran = faulty(lambda method, path: short if path.startswith("/api/v1/prompts/list") else None)
    refused(ran, 1, "/api/v1/prompts/list", "of 7")


def test_another_program_at_the_address_is_told_apart(wanting: Project) -> None:
    with proxied(wanting.sandbox) as (sandbox, proxy):
        proxy.rule = lambda method, path: Answer(200, b"<html>Grafana</html>", "text/html")
        ran = replace(wanting, sandbox=sandbox).run("plan", ".")
        refused(ran, 1, "Open WebUI")


def test_a_busy_server_is_waited_for_as_it_asks(wanting: Project) -> None:
    with proxied(wanting.sandbox) as (sandbox, proxy):
        busy: list[str] = []

        def rule(method: str, path: str) -> Answer | None:
            if path == "/api/v1/prompts/" and not busy:
                busy.append(path)
                return Answer(429, b'{"detail": "slow down"}', headers=(("retry-after", "1"),))
            return None

        proxy.rule = rule
        start = time.monotonic()
        assert replace(wanting, sandbox=sandbox).run("plan", ".").code == 0
        assert time.monotonic() - start >= 1
        assert proxy.seen.count(("GET", "/api/v1/prompts/")) == 2


def test_a_server_that_stays_busy_is_given_up(wanting: Project) -> None:
    with proxied(wanting.sandbox) as (sandbox, proxy):
        proxy.rule = on("/api/v1/prompts/", Answer(429, b'{"detail": "slow down"}', headers=(("retry-after", "30"),)))
        ran = replace(wanting, sandbox=sandbox).run("plan", ".", "--timeout", "2")
        refused(ran, 1, "slow down")


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("prompts:\n  x: {content: !secret NOT_SET_ANYWHERE}\n", ["NOT_SET_ANYWHERE", "manifest.yaml:4:"]),
        ("prompts:\n  x: {content: !file missing.md}\n", ["missing.md", "manifest.yaml:4:"]),
        ("prompts:\n  x: {contnt: y}\n", ["contnt", "content"]),
        ("prompts:\n  no-such-prompt-yet: {tags: [a]}\n", ["needs `content`", "manifest.yaml:4:"]),
        ("prompts:\n  x: {content: y, access: {read: {groups: [No such group]}}}\n", ["No such group"]),
    ],
    ids=["secret", "file", "key", "required", "reference"],
)
def test_a_wrong_manifest_changes_nothing(project: Project, manifest: str, words: list[str]) -> None:
    project.write(manifest)
    with proxied(project.sandbox) as (sandbox, proxy):
        ran = replace(project, sandbox=sandbox).run("apply", ".", "--yes")
        refused(ran, 1, *words)
        assert writes_without_lock(proxy) == []


def writes_without_lock(proxy: Proxy) -> list[tuple[str, str]]:
    return [(method, path) for method, path in proxy.writes if not path.startswith("/api/v1/models/")]


def test_apply_without_a_terminal_needs_yes(wanting: Project) -> None:
    refused(wanting.run("apply", "."), 64, "--yes")


def test_wrong_use_of_the_command_line_is_64(wanting: Project) -> None:
    for words in (("plan", "--no-such-option"), ("no-such-command",), ("plan", ".", "--format", "xml")):
        assert wanting.run(*words).code == 64


def test_the_server_of_the_tests_is_really_there(open_webui: Sandbox) -> None:
    assert httpx.get(f"{open_webui.url}/api/version").json()["version"] == open_webui.version


def test_a_tool_server_that_is_down_stops_no_plan(project: Project, unique: str) -> None:
    path, dead = "/api/v1/configs/tool_servers", {"url": "http://127.0.0.1:9", "path": "openapi.json"}
    down = {**dead, "auth_type": "none", "key": "", "config": {"enable": True}, "info": {"id": unique}}
    project.api("POST", path, {"TOOL_SERVER_CONNECTIONS": [down]})
    manifest = f"models: {{{unique}: {{base: gpt-4.1, description: one, tools: ['server:{unique}']}}}}"
    try:
        project.write(manifest)
        project.apply()
        project.write(manifest.replace("one", "two"))
        assert changes(project.apply()) == {f"model/{unique}": "update"}
        project.write(manifest.replace(f"server:{unique}", f"server:{unique}x"))
        ran = project.run("plan", ".")
        assert (ran.code, f"did you mean `server:{unique}`?" in ran.err) == (1, True), ran.err
    finally:
        project.api("POST", path, {"TOOL_SERVER_CONNECTIONS": []})
    # It is not configured any more, and what is on the model already is not sent.
    project.write(manifest.replace("one", "three"))
    ran = project.run("apply", ".", "--yes", "--format", "json")
    assert (ran.code, changes(ran.document)) == (0, {f"model/{unique}": "update"})
    assert f"names tool/server:{unique}, which neither the manifests nor the server have" in ran.err
