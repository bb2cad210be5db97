from __future__ import annotations

from pathlib import Path

import pytest

from owui_sync import cli
from owui_sync.sandbox import Sandbox
from tests.support.project import Project

MANIFEST = """
users:
  graph-bob@example.com: {name: Bob, password: !secret NOT_SET}
groups:
  graph-G: {description: d}
prompts:
  graph-p: {content: x, access: {read: {groups: [graph-G]}}}
"""


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "m.yaml"
    path.write_text(f"version: 1\n{MANIFEST}", encoding="utf-8")
    return path


def test_it_needs_no_server_and_no_secret(manifest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["graph", str(manifest)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("flowchart LR\n")
    assert '["graph-p"]' in out
    assert "  n2 --> n1\n" in out


def test_graphviz_is_the_other_format(manifest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["graph", str(manifest), "--format", "dot"]) == 0
    assert capsys.readouterr().out.startswith("digraph {\n")


def test_a_wrong_manifest_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.yaml").write_text("version: 1\nprompts: 5\n", encoding="utf-8")
    assert cli.run(["graph", str(tmp_path / "m.yaml")]) == 1
    assert capsys.readouterr().out == ""


def test_a_plan_colours_it_and_shows_what_is_to_be_deleted(tmp_path: Path, open_webui: Sandbox) -> None:
    project = Project(tmp_path, open_webui, "graph-plan")
    project.write("prompts: {graph-old: {content: x}, graph-same: {content: x}, graph-edit: {content: x}}")
    project.apply()
    project.write("prompts: {graph-new: {content: x}, graph-same: {content: x}, graph-edit: {content: y}}")
    ran = project.run("graph", ".", "--plan")
    assert ran.code == 0, ran.err
    for line in ('["graph-old"]:::delete', '["graph-new"]:::create', '["graph-edit"]:::update', '["graph-same"]'):
        assert f"{line}\n" in ran.out
