"""A manifest against a server of any tested version: apply, an empty plan, and every way in which the two part."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.manifests import edit, everything
from tests.support.project import Project, causes, changes
from tests.support.server import PUBLIC, Server


@pytest.fixture
def applied(project: Project, server: Server, names: dict[str, str]) -> Project:
    project.write(everything(server, names))
    project.apply()
    return project


def test_after_an_apply_the_plan_is_empty_and_the_server_has_it_all(
    applied: Project, server: Server, names: dict[str, str]
) -> None:
    assert changes(applied.plan()) == {}
    model, prompt, group = (server.row(kind, names[kind[0]]) for kind in ("model", "prompt", "group"))
    admin = server.get("/api/v1/users/user/status")["id"]
    assert (model["name"], model["base_model_id"], model["is_active"]) == ("Bot", "gpt-4.1", True)
    assert model["params"] == {"temperature": 0.2, "max_tokens": 10, "system": "Be brief."}
    meta = {
        "description": "Answers",
        "capabilities": {"vision": False},
        "suggestion_prompts": [{"content": "How?"}, {"content": "Why?"}],
        "tags": [{"name": "x"}],
        "profile_image_url": "data:image/png;base64,iVBORw0KGgo=",
        "hidden": False,
        "team": "support",
    }
    assert {key: value for key, value in model["meta"].items() if value is not None} == meta
    assert server.grants(model) == PUBLIC
    assert (server.title(prompt), prompt["content"]) == ("Triage", "Sort this: {{ticket}}")
    assert server.grants(prompt) == {
        ("read", "group", group["id"]),
        ("read", "user", admin),
        ("write", "user", admin),
    }
    assert group["description"] == "People who answer tickets"
    assert group["permissions"] == {"workspace": {"prompts": True, "models": False}}
    assert server.members(group["id"]) == {names["admin"]}
    if not server.old:
        assert (prompt["tags"], prompt["is_active"]) == (["one", "two"], True)


def test_an_apply_without_changes_writes_nothing(applied: Project, server: Server, names: dict[str, str]) -> None:
    def rows() -> list[Any]:
        return [server.row(kind, names[kind[0]]) for kind in ("model", "prompt", "group")]

    before = rows()
    assert changes(applied.apply()) == {}
    assert rows() == before


def test_a_session_token_does_what_an_api_key_does(applied: Project) -> None:
    body = {"email": applied.sandbox.admin_email, "password": applied.sandbox.admin_password}
    token = applied.api("POST", "/api/v1/auths/signin", body)["token"]
    assert applied.sandbox.token.startswith("sk-")
    assert applied.run("plan", ".", "--detailed-exitcode", OWUI_TOKEN=token).code == 0


MODEL_DRIFT: dict[str, dict[str, Any]] = {
    "name": {"name": "Other"},
    "base": {"base_model_id": "gpt-4.1-mini"},
    "description": {"meta": {"description": "Other"}},
    "system": {"params": {"system": "Other"}},
    "params.temperature": {"params": {"temperature": 1}},
    "capabilities.vision": {"meta": {"capabilities": {"vision": True}}},
    "suggestions": {"meta": {"suggestion_prompts": [{"content": "Who?"}]}},
    "tags": {"meta": {"tags": [{"name": "y"}]}},
    "image": {"meta": {"profile_image_url": "https://example.com/a.png"}},
    "active": {"is_active": False},
    "hidden": {"meta": {"hidden": True}},
    "meta.team": {"meta": {"team": "sales"}},
}


def test_every_field_of_a_model_changed_on_the_server_is_drift_and_is_put_right(
    applied: Project, server: Server, names: dict[str, str]
) -> None:
    before = server.row("model", names["m"])
    for change in MODEL_DRIFT.values():
        server.change_model(server.row("model", names["m"]), **dict(change))
    assert causes(applied.plan()) == {f"model/{names['m']} {path}": "drift" for path in MODEL_DRIFT}
    applied.apply()
    after = server.row("model", names["m"])
    assert changes(applied.plan()) == {}
    assert {key: after[key] for key in ("name", "base_model_id", "params", "meta", "is_active")} == {
        key: before[key] for key in ("name", "base_model_id", "params", "meta", "is_active")
    }
    assert server.grants(after) == PUBLIC


def test_a_prompt_and_a_group_changed_on_the_server_are_drift_and_are_put_right(
    applied: Project, server: Server, names: dict[str, str]
) -> None:
    prompt, group = server.row("prompt", names["p"]), server.row("group", names["g"])
    server.change_prompt(prompt, **{"title" if server.old else "name": "Other", "content": "Other"})
    admin = server.get("/api/v1/users/user/status")["id"]
    server.post(f"/api/v1/groups/id/{group['id']}/users/remove", {"user_ids": [admin]})
    permissions = {"workspace": {"prompts": True, "models": True}}
    server.post(
        f"/api/v1/groups/id/{group['id']}/update",
        {"name": names["g"], "description": "Other", "permissions": permissions},
    )
    assert causes(applied.plan()) == {
        f"prompt/{names['p']} name": "drift",
        f"prompt/{names['p']} content": "drift",
        f"group/{names['g']} description": "drift",
        f"group/{names['g']} permissions.workspace.models": "drift",
        f"group/{names['g']} members": "drift",
    }
    applied.apply()
    assert changes(applied.plan()) == {}
    assert server.title(server.row("prompt", names["p"])) == "Triage"
    assert server.grants(server.row("prompt", names["p"])) == server.grants(prompt)
    assert server.members(group["id"]) == {names["admin"]}


def test_what_the_version_cannot_do_is_refused_with_the_line_and_the_version_that_can(
    project: Project, server: Server, names: dict[str, str]
) -> None:
    project.write(f"prompts:\n  {names['p']}:\n    content: c\n    tags: [a]\n    active: false\n")
    ran = project.run("apply", ".", "--yes")
    assert names["p"] not in server.prompts()
    if server.old:
        assert ran.code == 1
        assert "manifest.yaml:6:" in ran.err
        assert f"`tags` needs Open WebUI 0.8.0, and the server runs {project.sandbox.version}" in ran.err
        assert "`active` needs Open WebUI 0.8.0" in ran.err
    else:
        assert ran.code == 0, ran.err
        assert changes(project.plan()) == {}


def test_tags_and_the_active_flag_of_a_prompt_are_drift_where_the_server_has_them(
    applied: Project, server: Server, names: dict[str, str]
) -> None:
    prompt = server.row("prompt", names["p"])
    if server.old:
        assert not prompt.keys() & {"tags", "is_active"}, "before 0.8.0 prompts have neither"
        return
    server.change_prompt(prompt, tags=["three"])
    server.post(f"/api/v1/prompts/id/{prompt['id']}/toggle")
    assert causes(applied.plan()) == {f"prompt/{names['p']} tags": "drift", f"prompt/{names['p']} active": "drift"}
    applied.apply()
    assert changes(applied.plan()) == {}
    after = server.row("prompt", names["p"])
    assert (after["tags"], after["is_active"]) == (["one", "two"], True)


LINES = {
    "description: People who answer tickets": ("description: Others", "group/{g} description"),
    "prompts: true, models: false": ("prompts: true, models: true", "group/{g} permissions.workspace.models"),
    "members: [{admin}]": ("members: []", "group/{g} members"),
    "name: Triage": ("name: Sorting", "prompt/{p} name"),
    'content: "Sort this: {{{{ticket}}}}"': ("content: other", "prompt/{p} content"),
    "groups: [{g}]}}, write": ("users: [{admin}]}}, write", "prompt/{p} access"),
    "base: gpt-4.1": ("base: gpt-4.1-mini", "model/{m} base"),
    "temperature: 0.2": ("temperature: 0.3", "model/{m} params.temperature"),
    "active: true\n    hidden": ("active: false\n    hidden", "model/{m} active"),
    "access: public": ("access: private", "model/{m} access"),
}


def test_lines_changed_in_the_manifest_are_the_only_changes(
    applied: Project, server: Server, names: dict[str, str]
) -> None:
    for old, (new, _) in LINES.items():
        edit(applied, old.format(**names), new.format(**names))
    assert causes(applied.plan()) == {path.format(**names): "manifest" for _, path in LINES.values()}
    applied.apply()
    assert changes(applied.plan()) == {}
    model, prompt, group = (server.row(kind, names[kind[0]]) for kind in ("model", "prompt", "group"))
    admin = server.get("/api/v1/users/user/status")["id"]
    assert (model["base_model_id"], model["params"]["temperature"], model["is_active"]) == ("gpt-4.1-mini", 0.3, False)
    assert server.grants(model) == set()
    assert server.grants(prompt) == {("read", "user", admin), ("write", "user", admin)}
    assert (server.title(prompt), prompt["content"]) == ("Sorting", "other")
    assert server.members(group["id"]) == set()


def test_fields_that_are_no_longer_written_go_back_to_their_defaults(
    applied: Project, server: Server, names: dict[str, str]
) -> None:
    applied.write(
        f"groups: {{{names['g']}: {{}}}}\n"
        f"prompts: {{{names['p']}: {{content: same}}}}\n"
        f"models: {{{names['m']}: {{base: gpt-4.1}}}}\n"
    )
    assert set(causes(applied.plan()).values()) == {"reset", "manifest"}
    applied.apply()
    assert changes(applied.plan()) == {}
    model, prompt, group = (server.row(kind, names[kind[0]]) for kind in ("model", "prompt", "group"))
    assert (model["name"], model["params"], model["is_active"]) == (names["m"], {}, True)
    meta = model["meta"]
    assert [meta.get(key) or None for key in ("description", "tags", "suggestion_prompts", "hidden", "team")] == (
        [None] * 5
    )
    assert meta["profile_image_url"] in (None, "/static/favicon.png")
    assert (server.title(prompt), prompt["content"], server.grants(prompt)) == (names["p"], "same", set())
    assert (group["description"], group["permissions"] or {}, server.grants(model)) == ("", {}, set())
    assert server.members(group["id"]) == {names["admin"]}, "members that are not written are left alone"


def test_an_entry_that_is_removed_is_deleted_and_what_others_made_stays(
    applied: Project, server: Server, names: dict[str, str]
) -> None:
    stranger = f"stranger-{names['p']}"
    server.create_prompt(stranger, "S", "s", PUBLIC)
    applied.write("")
    assert set(changes(applied.apply()).values()) == {"delete"}
    assert names["m"] not in server.models()
    assert names["g"] not in server.groups()
    assert names["p"] not in server.prompts()
    assert stranger in server.prompts()
    applied.write(f"absent: {{prompts: [{stranger}]}}\n")
    assert changes(applied.apply()) == {f"prompt/{stranger}": "delete"}
    assert stranger not in server.prompts()


def test_an_entry_that_is_removed_is_deleted_under_whatever_name_the_server_has_it_now(
    project: Project, server: Server, names: dict[str, str]
) -> None:
    project.write(f"groups:\n  {names['g']}: {{}}\n")
    project.apply()
    group = server.groups()[names["g"]]
    server.post(f"/api/v1/groups/id/{group['id']}/update", {**group, "name": f"{names['g']} renamed"})
    project.write("groups: {}\n")
    plan = project.plan()
    assert changes(plan) == {f"group/{names['g']}": "delete"}
    assert plan["changes"][0]["moved_from"] == f"{names['g']} renamed"
    project.apply()
    assert group["id"] not in {row["id"] for row in server.groups().values()}


def test_what_is_there_already_is_adopted_and_only_the_written_field_changes(
    project: Project, server: Server, names: dict[str, str]
) -> None:
    server.create_prompt(names["p"], "Mine", "old", PUBLIC, tags=["keep"])
    model = {"id": names["m"], "name": "Mine", "base_model_id": "gpt-4.1", "meta": {"own": 1}, "params": {"top_p": 1}}
    server.post("/api/v1/models/create", {**model, "is_active": False, **server.access(PUBLIC)})
    before = {"prompt": server.row("prompt", names["p"]), "model": server.row("model", names["m"])}
    project.write(f"prompts: {{{names['p']}: {{content: new}}}}\nmodels: {{{names['m']}: {{description: new}}}}\n")
    plan = project.plan()
    assert set(changes(plan).values()) == {"adopt"}
    assert {field["path"] for change in plan["changes"] for field in change["fields"]} == {"content", "description"}
    project.apply()
    prompt, row = server.row("prompt", names["p"]), server.row("model", names["m"])
    assert prompt["content"] == "new"
    assert server.title(prompt) == "Mine"
    assert server.grants(prompt) == PUBLIC == server.grants(row)
    assert row["meta"] == {**before["model"]["meta"], "description": "new"}
    assert (row["is_active"], row["base_model_id"], row["params"]) == (False, "gpt-4.1", {"top_p": 1})
    if not server.old:
        assert (prompt["id"], prompt["tags"]) == (before["prompt"]["id"], ["keep"])


def test_texts_survive_byte_for_byte(project: Project, server: Server, names: dict[str, str]) -> None:
    text = "a\r\nb  \n\t{{x | text}} ${HOME} $${y} 🦉 \u202e \\n 'q' \"q\"\n\n" + "0123456789abcdef\n" * 6400
    (project.folder / "text.md").write_bytes(text.encode())
    project.write(
        f"prompts:\n  {names['p']}: {{content: !file text.md}}\n"
        f"models:\n  {names['m']}: {{base: gpt-4.1, system: !file text.md}}\n"
    )
    project.apply()
    assert server.row("prompt", names["p"])["content"] == text
    assert server.row("model", names["m"])["params"]["system"] == text
    assert changes(project.plan()) == {}


def test_what_the_server_keeps_beside_a_group_stays_when_the_group_changes(
    project: Project, server: Server, names: dict[str, str]
) -> None:
    data = {"config": {"share": False}, "own": {"a": 1}}
    body = {"name": names["g"], "description": "old", "permissions": {"chat": {"edit": True}}, "data": data}
    id = server.post("/api/v1/groups/create", body)["id"]
    project.write(f"groups: {{{names['g']}: {{description: new, permissions: {{chat: {{delete: true}}}}}}}}\n")
    project.apply()
    group = server.row("group", names["g"])
    assert (group["id"], group["description"], group["data"]) == (id, "new", data)
    assert group["permissions"] == {"chat": {"edit": True, "delete": True}}


def test_access_rules_cover_models_of_providers_and_let_go_of_them(project: Project, server: Server) -> None:
    project.write('access_rules:\n  - {models: ["claude-*"], access: public}\n')
    assert changes(project.apply()) == {"model/claude-sonnet": "create"}
    row = server.row("model", "claude-sonnet")
    assert (row["base_model_id"], server.grants(row)) == (None, PUBLIC)
    assert changes(project.plan()) == {}
    project.write("")
    assert changes(project.apply()) == {"model/claude-sonnet": "delete"}
    assert "claude-sonnet" not in server.models()


def test_the_lock_and_a_second_inventory_leave_nothing_behind(applied: Project, server: Server) -> None:
    edit(applied, "name: Bot", "name: Other")
    applied.apply()
    found = server.get(f"/api/v1/files/search?filename=owui-sync.{applied.stack}.inventory.json&content=false")
    assert len(found) == 1
    assert [id for id in server.models() if id.startswith("owui-sync.lock.")] == []
