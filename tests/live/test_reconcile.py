"""A manifest against a real server: apply, an empty plan, and every way in which the two can come apart."""

from __future__ import annotations

from typing import Any

import pytest

from tests.live.running import Project, causes, changes

MANIFEST = """
groups:
  {g}:
    description: People who answer tickets
    permissions:
      workspace: {{prompts: true, models: false}}
    members: [{admin}]
prompts:
  {p}:
    name: Triage
    content: "Sort this: {{{{ticket}}}}"
    tags: [one, two]
    access: {{read: {{groups: [{g}]}}, write: {{users: [{admin}]}}}}
models:
  {m}:
    name: Bot
    base: gpt-4.1
    description: Answers
    system: Be brief.
    params: {{temperature: 0.2, max_tokens: 10}}
    capabilities: {{vision: false}}
    suggestions: [How?, Why?]
    tags: [x]
    access: public
"""


@pytest.fixture
def names(project: Project) -> dict[str, str]:
    tail = project.stack[-40:]
    return {"g": f"g-{tail}", "p": f"p-{tail}", "m": f"m-{tail}", "admin": project.sandbox.admin_email}


@pytest.fixture
def applied(project: Project, names: dict[str, str]) -> Project:
    project.write(MANIFEST.format(**names))
    project.apply()
    return project


def edit(project: Project, old: str, new: str) -> None:
    path = project.folder / "manifest.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_after_an_apply_the_plan_is_empty_and_the_server_has_it_all(applied: Project, names: dict[str, str]) -> None:
    assert changes(applied.plan()) == {}
    model, prompt, group = applied.models()[names["m"]], applied.prompts()[names["p"]], applied.groups()[names["g"]]
    assert (model["name"], model["base_model_id"], model["params"]) == (
        "Bot",
        "gpt-4.1",
        {"temperature": 0.2, "max_tokens": 10, "system": "Be brief."},
    )
    assert model["meta"]["suggestion_prompts"] == [{"content": "How?"}, {"content": "Why?"}]
    assert [(g["principal_id"], g["permission"]) for g in model["access_grants"]] == [("*", "read")]
    assert (prompt["name"], prompt["content"], prompt["tags"]) == ("Triage", "Sort this: {{ticket}}", ["one", "two"])
    assert {(g["principal_type"], g["permission"]) for g in prompt["access_grants"]} == {
        ("group", "read"),
        ("user", "read"),
        ("user", "write"),
    }
    assert group["permissions"] == {"workspace": {"prompts": True, "models": False}}
    assert group["member_count"] == 1


def test_an_apply_without_changes_writes_nothing(applied: Project, names: dict[str, str]) -> None:
    before = applied.models()[names["m"]], applied.prompts()[names["p"]], applied.groups()[names["g"]]
    assert changes(applied.apply()) == {}
    assert (applied.models()[names["m"]], applied.prompts()[names["p"]], applied.groups()[names["g"]]) == before


MODEL_EDITS: dict[str, dict[str, Any]] = {
    "name": {"name": "Other"},
    "description": {"meta": {"description": "Other"}},
    "system": {"params": {"system": "Other"}},
    "params.temperature": {"params": {"temperature": 1}},
    "capabilities.vision": {"meta": {"capabilities": {"vision": True}}},
    "suggestions": {"meta": {"suggestion_prompts": [{"content": "Who?"}]}},
    "tags": {"meta": {"tags": [{"name": "y"}]}},
    "base": {"base_model_id": "gpt-4.1-mini"},
}


@pytest.mark.parametrize("path", MODEL_EDITS)
def test_a_field_of_a_model_changed_on_the_server_is_the_only_one_in_the_plan(
    applied: Project, names: dict[str, str], path: str
) -> None:
    row = applied.models()[names["m"]]
    change = MODEL_EDITS[path]
    for bag in ("params", "meta"):
        if bag in change:
            change = {**change, bag: {**row[bag], **change[bag]}}
    applied.api("POST", "/api/v1/models/model/update", {**row, **change})
    assert causes(applied.plan()) == {f"model/{names['m']} {path}": "drift"}
    applied.apply()
    assert changes(applied.plan()) == {}


