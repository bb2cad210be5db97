"""`owui-sync schema`."""

from __future__ import annotations

import json

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
