"""Fixtures for the tests of the manifest station."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.manifest.project import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty folder, made the current one."""
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)
