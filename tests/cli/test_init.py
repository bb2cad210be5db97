"""`owui-sync init`."""

from __future__ import annotations

from pathlib import Path

import pytest

from owui_sync.cli import run


def test_every_file_is_told_and_the_result_validates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "new"]) == 0
    out = capsys.readouterr().out
    assert "created   new/owui-sync.yaml" in out
    assert "owui-sync validate" in out
    monkeypatch.chdir("new")
    assert run(["validate"]) == 0


def test_a_second_time_everything_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert [run(["init"]), run(["init"])] == [0, 0]
    lines = capsys.readouterr().out.splitlines()
    assert "created   owui-sync.yaml" in lines
    assert "kept      owui-sync.yaml" in lines
