from __future__ import annotations

import hashlib
import re
import uuid
from pathlib import Path

import pytest

from owui_sync.sandbox import Sandbox
from tests.live.running import Project


@pytest.fixture
def project(tmp_path: Path, open_webui: Sandbox, request: pytest.FixtureRequest) -> Project:
    """An empty project on the shared server, with a stack of its own."""
    mark = hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:8]
    name = re.sub(r"\W+", "-", request.node.name.removeprefix("test_"))[:30].strip("-")
    return Project(tmp_path, open_webui, f"{name}-{mark}")


@pytest.fixture
def unique() -> str:
    """A name that nothing else on the server has."""
    return f"t{uuid.uuid4().hex[:12]}"
