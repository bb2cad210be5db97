"""`owui-sync plan`, as a process against a real server; what it finds is for tests/live."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema
import pytest

from owui_sync.sandbox import Sandbox
from tests.support.project import Project, Ran, changes
from tests.support.proxy import Answer, proxied

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "plan.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory, open_webui: Sandbox) -> Any:
    """A stack of three objects as they should be. Tests may write other manifests beside it, never apply."""
    project = Project(tmp_path_factory.mktemp("plan"), open_webui, f"cli-plan-{uuid4().hex[:8]}")
    project.write(manifest(project))
    project.apply()
    yield project
    project.write("")
    project.apply()


def manifest(project: Project) -> str:
    s = project.stack
    return f"""
        groups:
          g-{s}: {{description: x}}
        prompts:
          p-{s}: {{content: old, tags: [a]}}
        models:
          m-{s}: {{base: gpt-4.1, access: {{read: {{groups: [g-{s}]}}}}}}
    """


@pytest.fixture
def changed(applied: Project, tmp_path: Path) -> Project:
    """The stack with manifests that update, create, reset and delete."""
    other = Project(tmp_path, applied.sandbox, applied.stack)
    s = applied.stack
    prompts = f"{{p-{s}: {{content: new}}, new-{s}: {{content: x}}}}"
    other.write(f"groups: {{g-{s}: {{description: y}}}}\nprompts: {prompts}\n")
    return other


def ok(ran: Ran) -> Ran:
    assert ran.code == 0, ran.err
    return ran


def test_the_text_tells_every_change_and_the_sum(changed: Project) -> None:
    ran = ok(changed.run("plan", "."))
    s = changed.stack
    for line in (f"~ group/g-{s}", f"+ prompt/new-{s}", f"~ prompt/p-{s}", f"- model/m-{s}"):
        assert line in ran.out
    assert ran.out.startswith(f"owui-sync 0.1.0 · {changed.sandbox.url} (Open WebUI 0.12.4) · stack {s}\n")
    assert "\nPlan: 1 to create, 2 to update, 0 to adopt, 1 to delete, 0 to replace, 0 unchanged." in ran.out
    assert ran.err == ""
    assert "\x1b" not in ran.out


def test_the_document_is_as_its_schema_says(changed: Project) -> None:
    document = ok(changed.run("plan", ".", "--format", "json")).document
    jsonschema.validate(document, {**SCHEMA, "anyOf": [{"$ref": "#/$defs/plan"}]})
    assert document["summary"] == {
        **dict.fromkeys(("adopt", "replace", "move", "awaited", "jobs", "unchanged"), 0),
        "create": 1,
        "update": 2,
        "delete": 1,
    }
    fields = {field["path"]: field["cause"] for change in document["changes"] for field in change["fields"]}
    assert fields == {"description": "manifest", "content": "manifest", "tags": "reset"}


def test_the_saved_plan_is_the_same_document(changed: Project) -> None:
    ran = ok(changed.run("plan", ".", "--format", "json", "--out", "plan.json"))
    assert (changed.folder / "plan.json").read_text(encoding="utf-8") == ran.out
    text = ok(changed.run("plan", ".", "--out", "text.json")).out
    assert text.startswith("owui-sync ")
    assert changes(json.loads((changed.folder / "text.json").read_text(encoding="utf-8"))) == changes(ran.document)


def test_a_plan_that_cannot_be_saved_is_an_error(changed: Project) -> None:
    ran = changed.run("plan", ".", "--out", "no/such/folder/plan.json")
    assert ran.code == 1
    assert "no/such/folder/plan.json" in ran.err


def test_the_exit_code_tells_of_changes_only_when_asked(applied: Project, changed: Project) -> None:
    assert applied.run("plan", ".", "--detailed-exitcode").code == 0
    assert changed.run("plan", ".", "--detailed-exitcode").code == 2
    assert changed.run("plan", ".", "--detailed-exitcode", "--format", "json").code == 2


def test_what_is_unchanged_is_listed_on_demand(applied: Project) -> None:
    assert f"p-{applied.stack}" not in ok(applied.run("plan", ".")).out
    out = ok(applied.run("plan", ".", "--show-unchanged")).out
    for address in (f"group/g-{applied.stack}", f"model/m-{applied.stack}", f"prompt/p-{applied.stack}"):
        assert address in out


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (["--only", "prompts/p-*"], {"prompt": "update"}),
        (["--only", "prompt/*", "--exclude", "prompts/p-*"], {"prompt": "create"}),
        (["--exclude", "prompts/*", "--exclude", "models/*"], {"group": "update"}),
        (["--only", "models/*"], {"model": "delete"}),
        (["--only", "models/nothing-*"], {}),
        (["--no-delete", "--exclude", "prompt/*"], {"group": "update"}),
    ],
)
def test_a_selection_limits_the_plan(changed: Project, words: list[str], kinds: dict[str, str]) -> None:
    found = changes(ok(changed.run("plan", ".", "--format", "json", *words)).document)
    assert {address.partition("/")[0]: action for address, action in found.items()} == kinds


def test_what_no_delete_leaves_is_told(changed: Project) -> None:
    ran = ok(changed.run("plan", ".", "--no-delete"))
    assert f"warning: not deleted because of --no-delete: model/m-{changed.stack}\n" in ran.err
    assert f"model/m-{changed.stack}" not in ran.out


def test_more_deletes_than_allowed_are_refused_with_the_flag_to_pass(changed: Project) -> None:
    for limit, code in (("0", 5), ("1", 0), ("33%", 5), ("34%", 0)):
        ran = changed.run("plan", ".", "--max-delete", limit)
        assert ran.code == code, (limit, ran.err)
        assert ("--max-delete 1" in ran.err) == (code == 5)
        assert f"- model/m-{changed.stack}" in ran.out


@pytest.mark.parametrize(
    "words",
    [["--max-delete", "some"], ["--only", "nonsense"], ["--parallelism", "0"], ["--format", "yaml"], ["--only"]],
)
def test_what_makes_no_sense_is_wrong_use(changed: Project, words: list[str]) -> None:
    ran = changed.run("plan", ".", *words)
    assert (ran.code, ran.out) == (64, "")
    assert ran.err.startswith("error: ")


def test_a_keep_that_would_be_broken_is_refused(applied: Project, tmp_path: Path) -> None:
    project = Project(tmp_path, applied.sandbox, f"{applied.stack}-keep")
    project.write(f"prompts: {{k-{project.stack}: {{content: x, keep: true}}}}\n")
    project.apply()
    project.write("")
    ran = project.run("plan", ".")
    assert (ran.code, f"- prompt/k-{project.stack}" in ran.out) == (5, True)
    assert f"prompt/k-{project.stack} has `keep: true`" in ran.err
    project.write(f"prompts: {{k-{project.stack}: {{content: x, keep: false}}}}\n")
    project.apply()
    project.write("")
    project.apply()


def test_the_stack_of_another_is_refused(applied: Project, tmp_path: Path) -> None:
    thief = Project(tmp_path, applied.sandbox, f"{applied.stack}-thief")
    thief.write(f"prompts: {{p-{applied.stack}: {{content: mine}}}}\n")
    ran = thief.run("plan", ".")
    assert ran.code == 5
    assert f"belongs to stack '{applied.stack}'" in ran.err
    assert "--take-over" in ran.err
    assert changes(thief.plan("--take-over")) == {f"prompt/p-{applied.stack}": "adopt"}


@pytest.mark.parametrize(
    ("words", "env", "source"),
    [
        (["--token", "a b"], {}, "--token"),
        ([], {"OWUI_TOKEN": "a b"}, "OWUI_TOKEN"),
        (["--token-file", "token"], {"OWUI_TOKEN": "unused"}, "the token file token"),
    ],
)
def test_a_bad_token_is_told_with_the_place_it_comes_from(
    applied: Project, tmp_path: Path, words: list[str], env: dict[str, str], source: str
) -> None:
    (tmp_path / "token").write_text("a b", encoding="utf-8")
    project = Project(tmp_path, applied.sandbox, "x", env)
    project.write("")
    ran = project.run("plan", ".", *words)
    assert ran.code == 64
    assert ran.err.startswith(f"error: {source} holds white space")


def test_a_server_that_is_away_is_told_of_after_a_while_unless_quiet(applied: Project) -> None:
    with proxied(applied.sandbox) as (sandbox, proxy):
        proxy.rule = lambda method, path: Answer(503)
        away = replace(applied, sandbox=sandbox)
        told = away.run("plan", ".", "--timeout", "5")
        quiet = away.run("plan", ".", "--timeout", "5", "-q")
    assert (told.code, quiet.code) == (69, 69)
    assert told.err.count("the server answers 503, trying again") == 1
    assert "trying again" not in quiet.err
    assert re.search(r"answered 503: .*, tried \d+ times in 5 s", quiet.err)


def test_the_message_is_the_commit_of_the_manifests(changed: Project) -> None:
    def git(*words: str) -> str:
        who = ("-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", *who, *words], cwd=changed.folder, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    assert changed.plan()["message"] == ""
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "manifests")
    head = git("rev-parse", "--short", "HEAD")
    assert changed.plan()["message"] == head
    assert changed.plan("--message", "mine")["message"] == "mine"
    changed.write("", "another.yaml")
    assert changed.plan()["message"] == f"{head}-dirty"


def test_layers_come_from_the_configuration(changed: Project) -> None:
    without = changed.run("plan")
    assert (without.code, "owui-sync init" in without.err) == (1, True)
    (changed.folder / "layers").mkdir()
    (changed.folder / "manifest.yaml").rename(changed.folder / "layers" / "manifest.yaml")
    (changed.folder / "owui-sync.yaml").write_text("version: 1\nlayers: [layers]\n", encoding="utf-8")
    assert len(changes(ok(changed.run("plan", "--format", "json")).document)) == 4


def test_logs_are_json_lines_beside_the_document(changed: Project) -> None:
    ran = ok(changed.run("plan", ".", "--format", "json", "--log-format", "json", "-vv", "--no-delete"))
    assert len(ran.document["changes"]) == 3
    records = [json.loads(line) for line in ran.err.splitlines()]
    assert any("/api/v1/prompts/" in json.dumps(record) for record in records)
    assert any("not deleted because of --no-delete" in json.dumps(record) for record in records)


def test_errors_are_json_lines_too(changed: Project) -> None:
    ran = changed.run("plan", ".", "--log-format", "json", "--max-delete", "0")
    (record,) = [json.loads(line) for line in ran.err.splitlines()]
    assert ran.code == 5
    assert "--max-delete 1" in json.dumps(record)
