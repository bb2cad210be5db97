from __future__ import annotations

import copy
import io
import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from owui_sync.errors import ManifestError, OwuiSyncError, StalePlan
from owui_sync.manifest.desired import Desired
from owui_sync.plan.file.document import plan_document
from owui_sync.plan.file.load import load_plan
from owui_sync.plan.file.reads import check_reads, reads
from owui_sync.plan.types import Action
from owui_sync.report.document import outcome_document
from owui_sync.report.visible import dumps
from owui_sync.values import FileSource, Json, Sources
from tests.support.jobs import chat_job, due
from tests.support.samples import change, every_action, outcome, plan, sealed

SOURCES = Sources(secret=str, file=lambda source: source.path)


def unset(name: str) -> str:
    raise ManifestError(f"{name} is not set")


def stale(source: FileSource) -> str:
    raise StalePlan("it changed since the plan was made", where=source.path)


@pytest.mark.parametrize("document", [None, [], {}, {"format": 1}, {"changes": []}, "plan"])
def test_what_is_no_plan_is_refused(document: Any) -> None:
    with pytest.raises(OwuiSyncError, match="not a saved plan"):
        load_plan(document, SOURCES)


def test_another_format_is_named() -> None:
    with pytest.raises(OwuiSyncError, match=r"has format 2; owui-sync .* reads format 1"):
        load_plan(plan_document(plan()) | {"format": 2}, SOURCES)


@pytest.mark.parametrize("tool", ["999.0.0", "0.2.0", "1.0.0rc1", "10.0"])
def test_a_plan_of_a_newer_tool_is_refused(tool: str) -> None:
    with pytest.raises(OwuiSyncError, match=f"made by owui-sync {tool}"):
        load_plan(plan_document(plan()) | {"tool": tool}, SOURCES)


def test_a_plan_of_an_older_tool_is_taken() -> None:
    assert load_plan(sealed(plan_document(plan()) | {"tool": "0.0.9"}), SOURCES).tool == "0.0.9"


FORMER = Path(__file__).parents[1] / "former"


@pytest.mark.parametrize("name", ["bare", "whole"])
def test_a_plan_of_a_former_version_is_read_in_full(name: str) -> None:
    document = json.loads((FORMER / f"{name}.json").read_text(encoding="utf-8"))
    opened = Sources(str, SOURCES.file, lambda source: lambda: io.BytesIO())
    again = json.loads(dumps(plan_document(load_plan(document, opened))))
    for one in again["changes"]:
        for each in (*one["fields"], *one.get("rewritten", ())):
            each.pop("details", None)
    new = {"digest": None, "review_digest": None, "checksum": None}
    assert again | new == document | new


def test_a_plan_that_was_edited_without_its_digest_is_stale() -> None:
    with pytest.raises(StalePlan, match="edited after it was made"):
        load_plan(plan_document(plan()) | {"message": "another"}, SOURCES)


@pytest.mark.parametrize("stack", ["../../x", "a/b", "", ".hidden", "support\n", "x" * 64])
def test_a_plan_for_what_is_no_name_of_a_stack_is_refused(stack: str) -> None:
    with pytest.raises(OwuiSyncError, match=r"damaged: \$\.stack"):
        load_plan(sealed(plan_document(plan()) | {"stack": stack}), SOURCES)


def test_the_result_of_an_apply_is_not_taken_for_a_plan() -> None:
    with pytest.raises(OwuiSyncError, match="result of an apply"):
        load_plan(outcome_document(outcome()), SOURCES)


RECORD: Json = {"id": "", "fields": {"nam": "f"}, "keep": False, "partial": False, "marker": "", "adopted": None}
FIELD: Json = {"path": "parms.top_k", "before": 1, "after": 2, "cause": "manifest"}


def damaged(**changes: Any) -> Json:
    document = plan_document(plan(change(Action.CREATE, "model/x")))
    document["changes"][0] |= changes
    return document


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (damaged(action="destroy"), r"\$\.changes\[0\]\.action"),
        (damaged(source=5), r"\$\.changes\[0\]\.source"),
        (damaged(source="nowhere"), r"\$\.changes\[0\]\.source"),
        (damaged(kind="modle"), r"\$\.changes\[0\]: there is no kind 'modle'"),
        (damaged(fields=[FIELD]), r"\$\.changes\[0\]: a model has no field 'parms\.top_k'"),
        (damaged(record=RECORD), r"\$\.changes\[0\]: a model has no field 'nam'"),
        (plan_document(plan()) | {"settled": {"modle/x": None}}, "there is no kind 'modle'"),
        (plan_document(plan()) | {"want": None}, r"\$\.want"),
    ],
)
def test_a_damaged_plan_says_where(document: Json, place: str) -> None:
    with pytest.raises(OwuiSyncError, match=place):
        load_plan(document, SOURCES)


def test_all_stale_files_and_missing_secrets_are_told_at_once() -> None:
    with pytest.raises(StalePlan) as caught:
        load_plan(plan_document(every_action()), Sources(unset, stale))
    assert [problem.where or problem.message for problem in caught.value.problems] == [
        "NAME is not set",
        "prompts/support.md",
        "logo.png",
    ]
    assert caught.value.exit_code == 4


def test_a_missing_secret_alone_is_no_stale_plan() -> None:
    with pytest.raises(OwuiSyncError, match="NAME is not set") as caught:
        load_plan(plan_document(every_action()), Sources(unset, SOURCES.file))
    assert caught.value.exit_code == 1


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


WHOLE = json.loads(dumps(plan_document(replace(every_action(), jobs=(due(chat_job("j")),)))))
ODD = st.sampled_from(
    [None, True, -1, 1.5, float("inf"), 10**400, "", "x", "\ud800", [], [[]], {}, {"id": 5}, {"$secret": 5}]
) | st.sampled_from([{"$file": 3}, {"$file": "a"}, {"$upload": "a"}, {"$upload": 1, "text": 2}, {"$join": 5}])


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(places(WHOLE)[1:]), ODD, st.booleans())
@example(("jobs", 0, "source"), "", False)
@example(("changes", 0, "source"), f"a:{'9' * 5000}:1", False)
def test_a_plan_that_is_odd_anywhere_is_damaged_or_read(place: tuple[Any, ...], odd: Any, drop: bool) -> None:
    document = copy.deepcopy(WHOLE)
    inner = document
    for key in place[:-1]:
        inner = inner[key]
    if drop:
        del inner[place[-1]]
    else:
        inner[place[-1]] = odd
    with suppress(OwuiSyncError):
        load_plan(
            sealed(document), SOURCES, lambda plan: check_reads(plan, Desired("support", {})) if reads(plan) else None
        )
    with suppress(OwuiSyncError):
        load_plan(sealed(document), SOURCES)
