"""What only newer servers have, beside the rules of `tests/versions/test_reconcile.py`."""

from __future__ import annotations

import pytest

from tests.support.project import Project, causes, changes


@pytest.fixture
def names(project: Project) -> dict[str, str]:
    tail = project.stack[-40:]
    return {"g": f"g-{tail}", "p": f"p-{tail}", "m": f"m-{tail}", "admin": project.sandbox.admin_email}


def test_a_member_removed_on_the_server_is_drift(project: Project, names: dict[str, str]) -> None:
    project.write(f"groups:\n  {names['g']}: {{members: [{names['admin']}]}}\n")
    project.apply()
    users = project.api("GET", "/api/v1/users/all")["users"]
    user = next(user for user in users if user["email"] == names["admin"])
    group = project.groups()[names["g"]]
    project.api("POST", f"/api/v1/groups/id/{group['id']}/users/remove", {"user_ids": [user["id"]]})
    assert causes(project.plan()) == {f"group/{names['g']} members": "drift"}
    project.apply()
    assert project.groups()[names["g"]]["member_count"] == 1
    assert changes(project.plan()) == {}


def test_histories_get_the_message(project: Project, names: dict[str, str]) -> None:
    project.write(f"prompts:\n  {names['p']}: {{content: one}}\nmodels:\n  {names['m']}: {{base: gpt-4.1}}\n")
    project.apply("--message", "release 7")
    prompt = project.prompts()[names["p"]]
    history = project.api("GET", f"/api/v1/prompts/id/{prompt['id']}/history")
    assert history[0]["commit_message"] == "release 7"
    versions = project.api("GET", f"/api/v1/models/model/history?id={names['m']}")
    assert versions[0]["commit_message"] == "release 7"
