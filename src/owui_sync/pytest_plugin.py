"""Fixtures that give tests a real Open WebUI: `open_webui` and `open_webui_factory`.

Every pytest run of whoever has owui-sync installed loads this file, so it imports nothing else up front.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from owui_sync.sandbox import Sandbox

# Away from 8080, where a person's own server may be, and below the ports of outgoing connections.
_FIRST_PORT = 18080


class OpenWebUIFactory(Protocol):
    """Starts another sandbox; it is stopped when the session ends, if the test has not done so."""

    def __call__(self, version: str | None = None, **options: Any) -> Sandbox:
        """As `owui_sync.sandbox.up`, with `--owui-version` for no `version`, and a name made up for no `name`."""


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
