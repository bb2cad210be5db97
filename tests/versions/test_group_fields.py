"""Fields of groups beside members and permissions, as the version under test keeps them."""

from __future__ import annotations

from typing import Any

from tests.support.project import Project, causes, changes
from tests.support.server import Server


def config(server: Server, name: str) -> dict[str, Any]:
    return dict((server.groups()[name]["data"] or {}).get("config") or {})


def test_who_may_share_with_a_group_is_managed(project: Project, server: Server, unique: str) -> None:
    project.write(f"groups: {{{unique}: {{share: members}}}}")
    ran = project.run("plan", ".")
    assert ran.code == (1 if server.old else 0)
    assert ("`share` as it is written needs Open WebUI 0.8" in ran.err) == server.old
    project.write(f"groups: {{{unique}: {{share: false}}}}")
    project.apply()
    assert config(server, unique)["share"] is False
    assert changes(project.plan()) == {}
    row = server.groups()[unique]
    server.post(f"/api/v1/groups/id/{row['id']}/update", {**row, "data": {"config": {"share": True}}})
    assert causes(project.plan()) == {f"group/{unique} share": "drift"}
    project.write(f"groups: {{{unique}: {{}}}}")
    assert changes(project.plan()) == {}
    assert config(server, unique)["share"] is True


def test_a_group_lies_in_another_and_has_models_of_its_own(project: Project, server: Server, unique: str) -> None:
    project.write(
        f"""
        groups:
          {unique}-a: {{parent: {unique}-b, default_models: [gpt-4.1, a], share: true}}
          {unique}-b: {{}}
        """
    )
    ran = project.run("apply", ".", "--yes", "--claim-stack")
    if server.version < (0, 12):
        assert "needs Open WebUI 0.12.4" in ran.err
        return
    assert ran.code == 0, ran.err
    rows = server.groups()
    assert rows[f"{unique}-a"]["parent_group_id"] == rows[f"{unique}-b"]["id"]
    assert config(server, f"{unique}-a") == {"share": True, "default_models": ["gpt-4.1", "a"]}
    assert changes(project.plan()) == {}
    project.write(f"groups: {{{unique}-a: {{description: d}}, {unique}-b: {{}}}}")
    project.apply()
    assert server.groups()[f"{unique}-a"]["parent_group_id"] is None
    assert config(server, f"{unique}-a") == {"share": True, "default_models": []}
    assert changes(project.plan()) == {}
