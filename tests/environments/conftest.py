from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from owui_sync.sandbox import Sandbox, Setup, offer_models
from tests.support.project import Project


@pytest.fixture
def project(project: Project) -> Iterator[Project]:
    """The project of the other tests, whose objects are deleted at the end: names are free for the next one."""
    yield project
    assert project.run("destroy", "--stack", project.stack, "--yes").code == 0


@pytest.fixture
def on_open_webui(open_webui: Sandbox, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let a test use the server that runs already in place of one that it starts; give the versions asked for."""
    asked: list[str] = []

    @contextmanager
    def instead(purpose: str, version: str, setup: Setup, tell: Any) -> Iterator[Sandbox]:
        asked.append(version)
        offer_models(open_webui.name, setup.models)
        yield open_webui

    monkeypatch.setattr("owui_sync.environments.gate.throwaway", instead)
    monkeypatch.setattr("owui_sync.environments.rehearsal.throwaway", instead)
    return asked
