"""What the command does beside the export itself, whose law is in tests/export/test_law.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from owui_sync.sandbox import Sandbox
from tests.support.project import Project


@pytest.fixture
def project(tmp_path: Path, open_webui: Sandbox, request: pytest.FixtureRequest) -> Project:
    return Project(tmp_path, open_webui, f"export-{request.node.name.removeprefix('test_').replace('_', '-')[:40]}")


@pytest.fixture
def applied(project: Project) -> Project:
    tail = project.stack
    project.write(
        f"""
        prompts:
          p-{tail}: {{content: !secret TEXT, keep: true}}
          q-{tail}: {{content: "a\\nb"}}
        models:
          m-{tail}: {{base: gpt-4.1, system: Hi}}
        access_rules:
          - {{models: ["m-{tail}"], access: public}}
        """
    )
    ran = project.run("apply", ".", "--yes", TEXT="hunter2")
    assert ran.code == 0, ran.err
    return project


def test_a_folder_with_something_in_it_is_refused_before_any_request(tmp_path: Path, open_webui: Sandbox) -> None:
    (tmp_path / "x").touch()
    project = Project(tmp_path, open_webui, "s", {"OWUI_URL": "http://127.0.0.1:9"})
    ran = project.run("export")
    assert ran.code == 1
    assert "it is not empty" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_stack_is_exported_without_its_secrets_and_plans_empty(applied: Project) -> None:
    tail = applied.stack
    ran = applied.run("export", "-o", "out", "--stack", tail)
    assert ran.code == 0, ran.err
    assert ran.out == "models 1, prompts 2; 6 files in out\n"
    prompts = (applied.folder / "out/manifests/prompts.yaml").read_text(encoding="utf-8")
    marks = ["unmanaged:", "  - content", "keep: true", "# content: !secret ...  # left out: it is secret"]
    assert "".join(f"    {line}\n" for line in marks) in prompts
    every = b"".join(path.read_bytes() for path in (applied.folder / "out").rglob("*") if path.is_file())
    assert b"hunter2" not in every
    out = Project(applied.folder / "out", applied.sandbox, tail)
    document = out.run("plan", "--format", "json").document
    assert document["changes"] == []
    assert document["stack"] == tail


def test_the_selection_counts(applied: Project) -> None:
    ran = applied.run("export", "-o", "out", "--only", f"models/m-{applied.stack}")
    assert ran.code == 0, ran.err
    assert sorted(path.name for path in (applied.folder / "out/manifests").iterdir()) == ["models.yaml"]


def test_nothing_to_export_writes_nothing(project: Project) -> None:
    ran = project.run("export", "-o", "out", "--only", "prompts/no-such-*")
    assert ran.code == 1
    assert "nothing to export" in ran.err
    assert "--only prompt/no-such-* fits nothing" in ran.err
    assert not (project.folder / "out").exists()


def test_a_stack_that_the_server_does_not_have_is_an_error(project: Project) -> None:
    ran = project.run("export", "-o", "out", "--stack", "no-such-stack")
    assert ran.code == 1
    assert "no inventory of stack 'no-such-stack'" in ran.err


def test_no_lock_and_no_inventory_is_ever_exported(applied: Project) -> None:
    ran = applied.run("export", "-o", "out")
    assert ran.code == 0, ran.err
    for path in (applied.folder / "out/manifests").rglob("*"):
        assert not path.is_file() or b"owui-sync." not in path.read_bytes().replace(b"owui-sync.yaml", b"")
