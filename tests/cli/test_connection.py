"""The options of the way to a server: signing in, waiting, headers, and the certificate of this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.support.project import Project, Ran, run_here
from tests.support.proxy import Answer, proxied


def _without_token(project: Project, *words: str, **env: str) -> Ran:
    kept = {name: value for name, value in project.env.items() if name != "OWUI_TOKEN"}
    ran = run_here(project.folder, {**kept, **env}, *words)
    assert project.sandbox.admin_password not in ran.out + ran.err
    return ran


def test_an_account_signs_in_where_there_is_no_token_yet(project: Project) -> None:
    project.write("prompts: {signed-in: {content: x}}\n")
    box = project.sandbox
    ran = _without_token(
        project, "apply", ".", "--yes", "-vv", OWUI_EMAIL=box.admin_email, OWUI_PASSWORD=box.admin_password
    )
    assert ran.code == 0, ran.err
    assert "signed-in" in project.prompts()
    assert ran.err.count("POST /api/v1/auths/signin") == 1


def test_the_password_may_be_in_a_file_and_the_account_on_the_command_line(project: Project) -> None:
    project.write("prompts: {}\n")
    (project.folder / "password").write_text(f"{project.sandbox.admin_password}\n")
    ran = _without_token(project, "plan", ".", "--email", project.sandbox.admin_email, OWUI_PASSWORD_FILE="password")
    assert ran.code == 0, ran.err


def test_an_account_that_the_server_does_not_know_is_named_with_the_servers_words(project: Project) -> None:
    project.write("prompts: {}\n")
    ran = _without_token(project, "plan", ".", OWUI_EMAIL="nobody@example.com", OWUI_PASSWORD="hunter2-hunter2")
    assert ran.code == 1
    assert "refuses the sign-in of nobody@example.com: " in ran.err
    assert "hunter2" not in ran.err


@pytest.mark.parametrize(
    ("words", "env", "why"),
    [
        (["--email", "a@example.com"], {"OWUI_TOKEN": "sk-a", "OWUI_PASSWORD": "x"}, "both a token and an e-mail"),
        (["--token", "sk-a"], {"OWUI_EMAIL": "a@example.com", "OWUI_PASSWORD": "x"}, "both a token and an e-mail"),
        (["--email", "a@example.com"], {}, "no password"),
        (["--email", "a@example.com"], {"OWUI_PASSWORD": "x", "OWUI_PASSWORD_FILE": "y"}, "both given"),
        (["--email", "a@example.com"], {"OWUI_PASSWORD_FILE": "missing"}, "missing cannot be read"),
        (["--token", "sk-a", "--header", "X Y=z"], {}, "'X Y' is no name"),
        (["--token", "sk-a", "--header", "X-Y"], {}, "the value of X-Y is empty"),
        (["--token", "sk-a", "--header", "authorization=Basic eA=="], {}, "set by owui-sync itself"),
        (["--token", "sk-a", "--client-key", "key.pem"], {}, "without --client-cert"),
        (["--token", "sk-a", "--client-cert", "missing.pem"], {}, "missing.pem cannot be used"),
    ],
)
def test_what_does_not_go_together_is_wrong_use(
    tmp_path: Path, words: list[str], env: Mapping[str, str], why: str
) -> None:
    (tmp_path / "a.yaml").write_text("version: 1\n")
    ran = run_here(tmp_path, {"OWUI_URL": "http://127.0.0.1:1", **env}, "plan", "a.yaml", *words)
    assert ran.code == 64, ran.err
    assert why in ran.err


def test_wait_waits_for_a_server_that_is_being_started(project: Project) -> None:
    project.write("prompts: {}\n")
    with proxied(project.sandbox) as (sandbox, proxy):
        starting = iter([Answer(404, b"<html>default backend</html>", "text/html"), Answer(200, b'{"status": false}')])
        proxy.rule = lambda method, path: next(starting, None)
        ran = replace(project, sandbox=sandbox).run("plan", ".", "--wait", "30")
    assert ran.code == 0, ran.err
    assert [path for _, path in proxy.seen[:4]] == ["/health", "/health", "/health", "/api/config"]


def test_a_server_that_is_not_ready_in_time_is_69_and_says_what_it_said_last(project: Project) -> None:
    project.write("prompts: {}\n")
    with proxied(project.sandbox) as (sandbox, proxy):
        proxy.rule = lambda method, path: Answer(404, b"<html>default backend</html>", "text/html")
        ran = replace(project, sandbox=sandbox).run("apply", ".", "--yes", OWUI_WAIT="1.5")
    assert ran.code == 69
    assert "was not ready within 1.5 s: GET /health" in ran.err
    assert {path for _, path in proxy.seen} == {"/health"}


@contextmanager
def _recording() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server that knows nothing and remembers the headers that it got."""
    seen: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append({name.lower(): value for name, value in self.headers.items()})
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", seen
        server.shutdown()


def test_headers_of_the_target_and_of_the_command_line_are_sent_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("version: 1\n")
    with _recording() as (url, seen):
        (tmp_path / "owui-sync.yaml").write_text(
            f"version: 1\nlayers: [a.yaml]\ndefault_target: t\ntargets:\n  t:\n    url: {url}\n"
            "    headers: {X-Team: blue, X-Gateway: !secret GATEWAY}\n"
        )
        env = {"OWUI_TOKEN": "sk-a", "GATEWAY": "hunter2"}
        ran = run_here(tmp_path, env, "plan", "-vv", "--header", "x-team=green-4711", "--header", "X-More=a=b")
    assert ran.code == 1
    assert (seen[0]["x-team"], seen[0]["x-gateway"], seen[0]["x-more"]) == ("green-4711", "hunter2", "a=b")
    assert "hunter2" not in ran.out + ran.err
    assert "green-4711" not in ran.out + ran.err
