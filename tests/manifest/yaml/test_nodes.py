"""Values with places."""

from __future__ import annotations

from owui_sync.manifest.yaml.nodes import INVALID, find_text, is_valid, plain, position
from owui_sync.values import Secret
from tests.support.folder import parsed


def test_a_position_is_that_of_the_value_or_of_its_key() -> None:
    value, _ = parsed("a:\n  b: [x, y]\n")
    assert str(position(value, ("a", "b", 1))) == "m.yaml:2:10"
    assert str(position(value, ("a", "b"), of_key=True)) == "m.yaml:2:3"


def test_an_unknown_path_gives_the_nearest_known_place() -> None:
    value, _ = parsed("a: {b: 1}\n")
    assert str(position(value, ("a", "nope", 3))) == "m.yaml:1:4"
    assert position({"a": 1}, ("a",)) is None


def test_a_text_is_found_wherever_it_is_written() -> None:
    value, _ = parsed("read: {groups: [A, B]}\n")
    assert str(find_text(value, "B")) == "m.yaml:1:20"
    assert find_text(value, "C") is None


def test_a_broken_part_makes_the_whole_not_intact() -> None:
    assert is_valid({"a": [1, {"b": "x"}]})
    assert not is_valid({"a": [1, {"b": INVALID}]})


def test_plain_values_share_nothing_with_the_original() -> None:
    value, _ = parsed("a: {b: [1]}\n")
    assert value is not None
    copy = plain(value)
    copy["a"]["b"].append(2)
    assert value["a"]["b"] == [1]
    assert type(copy["a"]) is dict
    secret = Secret("x", {"$secret": "X"})
    assert plain([secret])[0] is secret