def test_access_changed_on_the_server_is_drift(applied: Project, names: dict[str, str]) -> None:
    applied.api("POST", "/api/v1/models/model/access/update", {"id": names["m"], "name": "Bot", "access_grants": []})
    assert causes(applied.plan()) == {f"model/{names['m']} access": "drift"}
    applied.apply()
    assert [g["principal_id"] for g in applied.models()[names["m"]]["access_grants"]] == ["*"]


def test_a_prompt_switched_off_and_a_member_removed_on_the_server_are_seen(
    applied: Project, names: dict[str, str]
) -> None:
    edit(applied, "name: Triage", "name: Triage\n    active: true")
    applied.apply()
    prompt, group = applied.prompts()[names["p"]], applied.groups()[names["g"]]
    users = applied.api("GET", "/api/v1/users/all")["users"]
    user = next(user for user in users if user["email"] == names["admin"])
    applied.api("POST", f"/api/v1/prompts/id/{prompt['id']}/toggle")
    applied.api("POST", f"/api/v1/groups/id/{group['id']}/users/remove", {"user_ids": [user["id"]]})
    assert causes(applied.plan()) == {f"prompt/{names['p']} active": "drift", f"group/{names['g']} members": "drift"}
    applied.apply()
    assert applied.prompts()[names["p"]]["is_active"]
    assert applied.groups()[names["g"]]["member_count"] == 1


