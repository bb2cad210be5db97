"""A saved plan gets its secrets and files again, and only the same files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from owui_sync.errors import ManifestError, StalePlan
from owui_sync.manifest.plan_inputs import plan_sources
from owui_sync.values import Secret, SourcedText, decode, encode
from tests.support.folder import Folder


def _saved(folder: Folder, field: str, value: str) -> Any:
    """A value as it stands in the file of a saved plan."""
    values = folder.load(f"models: {{m: {{{field}: {value}}}}}").entries["model/m"].values
    return json.loads(json.dumps(encode(values[field])))


def test_texts_and_pictures_come_back_byte_for_byte(folder: Folder) -> None:
    folder.write("t/s.md", "a\r\nb 😀 \n")
    folder.write("p.png", b"\x89PNG\r\n\x1a\n")
    for field, value in (("system", "!file t/s.md"), ("image", "!image p.png")):
        original = folder.load(f"models: {{m: {{{field}: {value}}}}}").entries["model/m"].values[field]
        again = decode(_saved(folder, field, value), plan_sources())
        assert isinstance(again, SourcedText)
        assert (again, again.source) == (original, original.source)


def test_paths_are_relative_to_the_folder_of_the_plan(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("s.md", "x")
    saved = _saved(folder, "system", "!file s.md")
    monkeypatch.chdir("/")
    assert decode(saved, plan_sources(folder.path)) == "x"


@pytest.mark.parametrize(("change", "message"), [("y", "`s.md` changed since the plan"), (None, "cannot read `s.md`")])
def test_a_file_that_changed_makes_the_plan_stale(folder: Folder, change: str | None, message: str) -> None:
    folder.write("s.md", "x")
    saved = _saved(folder, "system", "!file s.md")
    if change is None:
        Path("s.md").unlink()
    else:
        folder.write("s.md", change)
    with pytest.raises(StalePlan, match=message):
        decode(saved, plan_sources())


def test_secrets_come_from_the_environment_of_the_apply(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWUI_S", "old")
    plain = _saved(folder, "system", "!secret OWUI_S")
    folder.write("v.yaml", "")
    monkeypatch.setenv("OWUI_S", "new")
    again = decode(plain, plan_sources())
    assert isinstance(again, Secret)
    assert again.reveal() == "new"
    monkeypatch.delenv("OWUI_S")
    with pytest.raises(ManifestError, match="`OWUI_S` is not set"):
        decode(plain, plan_sources())
