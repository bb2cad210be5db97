"""`owui-sync rehearse`: what it says of an upgrade. A change made by hand plays the migration, but for one real one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.sandbox import Sandbox
from owui_sync.sandbox.install import install
from tests.support.project import Project, Ran
from tests.support.proxy import Answer, proxied

pytestmark = pytest.mark.slow

MANIFEST = """
groups: {g-STACK: {description: Text, permissions: {workspace: {prompts: true}}}}
prompts: {p-STACK: {content: Hello, tags: [a]}, q-STACK: {content: x}}
jobs: {j-STACK: {chat: {model: house, prompt: "say Hello"}, expect: {contains: [hello]}}}
"""


@pytest.fixture
def written(project: Project, on_open_webui: list[str], monkeypatch: pytest.MonkeyPatch) -> Project:
    project.write(MANIFEST.replace("STACK", project.stack))
    monkeypatch.setattr("owui_sync.environments.rehearsal.install", lambda *_: None)
    return project


@pytest.fixture
def upgrade(written: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """Let a function do what the migrations of the new version do; it may give another server that serves the data."""

    def play(migration: Callable[[], Any]) -> None:
        def restart(name: str, **_: Any) -> Sandbox:
            return migration() or written.sandbox

        monkeypatch.setattr("owui_sync.environments.rehearsal.restart", restart)

    play(lambda: None)
    return play


def rehearsed(project: Project, *words: str, **env: str) -> Ran:
    return project.run("rehearse", ".", "--from", "0.8.12", "--to", "0.12.4", "--format", "json", *words, **env)


def test_what_stays_as_it_is_is_kept_with_its_fields(written: Project, upgrade: Any, on_open_webui: list[str]) -> None:
    ran = rehearsed(written)
    assert (ran.code, on_open_webui) == (0, ["0.8.12"])
    document = ran.document
    kept = {each["address"]: each["fields"] for each in document["kept"]}
    assert kept == {f"group/g-{written.stack}": 2, f"prompt/p-{written.stack}": 2, f"prompt/q-{written.stack}": 1}
    assert (document["changed"], document["impossible"], document["possible"]) == ([], [], True)
    assert [(job["same"], job["worse"]) for job in document["jobs"]] == [(True, False)]
    assert document["advice"] == ["The upgrade changes nothing of what the manifests manage."]


def test_what_the_migration_changes_is_told_field_by_field(written: Project, upgrade: Any) -> None:
    def migration() -> None:
        row = written.prompts()[f"p-{written.stack}"]
        written.api("POST", f"/api/v1/prompts/id/{row['id']}/update", {**row, "content": "Hi"})
        gone = written.prompts()[f"q-{written.stack}"]
        written.api("DELETE", f"/api/v1/prompts/id/{gone['id']}/delete")

    upgrade(migration)
    ran = rehearsed(written, "--report", "text=r.txt", "--report", "markdown=r.md")
    assert ran.code == 0, ran.out
    s = written.stack
    assert ran.document["changed"] == [
        {"address": f"prompt/q-{s}", "action": "create", "settled": True},
        {"address": f"prompt/p-{s}", "path": "content", "settled": True, "wanted": "Hello", "now": "Hi"},
    ]
    assert {each["address"]: each["fields"] for each in ran.document["kept"]} == {f"group/g-{s}": 2, f"prompt/p-{s}": 1}
    assert written.prompts()[f"p-{s}"]["content"] == "Hello"
    text = (written.folder / "r.txt").read_text()
    assert '"Hello" -> "Hi"   an apply brings it back' in text
    assert f"prompt/q-{s}  is not there any more" in text
    assert "The upgrade changes 2 objects, and an apply brings everything back." in text
    assert "### Changed by the migration" in (written.folder / "r.md").read_text()


def test_what_the_new_version_refuses_is_no_longer_possible_with_its_words(written: Project, upgrade: Any) -> None:
    with proxied(written.sandbox) as (through, proxy):

        def migration() -> Sandbox:
            row = written.groups()[f"g-{written.stack}"]
            written.api("POST", f"/api/v1/groups/id/{row['id']}/update", {**row, "description": "Other"})
            proxy.rule = lambda method, path: (
                Answer(400, json.dumps({"detail": "groups are read only since 0.12"}).encode())
                if method == "POST" and "/groups/id/" in path
                else None
            )
            return through

        upgrade(migration)
        ran = rehearsed(written, "--report", "text=r.txt")
    assert ran.code == 1
    (lost,) = ran.document["impossible"]
    assert lost["version"] == "0.12.4"
    assert f"group/g-{written.stack}: groups are read only since 0.12" in lost["message"]
    assert lost["where"].endswith("manifest.yaml:4:10")
    assert [each["settled"] for each in ran.document["changed"]] == [False]
    assert f"group/g-{written.stack}" not in {each["address"] for each in ran.document["kept"]}
    text = (written.folder / "r.txt").read_text()
    assert "No longer possible in 0.12.4: 1" in text
    assert "Change the manifests before the upgrade" in text


def test_what_the_new_version_does_not_keep_is_no_longer_possible(written: Project, upgrade: Any) -> None:
    with proxied(written.sandbox) as (through, proxy):

        def migration() -> Sandbox:
            row = written.groups()[f"g-{written.stack}"]
            written.api("POST", f"/api/v1/groups/id/{row['id']}/update", {**row, "description": "Other"})
            rows = json.dumps(written.api("GET", "/api/v1/groups/")).encode()
            done = json.dumps(written.groups()[f"g-{written.stack}"] | {"description": "Text"}).encode()

            def rule(method: str, path: str) -> Answer | None:
                if "/groups/" not in path:
                    return None
                return Answer(200, rows if method == "GET" and path.rstrip("/").endswith("groups") else done)

            proxy.rule = rule
            return through

        upgrade(migration)
        ran = rehearsed(written)
    assert ran.code == 1, ran.out
    assert "does not keep description" in ran.document["impossible"][0]["message"]


def test_a_job_that_went_well_before_and_does_not_after_ends_with_6(written: Project, upgrade: Any) -> None:
    with proxied(written.sandbox) as (through, proxy):

        def migration() -> Sandbox:
            proxy.rule = lambda _, path: Answer(400, b'{"detail": "no"}') if "completions" in path else None
            return through

        upgrade(migration)
        ran = rehearsed(written)
    assert (ran.code, ran.document["jobs"][0]["worse"]) == (6, True)


def test_manifests_that_the_version_in_use_cannot_do_are_an_error(written: Project, upgrade: Any) -> None:
    written.write(f'prompts: {{p-{written.stack}: {{content: x, access: {{read: {{groups: ["id:x y"]}}}}}}}}')
    assert rehearsed(written).code == 0  # The group gets a stand-in.
    written.write("prompts: {p: {contend: x}}")
    ran = rehearsed(written, "--report", "text=r.txt")
    assert ran.code == 1
    assert "did not come to its end" in (written.folder / "r.txt").read_text()


@pytest.mark.parametrize("versions", [("0.12.4", "0.12.4"), ("0.12.4", "0.8.12"), ("0.12.4", "newest")])
def test_a_rehearsal_goes_to_a_newer_version(written: Project, versions: tuple[str, str]) -> None:
    ran = written.run("rehearse", ".", "--from", versions[0], "--to", versions[1])
    assert (ran.code, "x versions" in ran.out) == (64, True)


def test_an_export_of_the_live_server_only_reads_it(written: Project, upgrade: Any) -> None:
    assert written.run("apply", ".", "--yes", "--no-jobs").code == 0
    with proxied(written.sandbox) as (through, proxy):
        words = (
            "rehearse",
            "--export",
            "--files",
            "--only",
            f"prompts/*{written.stack}",
            "--from",
            "0.8.12",
            "--to",
            "0.9.6",
        )
        ran = written.run(*words, "--format", "json", OWUI_URL=through.url)
    assert ran.code == 0, ran.out
    assert {each["address"] for each in ran.document["kept"]} == {f"prompt/{name}-{written.stack}" for name in "pq"}
    assert len(proxy.seen) > 3
    assert proxy.writes == []


def test_an_export_and_paths_exclude_each_other(written: Project) -> None:
    assert rehearsed(written, "--export").code == 64
    ran = written.run("rehearse", ".", "--files", "--from", "0.8.12", "--to", "0.9.6")
    assert (ran.code, "--files means nothing without --export" in ran.err) == (64, True)


def test_a_real_migration_is_told_and_settled(project: Project, open_webui_factory: OpenWebUIFactory) -> None:
    install("0.6.43")  # Commands of tests do not have what this machine needs to reach a package index.
    project.write("""
knowledge: {K: {files: [{name: a.txt, content: A}, {name: x/b.txt, content: B}]}}
prompts: {p: {content: x}}
models: {m: {base: house, params: {temperature: 0.5}, access: public}}
jobs: {j: {chat: {model: m, prompt: "say Hello"}, expect: {contains: [hello]}}}
""")
    ran = project.run("rehearse", ".", "--from", "0.6.43", "--to", "0.12.4", "--format", "json")
    assert ran.code == 0, ran.out
    told = {(each["address"], each.get("path") or each["action"]) for each in ran.document["changed"]}
    assert told == {("knowledge/K", "files"), ("prompt/p", "adopt")}
    assert {each["address"] for each in ran.document["kept"]} >= {"model/m", "prompt/p"}
    assert [job["same"] for job in ran.document["jobs"]] == [True]
    assert [check["status"] for check in ran.document["checks"]] == ["passed"] * len(ran.document["checks"])