LINES = {
    "description: People who answer tickets": ("description: Others", "group/{g} description"),
    "workspace: {prompts: true, models: false}": (
        "workspace: {prompts: true, models: true}",
        "group/{g} permissions.workspace.models",
    ),
    "name: Triage": ("name: Sorting", "prompt/{p} name"),
    "tags: [one, two]": ("tags: [one, three]", "prompt/{p} tags"),
    "base: gpt-4.1": ("base: gpt-4.1-mini", "model/{m} base"),
    "system: Be brief.": ("system: Be long.", "model/{m} system"),
    "params: {temperature: 0.2, max_tokens: 10}": (
        "params: {temperature: 0.3, max_tokens: 10}",
        "model/{m} params.temperature",
    ),
    "suggestions: [How?, Why?]": ("suggestions: [Why?, How?]", "model/{m} suggestions"),
    "access: public": ("access: private", "model/{m} access"),
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_changed_in_the_manifest_is_the_only_change(applied: Project, names: dict[str, str], line: str) -> None:
    new, path = LINES[line]
    edit(applied, line, new)
    assert causes(applied.plan()) == {path.format(**names): "manifest"}
    applied.apply()
    assert changes(applied.plan()) == {}


def test_fields_that_are_no_longer_written_go_back_to_their_defaults(applied: Project, names: dict[str, str]) -> None:
    for line in (
        "    description: Answers\n",
        "    system: Be brief.\n",
        "    tags: [x]\n",
        "    suggestions: [How?, Why?]\n",
        "    access: public\n",
        "    capabilities: {vision: false}\n",
        ", max_tokens: 10",
        "    tags: [one, two]\n",
        "    name: Triage\n",
        ", models: false",
    ):
        edit(applied, line, "")
    plan = applied.plan()
    assert set(causes(plan).values()) == {"reset"}
    assert len(causes(plan)) == 10
    applied.apply()
    assert changes(applied.plan()) == {}
    model, prompt = applied.models()[names["m"]], applied.prompts()[names["p"]]
    assert (model["params"], model["access_grants"]) == ({"temperature": 0.2}, [])
    assert (model["meta"]["description"] or "", model["meta"]["tags"], model["meta"]["capabilities"]) == ("", [], {})
    assert (prompt["tags"], prompt["name"]) == ([], names["p"])
    assert applied.groups()[names["g"]]["permissions"] == {"workspace": {"prompts": True}}


def test_an_entry_that_is_removed_is_deleted_and_what_others_made_stays(
    applied: Project, names: dict[str, str]
) -> None:
    stranger = f"stranger-{names['p']}"
    applied.api("POST", "/api/v1/prompts/create", {"command": stranger, "name": "S", "content": "s"})
    applied.write("")
    assert changes(applied.plan()) == {
        f"group/{names['g']}": "delete",
        f"prompt/{names['p']}": "delete",
        f"model/{names['m']}": "delete",
    }
    applied.apply()
    assert names["m"] not in applied.models()
    assert names["g"] not in applied.groups()
    assert names["p"] not in applied.prompts()
    assert stranger in applied.prompts()


def test_what_is_there_already_is_adopted_in_place(project: Project, names: dict[str, str]) -> None:
    row = project.api(
        "POST", "/api/v1/prompts/create", {"command": names["p"], "name": "Mine", "content": "old", "tags": ["keep"]}
    )
    project.write(f"prompts:\n  {names['p']}: {{content: new}}\n")
    plan = project.plan()
    assert changes(plan) == {f"prompt/{names['p']}": "adopt"}
    assert [field["path"] for field in plan["changes"][0]["fields"]] == ["content"]
    project.apply()
    after = project.prompts()[names["p"]]
    assert (after["id"], after["name"], after["content"], after["tags"]) == (row["id"], "Mine", "new", ["keep"])


def test_texts_survive_byte_for_byte(project: Project, names: dict[str, str]) -> None:
    text = "a\r\nb  \n\t{{x | text}} ${HOME} $${y} 🦉 \u202e \\n 'q' \"q\"\n\n" + "0123456789abcdef\n" * 6400
    (project.folder / "text.md").write_bytes(text.encode())
    project.write(
        f"prompts:\n  {names['p']}: {{content: !file text.md}}\n"
        f"models:\n  {names['m']}: {{base: gpt-4.1, system: !file text.md}}\n"
    )
    project.apply()
    assert project.prompts()[names["p"]]["content"] == text
    assert project.models()[names["m"]]["params"]["system"] == text
    assert changes(project.plan()) == {}


def test_histories_get_the_message(project: Project, names: dict[str, str]) -> None:
    project.write(f"prompts:\n  {names['p']}: {{content: one}}\nmodels:\n  {names['m']}: {{base: gpt-4.1}}\n")
    project.apply("--message", "release 7")
    prompt = project.prompts()[names["p"]]
    history = project.api("GET", f"/api/v1/prompts/id/{prompt['id']}/history")
    assert history[0]["commit_message"] == "release 7"
    versions = project.api("GET", f"/api/v1/models/model/history?id={names['m']}")
    assert versions[0]["commit_message"] == "release 7"


def test_absent_names_are_deleted_whoever_made_them(project: Project, names: dict[str, str]) -> None:
    project.api("POST", "/api/v1/prompts/create", {"command": names["p"], "name": "S", "content": "s"})
    project.write(f"absent:\n  prompts: [{names['p']}]\n")
    assert changes(project.apply()) == {f"prompt/{names['p']}": "delete"}
    assert names["p"] not in project.prompts()
    assert changes(project.plan()) == {}


def test_access_rules_cover_models_of_providers_and_let_go_of_them(project: Project) -> None:
    rule = 'access_rules:\n  - {models: ["claude-*"], access: public}\n'
    project.write(rule)
    plan = project.apply()
    assert changes(plan) == {"model/claude-sonnet": "create"}
    assert [g["principal_id"] for g in project.models()["claude-sonnet"]["access_grants"]] == ["*"]
    assert changes(project.plan()) == {}
    project.write("")
    assert changes(project.apply()) == {"model/claude-sonnet": "delete"}
    assert "claude-sonnet" not in project.models()
