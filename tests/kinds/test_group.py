from __future__ import annotations

import pytest

from owui_sync.errors import ManifestError
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.permission_names import name_all
from owui_sync.plan.options import Options
from owui_sync.plan.planner import make_plan
from owui_sync.plan.types import Plan
from tests.support.build import entries, entry, live, snapshot
from tests.support.project import Project

KNOWN = {"workspace": {"knowledge": True}, "chat": {"temporary": True, "delete": True}}
WRONG = entry("group/g", permissions={"chat": {"temporay": False, "delete": True}, "workspce": {"knowledge": True}})


def known() -> IdIndex:
    names = IdIndex()
    name_all(KNOWN, names)
    return names


def planned(*lives: object) -> Plan:
    return make_plan(entries(WRONG), (), snapshot(*lives, names=known()), Options())  # type: ignore[arg-type]


def test_a_permission_that_the_server_does_not_know_is_a_problem_in_the_words_of_default_permissions() -> None:
    with pytest.raises(ManifestError) as raised:
        planned()
    assert [(problem.message, problem.hint) for problem in raised.value.problems] == [
        (
            "group/g: the server knows no permission `chat.temporay`",
            "did you mean `chat.temporary`? Of this server: in `chat` it knows delete, temporary",
        ),
        (
            "group/g: the server knows no permission `workspce.knowledge`",
            "did you mean `workspace.knowledge`? Of this server: it knows the sections chat, workspace",
        ),
    ]


def test_what_a_group_has_already_is_a_warning_so_that_an_export_and_an_upgrade_stay_valid() -> None:
    there = live("group/g", permissions={"chat": {"temporay": False}, "workspce": {"knowledge": True}})
    assert [warning.split(";")[0] for warning in planned(there).warnings] == [
        "group/g has it already, but the server knows no permission `chat.temporay`: it does nothing",
        "group/g has it already, but the server knows no permission `workspce.knowledge`: it does nothing",
    ]


def test_another_value_for_what_the_server_does_not_know_is_a_problem() -> None:
    there = live("group/g", permissions={"chat": {"temporay": True}, "workspce": {"knowledge": True}})
    with pytest.raises(ManifestError, match=r"`chat\.temporay`"):
        planned(there)


def test_a_mistyped_permission_of_a_group_stops_the_plan(project: Project) -> None:
    project.write("""
        groups:
          G:
            permissions:
              chat: {temporay: false, temporary: false}
              workspce: {knowledge: true}
    """)
    ran = project.run("plan", ".")
    assert ran.code == 1
    assert "group/G: the server knows no permission `chat.temporay`\n  at manifest.yaml:7:14\n" in ran.err
    assert "did you mean `chat.temporary`?" in ran.err
    assert "group/G: the server knows no permission `workspce.knowledge`\n  at manifest.yaml:8:18\n" in ran.err
