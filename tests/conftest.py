"""Fixtures that all tests share. Each worker of pytest-xdist has a server of its own, so tests may change all of it."""

from __future__ import annotations

import hashlib
import re
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from syrupy.assertion import SnapshotAssertion

from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.sandbox import Sandbox
from tests.support.engine import Engine, engine_for
from tests.support.golden import Golden
from tests.support.project import Project, logging_as_before
from tests.support.receiver import ReceiverServer, receiving

# A shell starts its background jobs with SIGINT ignored, and that goes on to every child: the tests that interrupt
# commands must work there too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says something of the machine and nothing of the code.
settings.register_profile("owui-sync", deadline=None)
settings.load_profile("owui-sync")

_SERVERS = {"open_webui", "open_webui_factory"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what chooses the faults of tests/faults and the server that they are tried on."""
    group = parser.getgroup("faults")
    group.addoption("--faults", default="sample", metavar="WHICH", help="sample, all, or one such as reset@17")
    group.addoption("--every", default=1, type=int, metavar="N", help="with all: at every Nth request only")
    group.addoption("--database", default="sqlite", choices=("sqlite", "postgresql"), help="of the server of faults")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a server, so that `-m "not server"` selects those that need none."""
    for item in items:
        if _SERVERS.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("server")


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """Undo how a command of the test set up logging: with `-q` the next test would hear no warning."""
    with logging_as_before():
        yield


@pytest.fixture
def receiver() -> Iterator[ReceiverServer]:
    """A receiver of webhooks on loopback."""
    with receiving() as running:
        yield running


@pytest.fixture(scope="session")
def open_webui(open_webui_factory: OpenWebUIFactory) -> Sandbox:
    """A running Open WebUI of this worker's own."""
    return open_webui_factory()


@pytest.fixture
def project(tmp_path: Path, open_webui: Sandbox, request: pytest.FixtureRequest) -> Project:
    """An empty project on the server, with a stack of its own."""
    mark = hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:8]
    name = re.sub(r"\W+", "-", request.node.name.removeprefix("test_"))[:30].strip("-")
    return Project(tmp_path, open_webui, f"{name}-{mark}")


@pytest.fixture
def engine(tmp_path: Path, open_webui: Sandbox) -> Iterator[Engine]:
    """An empty stack on the server; what it owns at the end is deleted."""
    engine = engine_for(open_webui, tmp_path / "manifests", "engine")
    yield engine
    engine.apply({})


@pytest.fixture
def golden(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compare what people are shown with tests/golden: `assert text == golden`. `make golden` writes it again."""
    return snapshot.use_extension(Golden)


@pytest.fixture
def unique() -> str:
    """A name that nothing else on the server has; it ends in a digit, so that nobody takes it for an English word."""
    return f"t{uuid.uuid4().hex[:11]}0"
