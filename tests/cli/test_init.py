"""`owui-sync init`."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.cli import run


def test_every_file_is_told_and_the_result_validates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], golden: SnapshotAssertion
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "new"]) == 0
    out = capsys.readouterr().out
    made = {str(path.relative_to(tmp_path)) for path in Path("new").resolve().rglob("*") if path.is_file()}
    assert made == {word for word in out.split() if word.startswith("new/")}
    assert "owui-sync validate" in out
    assert out == golden
    monkeypatch.chdir("new")
    assert run(["validate"]) == 0


def test_a_second_time_everything_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], golden: SnapshotAssertion
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init"]) == 0
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    capsys.readouterr()
    assert run(["init"]) == 0
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    assert capsys.readouterr().out == golden
