from __future__ import annotations

import pytest

from owui_sync.errors import UsageError
from owui_sync.plan.unmatched import warn_of_unmatched
from owui_sync.resolve.select import Selection
from tests.support.build import entry, record, snapshot
from tests.support.project import Project, changes

OURS = snapshot(records={"prompt/gone": record(entry("prompt/gone"))})


def test_what_the_manifests_or_the_inventory_have_can_be_selected() -> None:
    selection = Selection.parse(only=["prompts/gone", "models/bot"])
    assert warn_of_unmatched(OURS, selection, {"model/bot"}).warnings == ()


def test_a_pattern_that_fits_nothing_becomes_a_warning_of_the_plan() -> None:
    assert warn_of_unmatched(OURS, Selection.parse(only=["notes/*"]), set()).warnings == ("--only note/* fits nothing",)


def test_a_name_that_is_nowhere_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no prompt/none"):
        warn_of_unmatched(OURS, Selection.parse(exclude=["prompts/none"]), set())


def test_every_command_refuses_a_name_that_is_nowhere_and_warns_of_a_pattern(project: Project, unique: str) -> None:
    project.write(f"prompts: {{{unique}: {{content: x}}}}\naccess_rules: [{{models: ['{unique}-*'], access: public}}]")
    project.apply()
    commands = (
        ("plan", "."),
        ("apply", ".", "--yes"),
        ("destroy", "--stack", project.stack, "--yes"),
        ("export", "-o", "out"),
    )
    for command in commands:
        ran = project.run(*command, "--only", f"prompts/{unique}x")
        assert (ran.code, f"there is no prompt/{unique}x" in ran.err) == (64, True), (command, ran.err)
        assert f"did you mean `prompt/{unique}`?" in ran.err
        ran = project.run(*command, "--only", "jobs/no-such-job")
        assert (ran.code, "there is no job/no-such-job" in ran.err) == (64, True), (command, ran.err)
    assert not (project.folder / "out").exists()
    for command in commands[:2]:
        ran = project.run(*command, "--only", f"prompts/{unique}-*")
        assert (ran.code, f"--only prompt/{unique}-* fits nothing" in ran.err) == (0, True), (command, ran.err)
        assert "access_rules" not in ran.err
    assert f"access_rules: no model fits `{unique}-*`" in project.run("plan", ".").err
    project.write("")
    assert changes(project.plan("--only", f"prompts/{unique}")) == {f"prompt/{unique}": "delete"}


def test_a_group_of_a_rule_that_is_nowhere_stops_the_plan_once(project: Project) -> None:
    project.write("access_rules: [{models: ['*'], access: {read: {groups: [No such group]}}}]")
    ran = project.run("plan", ".")
    assert ran.code == 1
    assert ran.err.count("access_rules: `access` names group/No such group, which neither") == 1
    assert "model/" not in ran.err
