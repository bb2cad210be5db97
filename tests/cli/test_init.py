"""`owui-sync init`."""

from __future__ import annotations

import subprocess
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


def test_a_workflow_that_was_there_is_kept_and_the_source_has_to_be_set_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "--source", "./wheels/owui_sync.whl"]) == 0
    assert "OWUI_SYNC_SOURCE" not in capsys.readouterr().out
    assert run(["init", "--source", "./other.whl"]) == 0
    assert "Set OWUI_SYNC_SOURCE in .github/workflows/owui-sync.yml" in capsys.readouterr().out
    assert "./wheels/owui_sync.whl" in (tmp_path / ".github/workflows/owui-sync.yml").read_text()


def test_a_name_is_no_source_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "--source", "owui-sync"]) == 64
    assert list(tmp_path.iterdir()) == []


def test_a_project_below_the_top_of_a_repository_is_told_where_github_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", str(tmp_path)], check=True, capture_output=True)
    monkeypatch.chdir(tmp_path)
    assert run(["init", "support"]) == 0
    assert "Move support/.github/workflows/owui-sync.yml to .github/workflows" in capsys.readouterr().out


def test_quiet_writes_the_project_and_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "-q"]) == 0
    assert (tmp_path / "owui-sync.yaml").exists()
    assert capsys.readouterr().out == ""
