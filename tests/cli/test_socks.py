"""A command whose every request goes through a real SOCKS5 proxy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from tests.support.project import Project, Ran
from tests.support.socks import Socks, socks

NAME = "chat.test"
LOGIN = ("me", "hunter2")


@pytest.fixture
def proxy(project: Project) -> Iterator[Socks]:
    """A proxy that wants a password, and finds nothing but the server."""
    with socks(NAME, urlsplit(project.sandbox.url).port or 0, LOGIN) as proxy:
        yield proxy


@pytest.fixture
def behind(project: Project, proxy: Socks) -> Project:
    """The project with its server under a name that nobody but the proxy knows."""
    return replace(project, sandbox=replace(project.sandbox, url=f"http://{NAME}:8080"))


def environ(proxy: Socks, password: str = LOGIN[1]) -> dict[str, str]:
    return {"ALL_PROXY": f"socks5://{LOGIN[0]}:{password}@127.0.0.1:{proxy.port}"}


def plan(behind: Project, env: dict[str, str]) -> Ran:
    """Run a plan that fails, in a process of its own: httpcore does not close what a proxy refused."""
    behind.write("prompts: {}\n")
    process = behind.start("plan", ".", "--insecure", **env)
    out, err = process.communicate(timeout=120)
    return Ran(process.returncode, out, err)


def test_plan_and_apply_go_through_it(project: Project, behind: Project, proxy: Socks, unique: str) -> None:
    behind.write(
        f"prompts: {{p-{unique}: {{content: x}}}}\n"
        f"knowledge: {{k-{unique}: {{files: [{{name: a.txt, content: Of {unique}}}]}}}}\n"
    )
    plan = behind.run("plan", ".", "--insecure", "--detailed-exitcode", **environ(proxy))
    assert plan.code == 2, plan.out + plan.err
    ran = behind.run("apply", ".", "--insecure", "--yes", **environ(proxy))
    assert ran.code == 0, ran.out + ran.err
    assert project.prompts()[f"p-{unique}"]["content"] == "x"
    assert set(proxy.seen) == {(NAME, 8080)}
    assert project.plan()["changes"] == []


def test_a_password_that_it_refuses_is_said_and_not_shown(behind: Project, proxy: Socks) -> None:
    ran = plan(behind, environ(proxy, "wrong-secret"))
    assert ran.code == 69, ran.out + ran.err
    assert f"through the proxy socks5://127.0.0.1:{proxy.port} (ALL_PROXY)" in ran.err
    assert "wrong-secret" not in ran.out + ran.err
    assert proxy.seen == []


def test_a_server_that_it_does_not_find_is_said(behind: Project, proxy: Socks) -> None:
    ran = plan(replace(behind, sandbox=replace(behind.sandbox, url="http://nowhere.test:8080")), environ(proxy))
    assert ran.code == 69, ran.out + ran.err
    assert f"through the proxy socks5://127.0.0.1:{proxy.port} (ALL_PROXY)" in ran.err
    assert set(proxy.seen) == {("nowhere.test", 8080)}


def test_without_its_package_the_plain_message_ends_the_command(
    behind: Project, proxy: Socks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("owui_sync.client.environment.find_spec", lambda name: None)
    behind.write("prompts: {}\n")
    ran = behind.run("plan", ".", "--insecure", **environ(proxy))
    assert ran.code == 64, ran.out + ran.err
    assert "ALL_PROXY names a SOCKS proxy, which takes the package `socksio`" in ran.err
    assert "pip install socksio" in ran.err
    assert LOGIN[1] not in ran.out + ran.err


def test_what_no_proxy_names_is_asked_without_it(behind: Project, proxy: Socks) -> None:
    ran = plan(behind, {**environ(proxy), "NO_PROXY": ".test"})
    assert ran.code == 69, ran.out + ran.err
    assert "through the proxy" not in ran.err
    assert proxy.seen == []
