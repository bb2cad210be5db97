"""Fixtures that give tests a real Open WebUI, manifests on it, and the clients of the people in them.

    open_webui                  a running server
    open_webui_factory(...)     further ones
    applied(PATH, ...)          manifests on `open_webui`
    client_as(USER)             what that person may do there

Every pytest run of whoever has owui-sync installed loads this file, so it imports nothing else up front.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from owui_sync import OpenWebUIClient
    from owui_sync.environments.applied import AppliedManifests
    from owui_sync.sandbox import Sandbox

# Away from 8080, where a person's own server may be, and below the ports of outgoing connections.
_FIRST_PORT = 18080
_MODEL = "gpt-4.1"
"""The model of chats that name none; the sandbox's provider offers it."""
_APPLIED = pytest.StashKey["dict[Any, AppliedManifests]"]()


class OpenWebUIFactory(Protocol):
    """Starts another sandbox; it is stopped when the session ends, if the test has not done so."""

    def __call__(self, version: str | None = None, **options: Any) -> Sandbox:
        """As `owui_sync.sandbox.up`, with `--owui-version` for no `version`, and a name made up for no `name`."""


class Apply(Protocol):
    """Applies manifests to `open_webui`, once for all tests that ask for the same."""

    def __call__(self, *paths: str | Path, variables: Mapping[str, Any] | None = None) -> AppliedManifests:
        """Apply layers, lowest first; relative paths begin at pytest's root folder.

        Secrets are placeholders, and what only a live server has gets a stand-in. No job runs.

        Raises:
            OwuiSyncError: the manifests are wrong, or the server refuses something.
        """


class ClientAs(Protocol):
    """Signs a person in."""

    def __call__(self, user: str) -> OpenWebUIClient:
        """Return the client of the person with that e-mail address; it raises what the server refuses.

        Raises:
            SignInFailed: no such person can sign in; people with `role: pending` cannot.
        """


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--owui-version`."""
    group = parser.getgroup("owui-sync")
    group.addoption("--owui-version", default=None, metavar="V", help="Open WebUI of the open_webui fixture")


@pytest.fixture(scope="session")
def open_webui(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Yield a running Open WebUI; under pytest-xdist all workers share one."""
    from owui_sync.sandbox import up
    from owui_sync.sandbox.paths import locked
    from owui_sync.sandbox.state import find

    name = f"pytest-{_run_pid(request.config)}"
    with locked("pytest"):
        known = find(name)
        sandbox = known.sandbox() if known else None
        if not (known and known.condition == "running" and sandbox):
            sandbox = up(_version(request.config), name=name, first_port=_FIRST_PORT, owner=_run_pid(request.config))
    yield sandbox
    if not _is_worker(request.config):
        _stop(name)


@pytest.fixture(scope="session")
def open_webui_factory(request: pytest.FixtureRequest) -> Iterator[OpenWebUIFactory]:
    """Start further sandboxes: other versions, other settings, or one that a test may break."""
    from owui_sync.sandbox import up

    names: list[str] = []

    def start(version: str | None = None, **options: Any) -> Sandbox:
        name = options.setdefault("name", f"pytest-{os.getpid()}-{len(names)}")
        sandbox = up(
            version or _version(request.config),
            **{"first_port": _FIRST_PORT, "owner": os.getpid(), **options},
        )
        names.append(name)
        return sandbox

    yield start
    for name in names:
        _stop(name)


@pytest.fixture(scope="session")
def applied(request: pytest.FixtureRequest, open_webui: Sandbox) -> Apply:
    """Apply manifests to `open_webui`, so that tests can look at what comes of them."""
    from owui_sync.environments.applied import apply_to

    done = _applied(request.config)
    root = request.config.rootpath

    def apply(*paths: str | Path, variables: Mapping[str, Any] | None = None) -> AppliedManifests:
        layers = tuple(root / path for path in paths)
        key = (open_webui.name, layers, repr(variables))
        if key not in done:
            done[key] = apply_to(open_webui, layers, variables or {}, root)
        return done[key]

    return apply


@pytest.fixture(scope="session")
def client_as(request: pytest.FixtureRequest, open_webui: Sandbox) -> Iterator[ClientAs]:
    """Give the clients of the people that `applied` made or found on `open_webui`."""
    from owui_sync import OpenWebUIClient
    from owui_sync.environments.applied import token_of

    clients: dict[str, OpenWebUIClient] = {}

    def client(user: str) -> OpenWebUIClient:
        email = user.lower()
        if email not in clients:
            token = token_of(open_webui, email, tuple(_applied(request.config).values()))
            clients[email] = OpenWebUIClient(open_webui.url, token, _MODEL, raise_on_error=True)
        return clients[email]

    yield client
    for each in clients.values():
        each.close()


def _applied(config: pytest.Config) -> dict[Any, AppliedManifests]:
    return config.stash.setdefault(_APPLIED, {})


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the workers of pytest-xdist shared, after the last of them is done."""
    if not _is_worker(config) and config.getoption("numprocesses", None):
        from owui_sync.sandbox.server import down_owned

        down_owned(os.getpid())


def _stop(name: str) -> None:
    from owui_sync.sandbox.errors import NotRunning
    from owui_sync.sandbox.server import down

    with suppress(NotRunning):
        down(name)


def _version(config: pytest.Config) -> str:
    from owui_sync.sandbox.install import DEFAULT_VERSION

    return str(config.getoption("owui_version") or DEFAULT_VERSION)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _run_pid(config: pytest.Config) -> int:
    """Return the pid of the process that lasts as long as the whole run: under pytest-xdist, the workers' parent."""
    return os.getppid() if _is_worker(config) else os.getpid()
