"""Fixtures for the tests of the manifest station."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.folder import Folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """An empty folder, made the current one."""
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path)
