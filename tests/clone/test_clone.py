"""`owui-sync clone`: a copy is the same up to ids, times and owners, and nothing on the destination is lost unasked.

The tests build on each other: each goes on with what the one before left on the destination.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

from owui_sync.cli import clone as clone_command
from owui_sync.pytest_plugin import OpenWebUIFactory
from tests.support.filled import content, fill
from tests.support.project import Project, Ran, changes
from tests.support.server import Server

pytestmark = pytest.mark.slow

KEYS = ("key-of-the-first-provider", "key-of-the-second-provider")
SECRETS = {f"CONNECTIONS_OPENAI_{number}_KEY": key for number, key in enumerate(KEYS, 1)}


@pytest.fixture(scope="module")
def servers(open_webui_factory: OpenWebUIFactory, tmp_path_factory: pytest.TempPathFactory) -> list[Project]:
    """A filled server and an empty one, with the same two providers and other keys."""
    folder = tmp_path_factory.mktemp("copy")
    both = [Project(folder, open_webui_factory(), "copy") for _ in range(2)]
    fill(both[0], folder)
    urls = [f"{project.sandbox.provider_url}/v1" for project in both]
    for project, keys in zip(both, (KEYS, ("old-1", "old-2")), strict=True):
        body = {"ENABLE_OPENAI_API": True, "OPENAI_API_BASE_URLS": urls, "OPENAI_API_KEYS": keys}
        configs = {"0": {"enable": True, "tags": [{"name": "paid"}]}, "1": {"enable": True}}
        project.api("POST", "/openai/config/update", {**body, "OPENAI_API_CONFIGS": configs})
    return both


def run(servers: list[Project], *words: str, **env: str) -> Ran:
    first, second = (project.sandbox.url for project in servers)
    targets = {"one": (first, "ONE"), "two": (second, "TWO"), "alias": (first.replace("127.0.0.1", "localhost"), "ONE")}
    text = "version: 1\ntargets:\n" + "".join(
        f"  {name}: {{url: '{url}', token: !secret TOKEN_{token}}}\n" for name, (url, token) in targets.items()
    )
    servers[0].folder.joinpath("owui-sync.yaml").write_text(text, encoding="utf-8")
    tokens = {"TOKEN_ONE": servers[0].sandbox.token, "TOKEN_TWO": servers[1].sandbox.token}
    return servers[0].run(*words, **tokens, **env)


def clone(servers: list[Project], *words: str, **env: str) -> Ran:
    return run(servers, "clone", "one", "--to", "two", "--yes", *words, **(env or SECRETS))


def rows(project: Project) -> dict[str, Any]:
    return {path: project.api("GET", f"/api/v1/{path}") for path in ("prompts/", "groups/", "models/export", "tools/")}


def files_of(project: Project) -> int:
    return len(project.api("GET", "/api/v1/files/?content=false"))


def test_one_server_under_two_names_is_refused(servers: list[Project]) -> None:
    before = files_of(servers[0])
    for name in ("one", "alias"):
        ran = run(servers, "clone", "one", "--to", name, "--yes", **SECRETS)
        assert ran.code == 5
        assert "same" in ran.err
    assert files_of(servers[0]) == before, "no inventory was written"


def test_without_a_terminal_consent_is_required(servers: list[Project]) -> None:
    ran = run(servers, "clone", "one", "--to", "two", **SECRETS)
    assert ran.code == 64
    assert "--yes" in ran.err


def test_every_missing_secret_is_named_before_anything_is_changed(servers: list[Project]) -> None:
    before = rows(servers[1])
    ran = clone(servers, UNUSED="")
    assert ran.code == 1
    assert [name for name in SECRETS if name in ran.err] == list(SECRETS)
    assert "--allow-missing-secrets" in ran.err
    assert rows(servers[1]) == before


def test_without_accounts_and_secrets_the_rest_is_copied_and_these_are_listed(servers: list[Project]) -> None:
    ran = clone(servers, "--allow-missing-secrets", UNUSED="")
    assert ran.code == 0, ran.err
    assert "manifests/users.yaml:" in ran.err
    assert "/tmp" not in ran.err + ran.out
    for name in (*SECRETS, "user/ada@example.com", "user/bob@example.com", "user/eve@example.com"):
        assert name in ran.err
    assert content_of_groups(servers[1]) == {"Support": set(), "Research": set()}
    assert servers[1].api("GET", "/openai/config")["OPENAI_API_KEYS"] == ["old-1", "old-2"]
    assert [user["email"] for user in servers[1].api("GET", "/api/v1/users/")["users"]] == ["admin@example.com"]


def content_of_groups(project: Project) -> dict[str, set[str]]:
    return {name: Server(project).members(row["id"]) for name, row in project.groups().items()}


def test_a_copy_is_the_same_up_to_ids_times_and_owners(servers: list[Project]) -> None:
    ran = clone(servers, "--create-users")
    assert ran.code == 0, ran.err
    assert "user/ada@example.com" in ran.out
    assert not [key for key in KEYS if key in ran.out + ran.err]
    source, copy = map(content, servers)
    assert len(source["users"]) == 4
    for kind in source:
        assert copy[kind] == source[kind], kind
    assert servers[1].api("GET", "/openai/config")["OPENAI_API_KEYS"] == list(KEYS)
    assert run(servers, "diff", "one", "two").out.endswith("unchanged.\n")
    assert run(servers, "diff", "one", "two").code == 0


def test_a_second_copy_changes_nothing(servers: list[Project]) -> None:
    ran = clone(servers, "--create-users", "--format", "json")
    assert (ran.code, ran.document["changes"]) == (0, [])


def test_what_somebody_changed_on_the_destination_is_named_by_diff_and_copied_again(servers: list[Project]) -> None:
    prompt = servers[1].prompts()["greet"]
    Server(servers[1]).change_prompt(prompt, content="Changed")
    group = servers[1].groups()["Support"]
    bob = next(row for row in servers[1].api("GET", "/api/v1/users/")["users"] if row["name"] == "bob")
    servers[1].api("POST", "/api/v1/models/create", _preset("own", {"description": "only here"}))
    helper = servers[1].models()["helper"]
    Server(servers[1]).change_model(helper, meta={"tags": [{"name": "by hand"}]})
    ran = run(servers, "diff", "one", "two", "--format", "json")
    assert ran.code == 2
    assert changes(ran.document) == {"model/own": "delete", "model/helper": "update", "prompt/greet": "update"}
    assert clone(servers).code == 0
    ran = run(servers, "diff", "one", "two", "--format", "json")
    assert changes(ran.document) == {"model/own": "delete"}, "also what is at its default on the source was copied"
    assert (group["name"], bob["role"]) == ("Support", "user")


def _preset(id: str, meta: dict[str, Any]) -> dict[str, Any]:
    return {"id": id, "name": id, "base_model_id": "gpt-4.1", "meta": meta, "params": {}, "access_grants": []}


def test_nothing_is_deleted_or_demoted_without_being_asked_for(servers: list[Project]) -> None:
    admin = next(row for row in servers[1].api("GET", "/api/v1/users/")["users"] if row["name"] == "bob")
    body = {**admin, "role": "admin", "password": None}
    servers[1].api("POST", f"/api/v1/users/{admin['id']}/update", body)
    greet = servers[0].prompts()["greet"]
    servers[0].api("DELETE", f"/api/v1/prompts/id/{greet['id']}/delete")
    research = servers[1].groups()["Research"]
    servers[1].api("POST", f"/api/v1/groups/id/{research['id']}/users/add", {"user_ids": [admin["id"]]})
    ran = clone(servers)
    assert ran.code == 0, ran.err
    assert "user/bob@example.com stays `admin`" in ran.err
    assert "`members` keeps bob@example.com" in ran.err
    assert {"greet", "triage"} == set(servers[1].prompts())
    assert {"own", "helper"} < set(servers[1].models())
    assert "bob@example.com" in content_of_groups(servers[1])["Research"]


def test_delete_takes_away_what_only_the_destination_has_but_no_account(servers: list[Project]) -> None:
    Server(servers[1]).user("zoe")
    ran = clone(servers, "--delete")
    assert ran.code == 0, ran.err
    assert set(servers[1].prompts()) == {"triage"}
    assert "own" not in servers[1].models()
    assert content_of_groups(servers[1])["Research"] == {"eve@example.com"}
    people = {row["email"]: row["role"] for row in servers[1].api("GET", "/api/v1/users/")["users"]}
    assert (people["zoe@example.com"], people["bob@example.com"]) == ("user", "admin")


def test_the_plan_may_be_limited(servers: list[Project]) -> None:
    for id in "abc":
        servers[1].api("POST", "/api/v1/models/create", _preset(f"own-{id}", {}))
    ran = clone(servers, "--delete", "--max-delete", "2")
    assert ran.code == 5
    assert {"own-a", "own-b", "own-c"} < set(servers[1].models())


def test_a_server_that_is_not_empty_is_confirmed_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["production", "staging"])
    monkeypatch.setattr(click, "prompt", lambda *_, **__: next(typed))
    ask = clone_command._asking_for("production")
    ask("Apply this plan?")
    with pytest.raises(click.Abort):
        ask("Apply this plan?")


def test_no_manifest_of_the_source_stays_on_the_disk(servers: list[Project], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = servers[0].folder / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    assert clone(servers, "--only", "prompts/*").code == 0
    assert list(Path(folder).iterdir()) == []
