"""A saved plan that was edited makes this machine read nothing that its manifests could not."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from owui_sync.manifest.desired import Entry
from owui_sync.manifest.fingerprint import identify
from owui_sync.manifest.load import load
from owui_sync.plan.difference import new_fields, record_of
from owui_sync.plan.file.document import plan_document
from owui_sync.plan.jobs import due
from owui_sync.plan.types import Action, Cause, Change, Plan, ServerIdentity
from owui_sync.report.visible import dumps
from owui_sync.values import SERVER_DEFAULT, Json
from tests.support.project import Ran, run_here
from tests.support.samples import sealed

NOWHERE = "http://127.0.0.1:9"
"""No server answers there: a command that gets so far has taken the plan."""

MANIFEST = """
    version: 1
    stack: team
    prompts:
      greet: {content: !file greet.md}
      key: {content: !secret TEAM_KEY, name: Key}
    models:
      bot: {base: gpt-4.1, name: Bot, system: !sub "be ${tone}", params: {top_k: 4}}
    knowledge:
      Handbook: {files: ["docs/*.md"]}
    vars: {tone: kind}
    jobs:
      smoke: {chat: {model: bot, prompt: hi, files: [docs/a.md]}, output: {file: out.md}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "a.md").write_text("a")
    (folder / "greet.md").write_text("Hello.")
    (folder / "team.yaml").write_text(textwrap.dedent(MANIFEST))
    (tmp_path / "outside.txt").write_text("not for others")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TEAM_KEY", "k-1234")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "aws-5678")
    return folder


def save(folder: Path, *paths: str, edit: Callable[[Json], object] = lambda document: None) -> Json:
    """Saves the plan that makes all that the manifests name on an empty server, edited and sealed again.

    The server's defaults are empty.
    """
    layers = [Path(path) for path in paths or ("team.yaml",)]
    desired = load([layer.absolute() for layer in layers])
    made = [
        Change(
            *(Action.CREATE, entry.kind, entry.key, None, entry.source, new_fields(entry, Cause.MANIFEST), "absent"),
            record=record_of(entry, "", None, "00" * 16),
        )
        for entry in map(_with_defaults, desired.entries.values())
    ]
    jobs = tuple(job for each in desired.jobs.values() if (job := due(each, desired, "00" * 16, None)))
    plan = Plan("team", ServerIdentity(NOWHERE, "0.12.4"), tuple(made), tool="0.1.0", jobs=jobs)
    document = plan_document(plan)
    identity = identify(layers, layers if paths != () else ())
    document["manifests"] = {"commit": None, "digest": identity.digest, "paths": [path.as_posix() for path in layers]}
    document = json.loads(dumps(document))
    edit(document)
    document = sealed(document)
    (folder / "plan.json").write_text(dumps(document), encoding="utf-8")
    return document


def _with_defaults(entry: Entry) -> Entry:
    return replace(entry, values={p: "" if value is SERVER_DEFAULT else value for p, value in entry.values.items()})


def apply(*words: str, folder: Path | None = None) -> Ran:
    return run_here(
        folder or Path.cwd(),
        {**os.environ, "OWUI_URL": NOWHERE, "OWUI_TOKEN": "sk-1"},
        *("apply", "plan.json", "--yes", "--timeout", "1", *words),
    )


def is_taken(ran: Ran) -> bool:
    """Whether a plan was good enough for its server to be asked; there is none."""
    return ran.code == 69


def change(document: Json, key: str) -> Any:
    return next(each for each in document["changes"] if each["key"] == key)


def field(document: Json, key: str, path: str) -> Any:
    return next(each for each in change(document, key)["fields"] if each["path"] == path)


def test_a_plan_beside_its_manifests_is_taken(folder: Path) -> None:
    save(folder)
    assert is_taken(apply())


def outside(folder: Path) -> Json:
    data = (folder.parent / "outside.txt").read_bytes()
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def read_file(document: Json) -> None:
    field(document, "greet", "content")["value"] = {"$file": "../outside.txt", **outside(Path.cwd())}


def read_environment(document: Json) -> None:
    field(document, "key", "content")["value"] = {"$secret": "AWS_SECRET_ACCESS_KEY"}


def read_secret_elsewhere(document: Json) -> None:
    field(document, "greet", "content")["value"] = {"$secret": "TEAM_KEY"}


