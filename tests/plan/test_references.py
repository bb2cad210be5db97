from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import Diagnostic
from owui_sync.kinds.names import IdIndex
from owui_sync.manifest.desired import AccessRule, Entry
from owui_sync.plan.references import check_references, check_rules
from owui_sync.plan.types import Action, Cause, Change, FieldChange
from owui_sync.values import ABSENT
from tests.support.build import HERE, entries, entry, live, snapshot

PROMPT = entry("prompt/p", content="x", access={"read": {"groups": ["Support"]}})
GROUP = entry("group/Support")


def check(
    *selected: Entry, left_out: Iterable[Entry] = (), names: IdIndex | None = None, deleted: str = ""
) -> tuple[list[Diagnostic], list[str]]:
    problems: list[Diagnostic] = []
    warnings: list[str] = []
    kind, _, key = deleted.partition("/")
    changes = [Change(Action.DELETE, kind, key, "1", None, (), "")] if deleted else []
    known = entries(*selected, *left_out)
    check_references(entries(*selected), known, changes, snapshot(names=names), problems, warnings)
    return problems, warnings


def having(*addresses: str) -> IdIndex:
    names = IdIndex()
    for number, address in enumerate(addresses):
        kind, _, key = address.partition("/")
        names.add(kind, key, str(number))
    return names


def test_a_name_of_the_manifests_or_of_the_server_is_fine() -> None:
    assert check(PROMPT, GROUP) == ([], [])
    assert check(PROMPT, names=having("group/Support")) == ([], [])


def told(problem: Diagnostic, *parts: str) -> bool:
    """Whether a problem of an entry says all this, at the place of the entry."""
    return problem.where == str(HERE) and all(part in problem.message for part in parts)


def test_a_name_that_is_nowhere_is_a_problem_at_its_place(golden: SnapshotAssertion) -> None:
    (problem,), warnings = check(PROMPT)
    assert warnings == []
    assert told(problem, "prompt/p", "`access`", "group/Support")
    assert str(problem) == golden


def test_a_name_that_is_nearly_one_of_the_server_is_told_with_what_was_meant(golden: SnapshotAssertion) -> None:
    (problem,), _ = check(PROMPT, names=having("group/Suport"))
    assert told(problem, "prompt/p", "`access`", "group/Support")
    assert "`Suport`" in (problem.hint or "")
    assert str(problem) == golden


def test_a_folder_without_the_one_that_it_lies_in_is_told_which_one_to_write(golden: SnapshotAssertion) -> None:
    (problem,), _ = check(entry("folder/Support/Escalations"))
    assert told(problem, "folder/Support/Escalations", "key", "folder/Support,")
    assert "folder/Support," in (problem.hint or "")
    assert str(problem) == golden


def test_what_is_left_out_by_the_selection_has_to_be_there_already(golden: SnapshotAssertion) -> None:
    (problem,), _ = check(PROMPT, left_out=[GROUP])
    assert problem.hint is not None
    assert "--only or --exclude" in problem.hint
    assert str(problem) == golden
    assert check(PROMPT, left_out=[GROUP], names=having("group/Support")) == ([], [])


def test_a_name_that_several_objects_have_is_told_with_their_ids(golden: SnapshotAssertion) -> None:
    (problem,), _ = check(PROMPT, names=having("group/Support", "group/Support"))
    assert told(problem, "group/Support", ": 0, 1")
    assert str(problem) == golden


def test_what_the_plan_deletes_may_not_be_named(golden: SnapshotAssertion) -> None:
    (problem,), _ = check(PROMPT, names=having("group/Support"), deleted="group/Support")
    assert told(problem, "prompt/p", "`access`", "group/Support")
    assert str(problem) == golden


def test_a_base_that_no_provider_offers_now_is_only_a_warning(golden: SnapshotAssertion) -> None:
    problems, (warning,) = check(entry("model/m", base="gpt-4"), names=having("provider/gpt-4.1"))
    assert problems == []
    assert "model/gpt-4" in warning
    assert "`gpt-4.1`" in warning
    assert warning == golden


def test_a_base_that_a_provider_offers_is_fine() -> None:
    assert check(entry("model/m", base="gpt-4.1"), names=having("provider/gpt-4.1")) == ([], [])


def test_a_live_object_counts_as_known() -> None:
    problems: list[Diagnostic] = []
    check_references(entries(PROMPT), entries(PROMPT), [], snapshot(live("group/Support")), problems, [])
    assert problems == []


