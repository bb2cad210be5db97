from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from owui_sync.apply.outcome import Failure, Status
from owui_sync.errors import OwuiSyncError
from owui_sync.kinds import KINDS
from owui_sync.plan.file.document import plan_document, unsavable
from owui_sync.plan.file.load import load_plan
from owui_sync.plan.types import Action, Cause, Change, FieldChange, InventoryEntry, Plan, ServerIdentity
from owui_sync.report.document import outcome_document
from owui_sync.report.visible import dumps
from owui_sync.values import (
    ABSENT,
    FileSource,
    Json,
    Position,
    Secret,
    SourcedText,
    Sources,
    encode,
    inline_file,
    reveal,
)
from tests.support.samples import change, every_action, field, outcome, plan

SOURCES = Sources(secret=lambda name: f"value of {name}", file=lambda source: f"text of {source.path}")

texts = st.text(max_size=20)
keys = texts | st.sampled_from(["$secret", "$file", "$value"])
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(texts | st.sampled_from(["$secret", "$value"]), inner, max_size=3)
    ),
    max_leaves=6,
)
secrets = texts.map(lambda name: Secret(SOURCES.secret(name), {"$secret": name}))
files = st.builds(FileSource, texts, texts, st.integers(0), st.sampled_from(["file", "image"])).map(
    lambda source: SourcedText(SOURCES.file(source), source)
)
rich = secrets | files | st.dictionaries(texts, plain | secrets | files, max_size=3) | st.lists(plain | secrets | files)
values = st.just(ABSENT) | plain | rich
paths = st.sampled_from([field.name for field in KINDS["model"].fields]) | texts.map("params.{}".format)
fields = st.builds(FieldChange, paths, st.just(ABSENT) | plain, values, st.sampled_from(Cause))
records = st.none() | st.builds(
    InventoryEntry, texts, st.dictionaries(paths, texts, max_size=3), st.booleans(), st.booleans(), texts
)
positions = st.none() | st.builds(Position, texts, st.integers(1), st.integers(1))
changes = st.builds(
    Change,
    st.sampled_from(Action),
    st.just("model"),
    texts,
    st.none() | texts,
    positions,
    st.lists(fields, max_size=4).map(tuple),
    texts,
    st.lists(texts, max_size=3).map(tuple),
    texts,
    records,
    moved_from=st.none() | texts,
    taken_from=st.none() | texts,
    claim=texts,
)
plans = st.builds(
    Plan,
    st.just("support"),
    st.builds(ServerIdentity, texts, texts),
    st.lists(changes, max_size=4).map(tuple),
    unchanged=st.lists(texts, max_size=3).map(tuple),
    awaited=st.lists(texts, max_size=3).map(tuple),
    settled=st.dictionaries(texts.map("model/{}".format), records, max_size=3),
    want=st.frozensets(texts, max_size=3),
    owned=st.integers(0),
    serial=st.integers(0),
    warnings=st.lists(texts, max_size=3).map(tuple),
    message=texts,
    requests=st.integers(0),
    created_at=texts,
    tool=st.just("0.1.0"),
)


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Says nothing about speed: other tests may have the processor."""


def comparable(value: FieldChange) -> tuple[Any, ...]:
    """A field as it can be compared: secrets by their text and origin, and without what a document does not keep."""
    hidden = value.is_hidden
    after = value.after if value.after is ABSENT else (reveal(value.after), encode(value.after))
    return value.path, ABSENT if hidden else value.before, repr(after), value.cause, hidden


def without_fields(planned: Plan) -> Plan:
    return replace(planned, changes=tuple(replace(one, fields=()) for one in planned.changes))


@unhurried
@given(plans)
def test_a_saved_plan_comes_back_as_it_was(planned: Plan) -> None:
    loaded = load_plan(json.loads(dumps(plan_document(planned))), SOURCES)
    assert without_fields(loaded) == without_fields(planned)
    for one, other in zip(loaded.changes, planned.changes, strict=True):
        assert [comparable(each) for each in one.fields] == [comparable(each) for each in other.fields]


@unhurried
@given(st.text(min_size=8))
def test_no_document_holds_a_secret(secret: str) -> None:
    value = [{"key": Secret(f"<{secret}>", {"$secret": "NAME"})}]
    leaky = plan(change(Action.UPDATE, "tool/x", FieldChange("valves", f"<{secret}>", value, Cause.MANIFEST)))
    assert json.dumps(f"<{secret}>")[1:-1] not in json.dumps(plan_document(leaky))


@unhurried
@given(plans)
def test_every_document_can_be_written_as_utf_8(planned: Plan) -> None:
    document = plan_document(planned)
    assert json.loads(dumps(document).encode("utf-8")) == json.loads(json.dumps(document))


def test_lone_surrogates_survive_in_a_document() -> None:
    assert json.loads(dumps({"key": "\ud83d\ud800 \\ud800"})) == {"key": "\ud83d\ud800 \\ud800"}


def only(planned: Plan) -> Json:
    found: Json = plan_document(planned)["changes"][0]["fields"][0]
    return found


def test_the_summary_counts_everything() -> None:
    assert plan_document(every_action())["summary"] == {
        "create": 2,
        "adopt": 1,
        "update": 1,
        "replace": 1,
        "delete": 1,
        "move": 0,
        "unchanged": 2,
        "awaited": 0,
        "jobs": 0,
    }


def test_a_change_reads_as_the_specification_says() -> None:
    update = plan_document(every_action())["changes"][-1]
    assert {key: update[key] for key in ("action", "kind", "key", "id", "source", "depends_on")} == {
        "action": "update",
        "kind": "model",
        "key": "support-bot",
        "id": "an-id",
        "source": "manifests/models.yaml:12:3",
        "depends_on": ["group/Support"],
    }
    assert update["fields"][0] == {"path": "params.temperature", "before": 0.7, "after": 0.2, "cause": "manifest"}


def test_both_sides_of_a_secret_are_replaced() -> None:
    planned = plan(
        change(Action.UPDATE, "tool/x", FieldChange("key", "old", Secret("new", {"$secret": "KEY"}), Cause.DRIFT, True))
    )
    assert only(planned) == {
        "path": "key",
        "before": {"secret": True, "changed": True},
        "after": {"secret": True, "changed": True},
        "cause": "drift",
        "secret": True,
        "value": {"$secret": "KEY"},
    }


def test_a_text_of_a_file_is_named_with_its_hash() -> None:
    file = SourcedText("secret recipe", FileSource("a.md", "ff", 13))
    found = only(plan(change(Action.UPDATE, "prompt/x", field("content", "old", file))))
    assert found["after"] == {"file": "a.md", "sha256": "ff", "size": 13}
    assert found["value"] == {"$file": "a.md", "sha256": "ff", "size": 13}


def test_what_differs_inside_a_value_is_listed() -> None:
    file = SourcedText("kept", FileSource("a.md", "ff", 4))
    before, after = {"a": {"b": 1}, "c": "old", "d": [0]}, {"a": {"b": 2}, "c": file, "d": [0, 1]}
    assert only(plan(change(Action.UPDATE, "model/x", field("params", before, after))))["details"] == [
        {"path": "a.b", "op": "change", "before": 1, "after": 2},
        {"path": "c", "op": "change", "before": "old", "after": {"file": "a.md", "sha256": "ff", "size": 4}},
        {"path": "d[1]", "op": "add", "after": 1},
    ]


def test_nothing_inside_a_secret_is_listed() -> None:
    before, after = {"url": "a", "key": "old"}, {"url": "b", "key": Secret("new", {"$secret": "KEY"})}
    for value in (field("valves", before, after), FieldChange("valves", before, {}, Cause.RESET, True)):
        assert "details" not in only(plan(change(Action.UPDATE, "tool/x", value)))


def test_null_and_absent_are_told_apart() -> None:
    assert only(plan(change(Action.UPDATE, "model/x", field("params.top_p", ABSENT, None))))["absent"] == ["before"]
    assert "absent" not in only(plan(change(Action.UPDATE, "model/x", field("base", None, "x"))))


def test_an_empty_secret_is_none_and_is_saved() -> None:
    planned = plan(change(Action.UPDATE, "setting/ldap", FieldChange("app_dn_password", "x", "", Cause.MANIFEST, True)))
    assert unsavable(planned) == ()
    document = plan_document(planned)
    assert document["changes"][0]["fields"][0]["after"] == {"secret": True, "changed": True}
    assert load_plan(document, SOURCES).changes[0].fields[0].after == ""


def test_a_secret_in_clear_is_not_saved_and_loading_says_so() -> None:
    planned = plan(change(Action.UPDATE, "user/x", FieldChange("password", ABSENT, "in clear", Cause.MANIFEST, True)))
    assert "in clear" not in dumps(plan_document(planned)).replace("written in clear", "")
    assert [problem.where for problem in unsavable(planned)] == ["manifests/models.yaml:12:3"]
    with pytest.raises(OwuiSyncError, match="user/x: password is secret but written in clear"):
        load_plan(plan_document(planned), SOURCES)


def test_the_default_of_a_secret_field_can_be_saved() -> None:
    planned = plan(change(Action.UPDATE, "user/x", FieldChange("password", {"key": "old"}, {}, Cause.RESET, True)))
    assert unsavable(planned) == ()
    assert load_plan(plan_document(planned), SOURCES).changes[0].fields[0].after == {}


def test_an_outcome_says_how_each_change_ended() -> None:
    failure = Failure("no such base", 400, "POST /api/v1/models/create", "create it first")
    document = outcome_document(
        outcome(
            (change(Action.CREATE, "model/a"), Status.FAILED, failure),
            (change(Action.CREATE, "model/b"), Status.DONE, None),
            interrupted=True,
        )
    )
    failed, done = document["changes"]
    assert (failed["status"], failed["seconds"]) == ("failed", 0.1)
    assert failed["error"] == {
        "status": 400,
        "detail": "no such base",
        "request": "POST /api/v1/models/create",
        "hint": "create it first",
    }
    assert done["status"] == "done"
    assert "error" not in done
    assert document["requests"] == 99
    assert document["interrupted"] is True


def test_files_are_listed_by_what_becomes_of_them() -> None:
    before = [{"path": "a", "sha256": "1", "size": 1}]
    after = [inline_file("b", "text")]
    document = plan_document(plan(change(Action.UPDATE, "knowledge/k", field("files", before, after))))
    (shown,) = document["changes"][0]["fields"]
    assert shown["files"] == {
        "added": [{"path": "b", "size": 4}],
        "changed": [],
        "moved": [],
        "removed": [{"path": "a", "size": 1}],
    }
    assert shown["before"] == before
    assert load_plan(document, SOURCES).changes[0].fields[0].after == after
    empty = field("files", [], after)
    document = plan_document(plan(change(Action.UPDATE, "knowledge/k", empty)))
    assert document["changes"][0]["fields"][0]["files"]["added"] == [{"path": "b", "size": 4}]
