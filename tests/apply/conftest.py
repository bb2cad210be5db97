from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from owui_sync.sandbox import Sandbox
from tests.apply.engine import Engine, engine_for


@pytest.fixture
def engine(tmp_path: Path, open_webui: Sandbox) -> Iterator[Engine]:
    """An empty stack on the shared server; what it owns at the end is deleted."""
    engine = engine_for(open_webui, tmp_path / "manifests", "apply")
    yield engine
    engine.apply({})
