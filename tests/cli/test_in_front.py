"""What stands before the server answers in its place: a login, a redirect, a firewall, a proxy without a server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.project import Project
from tests.support.proxy import Answer, proxied

PAGE = b"<html><head><title>Access denied</title></head></html>"
ANSWERS = {
    "login": (Answer(401, b"", headers=(("WWW-Authenticate", 'Basic realm="Staff"'),)), 'Basic realm="Staff"', 1),
    "sso": (Answer(302, b"", headers=(("Location", "https://login.test/sso?to=x"),)), "https://login.test/sso", 1),
    "moved": (Answer(308, b"", headers=(("Location", "https://new.test/"),)), "https://new.test/", 1),
    "firewall": (Answer(403, PAGE, "text/html", (("Server", "Wall"),)), "Wall with the title 'Access denied'", 1),
    "size": (Answer(413, PAGE, "text/html"), "takes no requests of this size", 1),
    "away": (Answer(502, PAGE, "text/html"), "'Access denied'", 69),
    "booting": (Answer(503, b"{}"), "answered 503", 69),
    "late": (Answer(504, PAGE, "text/html"), "waited too long", 69),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_it_is_named_by_every_command_before_anything_is_changed(project: Project, name: str) -> None:
    project.write("prompts: {in-front: {content: x}}\n")
    answer, words, code = ANSWERS[name]
    with proxied(project.sandbox) as (sandbox, proxy):
        proxy.rule = lambda method, path: answer
        there = replace(project, sandbox=sandbox)
        for command in (["plan", "."], ["apply", ".", "--yes"], ["doctor"], ["export", "-o", "out"], ["state", "list"]):
            ran = there.run(*command, "--timeout", "0.5")
            assert ran.code == code, (command, ran)
            assert words in ran.err + ran.out, command
            assert "is not an Open WebUI server" not in ran.err + ran.out


@pytest.mark.parametrize("name", ["firewall", "size", "away"])
def test_of_a_single_request_of_an_apply_it_is_a_failed_change(project: Project, name: str) -> None:
    project.write("prompts: {in-front: {content: x}}\n")
    answer, words, _ = ANSWERS[name]
    with proxied(project.sandbox) as (sandbox, proxy):
        proxy.rule = lambda method, path: answer if path == "/api/v1/prompts/create" else None
        ran = replace(project, sandbox=sandbox).run("apply", ".", "--yes", "--timeout", "2")
    assert ran.code == 3, ran.err
    assert "Access denied" in ran.out
    if name == "size":
        assert words in ran.out


def test_once_something_may_have_been_changed_no_connection_is_an_error_like_any_other(project: Project) -> None:
    project.write("prompts: {in-front: {content: x}}\n")
    with proxied(project.sandbox) as (sandbox, proxy):

        def rule(method: str, path: str) -> Answer | None:
            begun = ("POST", "/api/v1/files/?process=false") in proxy.seen
            return Answer(503) if begun else None

        proxy.rule = rule
        ran = replace(project, sandbox=sandbox).run("apply", ".", "--yes", "--timeout", "2")
    assert ran.code in (1, 3), ran.err
    project.run("state", "unlock", "--stack", project.stack)
