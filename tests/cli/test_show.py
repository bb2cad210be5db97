"""`owui-sync show`, and the plan that plan and apply share with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from owui_sync.plan.file.document import plan_document
from owui_sync.report.visible import dumps
from tests.support.project import Project, Ran, changes, run_here
from tests.support.samples import sealed, whole_plan

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "plan.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(dumps(plan_document(whole_plan())), encoding="utf-8")
    return path


def show(path: Path, *words: str) -> Ran:
    return run_here(path.parent, {"PATH": ""}, "show", path.name, *words)


def test_a_saved_plan_is_shown_without_a_server_and_without_its_secrets(saved: Path) -> None:
    ran = show(saved)
    assert ran.code == 0
    assert "~ model/support-bot" in ran.out
    assert "Plan: 2 to create" in ran.out


def test_its_json_is_the_same_document(saved: Path) -> None:
    assert show(saved, "--format", "json").out == saved.read_text(encoding="utf-8")


def test_a_text_whose_file_is_gone_is_replaced_by_a_note(saved: Path) -> None:
    ran = show(saved, "--full-diff")
    assert "(file changed since)" in ran.out
    assert "prompts/support.md" in ran.err


def test_no_file_outside_the_folder_is_read(saved: Path) -> None:
    (saved.parent / "secret.txt").write_text("classified\n")
    folder = saved.parent / "inner"
    folder.mkdir()
    document = json.loads(saved.read_text(encoding="utf-8"))
    for change in document["changes"]:
        for field in change["fields"]:
            if "$file" in str(field.get("value")):
                digest = "16a9a54ddf4259952e3c118c763138e83693d7d0ba1ae9b3f2cbe0d9ab0b2b1f"
                field["value"] = {"$file": "../secret.txt", "sha256": digest, "size": 11}
    (folder / "plan.json").write_text(dumps(sealed(document)), encoding="utf-8")
    assert "classified" not in show(folder / "plan.json", "--full-diff").out


def test_an_edited_plan_is_not_shown(saved: Path) -> None:
    document = json.loads(saved.read_text(encoding="utf-8")) | {"message": "edited"}
    saved.write_text(dumps(document), encoding="utf-8")
    ran = show(saved)
    assert (ran.code, "edited" in ran.err) == (1, True)


def test_it_can_be_written_to_a_file(saved: Path) -> None:
    ran = show(saved, "--format", "gitlab", "--out", "counts.json")
    assert (ran.code, ran.out) == (0, "")
    assert json.loads((saved.parent / "counts.json").read_text()).keys() == {"create", "update", "delete"}


@pytest.mark.parametrize("report", ["html", "pdf=x", "json=", "=x"])
def test_a_report_that_is_no_format_and_file_is_wrong_use(tmp_path: Path, report: str) -> None:
    ran = run_here(tmp_path, {"PATH": ""}, "plan", ".", "--report", report)
    assert (ran.code, "FORMAT=FILE" in ran.err) == (64, True)


def test_a_run_that_fails_prints_a_document_and_writes_its_reports(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("version: 1\nprompts: {x: {contnt: y}}\n")
    ran = run_here(tmp_path, {"PATH": ""}, "plan", ".", "--format", "json", "--report", "markdown=out/report.md")
    assert ran.code == 1
    jsonschema.validate(ran.document, {**SCHEMA, "anyOf": [{"$ref": "#/$defs/failure"}]})
    assert ran.document["exit_code"] == 1
    assert "contnt" in ran.document["errors"][0]["message"]
    assert "contnt" in (tmp_path / "out/report.md").read_text(encoding="utf-8")


@pytest.fixture
def stack(project: Project) -> Any:
    s = project.stack
    project.write("prompts:\n" + "".join(f"  p{n}-{s}: {{content: x}}\n" for n in range(4)))
    project.apply()
    return project


def test_a_refused_plan_is_shown_and_reported_and_cannot_be_applied(stack: Project) -> None:
    stack.write("")
    ran = stack.run("plan", ".", "--format", "json", "--out", "plan.json", "--report", "text=report.txt")
    assert ran.code == 5
    assert not (stack.folder / "plan.json").exists()
    assert ran.document["summary"]["delete"] == 4
    assert "--max-delete 4" in ran.document["refusals"][0]["hint"]
    assert f"- prompt/p0-{stack.stack}" in (stack.folder / "report.txt").read_text(encoding="utf-8")
    (stack.folder / "refused.json").write_text(ran.out, encoding="utf-8")
    assert stack.run("apply", "refused.json", "--yes").code == 5
    applied = stack.run("apply", ".", "--yes", "--format", "json")
    assert (applied.code, applied.document["summary"]["delete"]) == (5, 4)


def test_a_plan_is_applied_only_with_the_digest_that_was_reviewed(stack: Project) -> None:
    s = stack.stack
    stack.write("prompts:\n" + "".join(f"  p{n}-{s}: {{content: y}}\n" for n in range(4)))
    first, second = (stack.run("plan", ".", "--format", "json").document for _ in range(2))
    assert first["digest"] == second["digest"]
    ran = stack.run("apply", ".", "--yes", "--expect-digest", "sha256:" + "0" * 64)
    assert (ran.code, first["digest"] in ran.err) == (4, True)
    assert stack.run("apply", ".", "--yes", "--expect-digest", first["digest"]).code == 0
    assert changes(stack.run("plan", ".", "--format", "json").document) == {}


def test_drift_is_shown_alone_and_ends_with_2(stack: Project) -> None:
    lost = f"p3-{stack.stack}"
    path = stack.folder / "manifest.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("content: x", "content: y", 1), encoding="utf-8")
    assert stack.run("plan", ".", "--drift-only").code == 0
    stack.api("DELETE", f"/api/v1/prompts/id/{stack.prompts()[lost]['id']}/delete")
    ran = stack.run("plan", ".", "--drift-only", "--format", "json")
    assert (ran.code, changes(ran.document)) == (2, {f"prompt/{lost}": "create"})
    (stack.folder / "drift.json").write_text(ran.out, encoding="utf-8")
    assert "--drift-only" in stack.run("apply", "drift.json", "--yes").err
    ran = stack.run("plan", ".", "--drift-only", "--out", "x.json")
    assert (ran.code, "--out" in ran.err) == (64, True)
