from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import OwuiSyncError
from owui_sync.plan.inventory import Inventory, file_name, fingerprint, is_secret, matches, parse
from owui_sync.plan.types import InventoryEntry, JobRecord, JobState
from owui_sync.values import Secret
from tests.support.build import SALT

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
RECORDS = st.dictionaries(
    st.builds(lambda key: f"prompt/{key}", st.text(min_size=1)),
    st.builds(
        InventoryEntry,
        st.text(),
        st.dictionaries(st.sampled_from(["name", "content"]), st.text()),
        st.booleans(),
        st.booleans(),
        marker=st.text(),
        adopted=st.none() | st.booleans(),
    ),
    max_size=4,
)


@given(RECORDS, st.integers(0, 2**53 - 1))
def test_an_inventory_survives_its_file(records: dict[str, InventoryEntry], serial: int) -> None:
    inventory = Inventory("team", serial, SALT, records)
    assert parse(inventory.to_json(), "team") == inventory


@given(JSON)
def test_a_value_matches_its_own_fingerprint(value: object) -> None:
    assert matches(value, fingerprint(value, SALT), SALT)


def test_different_values_have_different_fingerprints() -> None:
    values = ["a", "a ", "A", 1, True, None, "1", [], {}, ["a"], {"a": 1}]
    assert len({fingerprint(value, SALT) for value in values}) == len(values)


def test_a_secret_has_a_salted_fingerprint_that_does_not_hold_it() -> None:
    secret = Secret("hunter2", {"$secret": "NAME"})
    known = fingerprint({"key": secret}, SALT)
    assert is_secret(known)
    assert known != fingerprint({"key": secret}, "11" * 16)
    assert "hunter2" not in known


def test_a_value_that_was_secret_matches_when_it_is_written_in_clear() -> None:
    known = fingerprint(Secret("hunter2", {"$secret": "NAME"}), SALT)
    assert matches("hunter2", known, SALT)
    assert not matches("hunter3", known, SALT)


def test_every_new_inventory_has_a_salt_of_its_own() -> None:
    assert Inventory("a").salt != Inventory("a").salt


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        Inventory("other").to_json(),
        json.dumps({"stack": "team", "serial": 1, "salt": "", "objects": {}}).encode(),
        json.dumps({"format": 1, "stack": "team", "serial": 1, "salt": "zz", "objects": {}}).encode(),
        json.dumps({"format": 1, "stack": "team", "serial": 1, "salt": "", "objects": {"a/b": {}}}).encode(),
        json.dumps({"format": 1, "stack": "team", "serial": 1, "salt": "", "objects": []}).encode(),
        Inventory("team", 1, SALT, {"prompt/": InventoryEntry("i")}).to_json(),
        Inventory("team", 1, SALT, {"permissions/other": InventoryEntry("i")}).to_json(),
    ],
    ids=[
        *("empty", "cut", "list", "null", "bytes", "another stack", "no format", "no salt", "cut record", "no mapping"),
        *("no key", "wrong key"),
    ],
)
def test_what_is_not_a_whole_inventory_of_the_stack_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the wording differs, the class is the contract
        parse(content, "team")


def test_each_stack_has_its_own_file() -> None:
    assert file_name("team") == "owui-sync.team.inventory.json"


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"objects": {"robot/x": {"id": "1", "fields": {}}}},
        {"objects": {"prompt/x": {"id": "1", "fields": {"colour": "0"}}}},
    ],
    ids=["format", "kind", "field"],
)
def test_an_inventory_of_a_newer_version_stops_everything(change: dict[str, Any], golden: SnapshotAssertion) -> None:
    document = {"format": 1, "stack": "team", "serial": 1, "salt": SALT, "objects": {}, **change}
    with pytest.raises(OwuiSyncError) as caught:
        parse(json.dumps(document).encode(), "team")
    assert str(caught.value) == golden


@pytest.mark.parametrize(
    "serial", ["1e999", "NaN", "-1", "1.5", '"1"', "true", "null", "[]", "9007199254740992", "1" * 5000]
)
def test_a_serial_that_cannot_be_is_a_damaged_inventory(serial: str) -> None:
    text = Inventory("team", 7, SALT).to_json().decode().replace('"serial":7', f'"serial":{serial}')
    with pytest.raises(ValueError):  # noqa: PT011 - the words are json's own for some.
        parse(text.encode(), "team")


def test_a_deep_inventory_is_a_damaged_one() -> None:
    with pytest.raises(ValueError, match="nested more than 200 levels"):
        parse(b'{"stack": "team", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "team")


WHOLE = json.loads(
    Inventory(
        "team",
        7,
        SALT,
        {"prompt/a": InventoryEntry("i", {"name": "f"}, True, False, "m")},
        jobs={"j": JobRecord(JobState.DONE, "c", {"a": "b"}, {"c": "d"}, "s", "t", "u", 1.5, 3, "e")},
    ).to_json()
)
ODD = JSON | st.sampled_from([float("inf"), float("nan"), 10**400, -1, "", "\ud800", {"id": 5}, [[]]])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


@given(st.sampled_from(places(WHOLE)[1:]), ODD, st.booleans())
def test_an_inventory_that_is_odd_anywhere_is_damaged_or_read(place: tuple[Any, ...], odd: Any, drop: bool) -> None:
    document = copy.deepcopy(WHOLE)
    inner = document
    for key in place[:-1]:
        inner = inner[key]
    if drop:
        del inner[place[-1]]
    else:
        inner[place[-1]] = odd
    try:
        found = parse(json.dumps(document).encode(), "team")
    except (ValueError, OwuiSyncError):
        return
    replace(found, serial=found.serial + 1).to_json()
