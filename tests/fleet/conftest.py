"""Fleets of servers that answer as a real one did when `recording.json` was made (`tests/support/recording.py`)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.many_fleet import ManyFleet, many_fleet
from tests.support.recording import write_manifests

Start = Callable[..., ManyFleet]


@pytest.fixture
def many(tmp_path: Path) -> Iterator[Start]:
    """Start servers; the options are those of `many_fleet`."""
    recording = Path(shutil.copy(Path(__file__).with_name("recording.json"), tmp_path))
    write_manifests(tmp_path)
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(many_fleet(recording, **options))
