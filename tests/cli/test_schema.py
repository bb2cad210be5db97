"""`owui-sync schema`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from owui_sync.cli import run
from owui_sync.manifest.schema.build import config_schema, manifest_schema
from owui_sync.report.schema import plan_schema


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], manifest_schema()),
        (["manifest"], manifest_schema()),
        (["config"], config_schema()),
        (["plan"], plan_schema()),
    ],
)
def test_each_schema_is_printed_whole(words: list[str], expected: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", *words]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == expected
    assert err == ""


def test_an_unknown_document_is_wrong_use() -> None:
    assert run(["schema", "nope"]) == 64


def test_committed_schemas_are_checked_against_this_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init"]) == 0
    files = ["--check", "schemas/manifest.schema.json", "--check", "schemas/config.schema.json"]
    capsys.readouterr()
    assert run(["schema", *files]) == 0
    assert capsys.readouterr() == ("", "")
    (tmp_path / "schemas/manifest.schema.json").write_text("{}")
    (tmp_path / "schemas/config.schema.json").unlink()
    assert run(["schema", *files]) == 1
    err = capsys.readouterr().err
    assert "owui-sync schema manifest > schemas/manifest.schema.json" in err
    assert "there is no file `schemas/config.schema.json`" in err
