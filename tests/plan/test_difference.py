from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from owui_sync.plan.difference import current, differences, new_fields, record_of
from owui_sync.plan.inventory import fingerprint, is_secret
from owui_sync.plan.types import Cause, FieldChange, InventoryEntry
from owui_sync.values import ABSENT, Secret
from tests.support.build import SALT, entry, live, record

TEXT = st.text(max_size=5)


def cause(*, applied: str, wanted: str, there: str) -> Cause | None:
    known = record(entry("prompt/p", content=applied))
    found = differences({"content": wanted}, live("prompt/p", content=there), known, SALT)
    return found[0].cause if found else None


def test_the_three_ways_in_which_a_field_can_stand() -> None:
    assert cause(applied="a", wanted="a", there="a") is None
    assert cause(applied="a", wanted="b", there="a") is Cause.MANIFEST
    assert cause(applied="a", wanted="a", there="b") is Cause.DRIFT
    assert cause(applied="a", wanted="b", there="b") is None
    assert cause(applied="a", wanted="b", there="c") is Cause.MANIFEST


@given(TEXT, TEXT, TEXT)
def test_there_is_a_change_exactly_where_the_server_is_not_as_wanted(applied: str, wanted: str, there: str) -> None:
    assert (cause(applied=applied, wanted=wanted, there=there) is None) == (wanted == there)


def test_without_a_record_every_difference_comes_from_the_manifest() -> None:
    (found,) = differences({"content": "a"}, live("prompt/p", content="b"), None, SALT)
    assert found == FieldChange("content", "b", "a", Cause.MANIFEST)


def test_what_the_server_leaves_out_is_at_its_default() -> None:
    bare = live("model/m")
    assert [current(bare, path) for path in ("name", "tags", "active", "params.x")] == ["m", [], True, ABSENT]
    assert differences({"active": True, "tags": [], "name": "m"}, bare, None, SALT) == ()


def test_resets_come_after_what_is_written() -> None:
    known = record(entry("model/m", description="old", system="old"))
    found = differences({"system": "new"}, live("model/m", description="old", system="old"), known, SALT)
    assert [(each.path, each.after, each.cause) for each in found] == [
        ("system", "new", Cause.MANIFEST),
        ("description", "", Cause.RESET),
    ]


def test_one_and_one_point_zero_are_the_same_and_true_is_not() -> None:
    there = live("model/m", params={"x": 1})
    assert differences({"params.x": 1.0}, there, None, SALT) == ()
    assert len(differences({"params.x": True}, there, None, SALT)) == 1


def test_a_field_that_was_secret_stays_unseen_when_it_is_written_in_clear_or_reset() -> None:
    known = InventoryEntry("id-of-p", {"name": fingerprint(Secret("s3cret", {}), SALT)})
    there = live("prompt/p", name="s3cret")
    assert [each.secret for each in differences({"name": "clear"}, there, known, SALT)] == [True]
    assert [each.secret for each in differences({}, there, known, SALT)] == [True]


def test_a_new_object_has_every_written_field() -> None:
    fields = new_fields(entry("prompt/p", content="x", tags=["a"]), Cause.MANIFEST)
    assert [(each.path, each.before, each.after) for each in fields] == [
        ("content", ABSENT, "x"),
        ("tags", ABSENT, ["a"]),
    ]


def test_the_fingerprint_of_a_known_secret_is_kept_and_of_a_new_one_made() -> None:
    one = entry("prompt/p", content=Secret("s3cret", {"$secret": "NAME"}))
    before = record_of(one, "1", None, SALT)
    assert is_secret(before.fields["content"])
    assert record_of(one, "1", before, SALT).fields["content"] is before.fields["content"]
    assert not is_secret(record_of(entry("prompt/p", content="s3cret"), "1", before, SALT).fields["content"])


def test_the_record_says_what_the_entry_says_of_keeping() -> None:
    assert record_of(entry("prompt/p", keep=True, content="x"), "1", None, SALT).keep
