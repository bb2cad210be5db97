"""The database server that `make test-faults` starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import postgres


def test_a_machine_without_postgresql_is_told_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres, "_PACKAGED", tmp_path)
    with pytest.raises(FileNotFoundError, match="apt-get install postgresql"):
        postgres.programs()


def test_of_several_versions_of_debians_package_the_newest_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres, "_PACKAGED", tmp_path)
    for version in ("9", "15"):
        program = tmp_path / version / "bin" / "pg_ctl"
        program.parent.mkdir(parents=True)
        program.touch()
    assert postgres.programs() == tmp_path / "15" / "bin"