def upload_file(document: Json) -> None:
    upload = {"$upload": "a.md", "from": "../outside.txt", **outside(Path.cwd())}
    field(document, "Handbook", "files")["value"] = [upload]


def upload_for_job(document: Json) -> None:
    document["jobs"][0]["written"]["spec"]["files"][0]["from"] = "greet.md"


def write_anywhere(document: Json) -> None:
    document["jobs"][0]["written"]["output"]["file"] = "../elsewhere.md"


def change_beside_a_secret(document: Json) -> None:
    field(document, "key", "name")["after"] = "Somebody else's"


def reset_to_anything(document: Json) -> None:
    moved = field(document, "key", "name")
    moved.update({"cause": "reset", "path": "active", "after": "nothing of the kind"})


def add_object(document: Json) -> None:
    document["changes"].append({**change(document, "key"), "key": "another"})


def write_again(document: Json) -> None:
    one = change(document, "greet")
    one["action"], one["id"] = "replace", "an-id"
    one["rewritten"] = [{**one["fields"][0], "value": {"$secret": "AWS_SECRET_ACCESS_KEY"}, "secret": True}]
    one["fields"] = []


def hide_in_another_value(document: Json) -> None:
    field(document, "bot", "params.top_k")["value"] = {"deep": [{"$join": ["x", {"$secret": "TEAM_KEY"}]}]}


EDITS = [
    read_file,
    read_environment,
    read_secret_elsewhere,
    upload_file,
    upload_for_job,
    write_anywhere,
    change_beside_a_secret,
    reset_to_anything,
    add_object,
    write_again,
    hide_in_another_value,
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_an_edited_plan_gets_no_further_than_its_manifests(folder: Path, edit: Callable[[Json], None]) -> None:
    save(folder, edit=edit)
    ran = apply()
    assert (ran.code, is_taken(ran)) == (4, False), ran.err
    assert "than the manifests" in ran.err


def test_an_edited_plan_is_believed_by_nobody_who_names_the_digest_of_the_first(folder: Path) -> None:
    first = save(folder)["digest"]
    save(folder, edit=read_environment)
    ran = apply("--expect-digest", first)
    assert (ran.code, "not the expected one" in ran.err) == (4, True)


def test_manifests_that_changed_make_a_plan_stale(folder: Path) -> None:
    save(folder)
    with (folder / "team.yaml").open("a") as file:
        file.write("\n# another word\n")
    ran = apply()
    assert (ran.code, "not the ones that this plan was made from" in ran.err) == (4, True)


def test_without_its_manifests_a_plan_with_files_or_secrets_is_refused(folder: Path) -> None:
    digest = save(folder)["digest"]
    (folder / "team.yaml").unlink()
    ran = apply()
    assert (ran.code, "--expect-digest" in ran.err) == (5, True)
    assert is_taken(apply("--expect-digest", digest))
    assert is_taken(apply("--expect-digest", digest.removeprefix("sha256:").upper()))


def test_without_its_manifests_a_plan_that_reads_nothing_is_taken(folder: Path) -> None:
    (folder / "team.yaml").write_text("version: 1\nprompts: {a: {content: plain}}\n")
    save(folder)
    (folder / "team.yaml").unlink()
    assert is_taken(apply())


def test_manifests_that_came_with_the_plan_do_not_vouch_for_it(folder: Path) -> None:
    """A project with a configuration or with git says itself which manifests are its own."""
    evil = folder / "artifact"
    evil.mkdir()
    (evil / "team.yaml").write_text("version: 1\nprompts: {a: {content: !secret AWS_SECRET_ACCESS_KEY}}\n")
    save(folder, "artifact/team.yaml")
    assert is_taken(apply())
    (folder / "owui-sync.yaml").write_text("version: 1\nlayers: [team.yaml]\n")
    assert apply().code == 5
    (folder / "owui-sync.yaml").unlink()
    subprocess.run(["git", "init", "--quiet"], check=True)
    assert apply().code == 5
    subprocess.run(["git", "add", "artifact"], check=True)
    assert is_taken(apply())


def test_manifests_outside_of_the_project_do_not_vouch_for_a_plan(folder: Path) -> None:
    (folder.parent / "team.yaml").write_text("version: 1\nprompts: {a: {content: !secret AWS_SECRET_ACCESS_KEY}}\n")
    save(folder, "../team.yaml")
    assert apply().code == 5


def test_a_plan_of_other_variables_needs_them_again(folder: Path) -> None:
    save(folder, edit=lambda document: field(document, "bot", "system").update(after="be short"))
    assert apply().code == 4
    assert is_taken(apply("--var", "tone=short"))


def test_a_file_that_changed_is_named(folder: Path) -> None:
    save(folder)
    (folder / "greet.md").write_text("Bye.")
    ran = apply()
    assert (ran.code, "`greet.md` changed since the plan was made" in ran.err) == (4, True)


def test_the_expected_digest_is_for_saved_plans(folder: Path) -> None:
    ran = run_here(folder, {**os.environ, "OWUI_URL": NOWHERE}, "apply", "team.yaml", "--yes", "--expect-digest", "x")
    assert ran.code == 64


@pytest.mark.parametrize("path", ["/dev/zero", "pipe"])
def test_what_never_ends_is_no_plan(folder: Path, path: str) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "plan.json").symlink_to(path)
    ran = apply()
    assert (ran.code, "not a file" in ran.err) == (1, True)


