from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from owui_sync.clone.secrets import sealed, stand_in, with_copied_secrets, with_known_secrets
from owui_sync.export.content import Content
from owui_sync.export.entry import ExportedEntry, secret_tags
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import Desired
from owui_sync.values import Secret, reveal
from tests.support.build import entry


def left(fields: Mapping[str, Any], secrets: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """What is left of an entry where no secret but SET is set."""
    item = ExportedEntry("tool", "t", fields, secrets, left_out=secrets)
    content = with_known_secrets(Content("clone", {"tool": (item,)}), allow_missing=True)
    (kept,) = content.items["tool"]
    return kept.fields


def test_headers_of_which_one_is_not_set_are_left_out_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SET_A", "x")
    both, one = secret_tags("SET", {"a": 1, "b": 2}), secret_tags("SET", {"a": 1})
    assert left({"url": "x", "headers": both}) == {"url": "x"}, "else the copy would take all of them away"
    assert left({"url": "x", "headers": one}) == {"url": "x", "headers": one}


def test_what_is_not_copied_is_left_alone_so_that_it_is_not_reset() -> None:
    assert left({"name": "T"}, ("valves.api_key",)) == {"name": "T", "unmanaged": ["valves.api_key"]}


def test_a_copied_secret_takes_the_place_of_what_stood_in_for_it() -> None:
    values = {"name": "T", "valves.pin": 7, "valves.api_key": "hush", "valves.all": {"a": ["b", ""], "c": None}}
    placed = {path: values[path] if path == "name" else Secret(stand_in("N"), {}) for path in values}
    desired = Desired("clone", {"tool/t": replace(entry("tool/t"), values=placed)})
    there = ObservedResource("tool", "t", "t", values, {})
    (copied,) = with_copied_secrets(desired, [there]).entries.values()
    assert {path: reveal(value) for path, value in copied.values.items()} == values
    assert "hush" not in repr(copied.values)


def test_each_text_is_sealed_and_nothing_else() -> None:
    assert sealed("", "p") == ""
    assert sealed([1, True, None], "p") == [1, True, None]
    assert isinstance(sealed({"a": ["b"]}, "p")["a"][0], Secret)