def test_an_id_that_the_server_does_not_have_is_told_as_one() -> None:
    access = {"read": {"groups": ["id:0b2f1c9a-0000-4000-8000-000000000001"]}}
    (problem,), _ = check(entry("prompt/p", content="x", access=access), names=having("group/Support"))
    assert "names group/id:0b2f1c9a" in problem.message
    assert (problem.hint or "").startswith("ids mean something on one server only")


def counted(one: Entry, change: Change | None = None, unchanged: tuple[str, ...] = ()) -> tuple[int, int]:
    """How many problems and warnings an entry makes that names what is nowhere."""
    problems: list[Diagnostic] = []
    warnings: list[str] = []
    changes = [change] if change else []
    check_references(entries(one), entries(one), changes, snapshot(), problems, warnings, unchanged=unchanged)
    return len(problems), len(warnings)


def test_a_value_that_is_not_sent_may_name_what_is_nowhere_with_a_warning() -> None:
    bot = entry("model/bot", description="new", tools=["server:down"])
    sent, kept = (
        Change(Action.UPDATE, "model", "bot", "bot", HERE, (FieldChange(path, ABSENT, "x", Cause.MANIFEST),), "")
        for path in ("tools", "description")
    )
    assert counted(bot, sent) == (1, 0)
    assert counted(bot, kept) == (0, 1)
    assert counted(bot, unchanged=("model/bot",)) == (0, 1)
    assert counted(bot, replace(kept, action=Action.CREATE)) == (1, 0)


def test_the_folder_that_a_key_names_must_be_there_whatever_is_sent() -> None:
    assert counted(entry("folder/a/b"), unchanged=("folder/a/b",)) == (1, 0)


def ruled(
    access: object,
    *models: str,
    awaited: tuple[str, ...] = (),
    selected: tuple[Entry, ...] = (GROUP,),
    deleted: str = "",
) -> tuple[list[Diagnostic], list[str]]:
    rule = AccessRule(models or ("gpt-*",), access, HERE)
    problems: list[Diagnostic] = []
    warnings: list[str] = []
    kind, _, key = deleted.partition("/")
    changes = [Change(Action.DELETE, kind, key, "1", None, (), "")] if deleted else []
    on = snapshot(names=having("provider/gpt-4.1"))
    check_rules([rule], entries(*selected), entries(GROUP), awaited, changes, on, problems, warnings)
    return problems, warnings


def test_a_group_of_a_rule_must_be_selected_or_be_there_and_must_stay() -> None:
    access = {"read": {"groups": ["Support"]}}
    assert ruled(access) == ([], [])
    [left_out], _ = ruled(access, selected=())
    assert "is left out by --only or --exclude" in (left_out.hint or "")
    [gone], _ = ruled(access, selected=(), deleted="group/Support")
    assert gone.message == "access_rules: `access` names group/Support, which this plan deletes"


def test_a_group_or_user_of_a_rule_that_is_nowhere_is_a_problem_even_if_no_model_fits() -> None:
    access = {"read": {"groups": ["Suport", "Support"], "users": ["a@b.c", "new@b.c"]}}
    for models in (("gpt-*",), ("nothing-*",)):
        problems, _ = ruled(access, *models, awaited=("user/new@b.c",))
        assert [problem.message for problem in problems] == [
            "access_rules: `access` names group/Suport, which neither the manifests nor the server have",
            "access_rules: `access` names user/a@b.c, which neither the manifests nor the server have",
        ]


def test_a_pattern_that_no_model_fits_is_a_warning_with_its_place() -> None:
    assert ruled("public", "gpt-*", "gtp-4.1", "claude-*") == (
        [],
        [
            f"{HERE}: access_rules: no model fits `gtp-4.1`; did you mean `gpt-4.1`?",
            f"{HERE}: access_rules: no model fits `claude-*`",
        ],
    )


def test_what_a_rule_names_is_told_once_and_not_for_each_model() -> None:
    rule = AccessRule(("*",), {"read": {"groups": ["Ghost"]}}, HERE)
    covered = [Entry("model", key, {"access": rule.access}, HERE, partial=True) for key in ("a", "b")]
    problems: list[Diagnostic] = []
    check_references(entries(*covered), entries(*covered), [], snapshot(), problems, [], [rule])
    assert problems == []
