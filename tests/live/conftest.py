from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from owui_sync.sandbox import Sandbox
from tests.live.running import Project


@pytest.fixture
def project(tmp_path: Path, open_webui: Sandbox, request: pytest.FixtureRequest) -> Project:
    """An empty project on the shared server, with a stack of its own."""
    stack = re.sub(r"\W+", "-", request.node.name)[:60].strip("-")
    return Project(tmp_path, open_webui, stack)


@pytest.fixture
def key(project: Project) -> Callable[[str], str]:
    """Makes names that no other test uses."""
    mark = f"{abs(hash(project.stack)) % 10**8:08d}"
    return lambda name: f"{name}-{mark}"
