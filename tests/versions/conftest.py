"""The same tests for every version of the server: `pytest tests/versions --owui-version V`; the Makefile runs all."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import httpx
import pytest

from owui_sync import OpenWebUIClient
from owui_sync.sandbox import Sandbox
from owui_sync.sandbox.install import DEFAULT_VERSION
from tests.support.clients import SORTS, client_of
from tests.support.project import Project
from tests.support.server import Server


@pytest.fixture
def server(project: Project) -> Server:
    """The server as its own API shows it."""
    return Server(project)


@pytest.fixture
def names(project: Project) -> dict[str, str]:
    """Names of a group, a prompt and a model that no other test has, and the administrator's e-mail."""
    mark = project.stack[-8:]
    return {"g": f"g-{mark}", "p": f"p-{mark}", "m": f"m-{mark}", "admin": project.sandbox.admin_email}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of the client library with one of its two classes, and those marked `both_classes` with both.

    One class is derived from the other, and tests/client holds the two together. Which one a test gets differs from
    test to test and from version to version.
    """
    version = metafunc.config.getoption("owui_version") or DEFAULT_VERSION
    turn = zlib.crc32(f"{metafunc.definition.nodeid} {version}".encode()) % len(SORTS)
    both = metafunc.definition.get_closest_marker("both_classes") is not None
    for fixture in {"client", "nobody"}.intersection(metafunc.fixturenames):
        metafunc.parametrize(fixture, SORTS if both else SORTS[turn : turn + 1], indirect=True)


@pytest.fixture(autouse=True)
def _no_waiting_between_tries_of_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("owui_sync.client.runs.run._PAUSE", 0.0)


@pytest.fixture
def client(request: pytest.FixtureRequest, open_webui: Sandbox) -> Iterator[OpenWebUIClient]:
    """The administrator's client."""
    with client_of(request.param, open_webui) as client:
        yield client


@pytest.fixture
def nobody(
    request: pytest.FixtureRequest, open_webui: Sandbox, server: Server, unique: str
) -> Iterator[OpenWebUIClient]:
    """The client of an ordinary user who may do nothing special."""
    with client_of(request.param, open_webui, server.user(f"nobody-{unique}").token) as client:
        yield client


@pytest.fixture
def provider(open_webui: Sandbox) -> Iterator[httpx.Client]:
    """The scripted provider, without rules and requests."""
    with httpx.Client(base_url=open_webui.provider_url) as http:
        http.post("/_reset")
        yield http
        http.post("/_reset")