def test_a_deep_plan_is_no_plan(folder: Path) -> None:
    (folder / "plan.json").write_text("[" * 100_000 + "]" * 100_000)
    ran = apply()
    assert (ran.code, "nested more than 200 levels deep" in ran.err) == (1, True)


@pytest.mark.parametrize("stack", ["../../x", "a/b", "x\n"])
def test_what_is_no_stack_is_wrong_use(folder: Path, stack: str) -> None:
    env = {**os.environ, "OWUI_URL": NOWHERE, "OWUI_TOKEN": "sk-1"}
    ran = run_here(folder, env, "state", "list", "--stack", stack)
    assert (ran.code, "--stack: a stack's name" in ran.err) == (64, True)


def test_what_the_plan_takes_away_is_what_the_manifests_ask_for(folder: Path) -> None:
    """A valve that is set to nothing has no value, and who has not signed in yet is in no group."""

    def leave_out(document: Json) -> None:
        document["changes"] = [one for one in document["changes"] if one["kind"] != "user"]
        document["awaited"] = ["user/new@example.com"]
        field(document, "g", "members")["after"] = ["old@example.com"]

    def leave_out_for_nobody(document: Json) -> None:
        leave_out(document)
        document["awaited"] = []

    (folder / "team.yaml").write_text(
        "version: 1\nstack: team\nprompts: {key: {content: !secret TEAM_KEY}}\n"
        "groups: {g: {members: [new@example.com, old@example.com]}}\nusers: {new@example.com: {role: user}}\n"
        "tools: {t: {content: !file tool.py, valves: {priority: !null }}}\n"
    )
    (folder / "tool.py").write_text("class Tools:\n    class Valves:\n        priority: int = 0\n")
    save(folder, edit=leave_out)
    assert is_taken(apply())
    save(folder, edit=leave_out_for_nobody)
    assert apply().code == 4


def test_a_default_of_the_server_is_what_the_manifests_ask_for_and_nothing_else_is(folder: Path) -> None:
    def other_default(document: Json) -> None:
        field(document, "general", "RESPONSE_WATERMARK")["after"] = "mine"

    (folder / "team.yaml").write_text(
        "version: 1\nstack: team\nprompts: {key: {content: !secret TEAM_KEY}}\n"
        "settings: {general: {RESPONSE_WATERMARK: !default}}\n"
    )
    save(folder)
    assert is_taken(apply())
    save(folder, edit=other_default)
    ran = apply()
    assert (ran.code, is_taken(ran)) == (4, False), ran.err


def odd_value(document: Json) -> None:
    field(document, "bot", "params.top_k")["after"] = "many"


def odd_key(document: Json) -> None:
    change(document, "greet")["key"] = "greet all"


def circle(document: Json) -> None:
    change(document, "greet")["depends_on"] = ["model/bot"]
    change(document, "bot")["depends_on"] = ["prompt/greet"]


@pytest.mark.parametrize("edit", [odd_value, odd_key, circle], ids=lambda edit: edit.__name__)
def test_whoever_vouches_for_a_plan_what_no_manifest_could_say_is_not_sent(
    folder: Path, edit: Callable[[Json], None]
) -> None:
    document = save(folder, edit=edit)
    ran = apply("--expect-digest", document["digest"])
    assert (ran.code, is_taken(ran)) == (1, False), ran.err
    assert "this saved plan is damaged: $.changes" in ran.err
    assert "make it again with `owui-sync plan --out FILE`" in ran.err
