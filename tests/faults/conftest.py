"""Which server the campaign runs on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.sandbox import Sandbox, down
from tests.support.postgres import postgres


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, open_webui_factory: OpenWebUIFactory) -> Iterator[Sandbox]:
    """A server on the database of `--database`; on PostgreSQL two processes answer."""
    if request.config.getoption("database") == "sqlite":
        yield request.getfixturevalue("open_webui")
        return
    with postgres() as url:
        started = open_webui_factory(settings={"DATABASE_URL": url, "UVICORN_WORKERS": "2"}, deadline=300.0)
        yield started
        down(started.name)
