"""What tools and functions have in common, told without a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from owui_sync.kinds.function import Function
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.tool import Tool
from owui_sync.kinds.write import WriteRequest
from owui_sync.values import ABSENT, Secret, SourcedText
from tests.support.folder import Folder

TOOL = '''"""
title: Lookup
"""
from pydantic import BaseModel

class Tools:
    class Valves(BaseModel):
        host: str = "x"
        api_key: str = ""
        pin: str = Field("", json_schema_extra={"input": {"type": "password"}})
        max_tokens: int = 5
'''
ROW: Any = {
    "id": "lookup",
    "name": "Lookup",
    "content": TOOL,
    "meta": {"description": None, "manifest": {"title": "Lookup"}, "has_user_valves": False, "i18n": None, "team": "a"},
    "access_grants": [],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path)


def write(key: str = "lookup", /, **values: Any) -> WriteRequest:
    return WriteRequest(key, values, IdIndex(), "why")


def test_a_row_reads_without_what_the_server_works_out() -> None:
    live = Tool().live(ROW, IdIndex())
    assert dict(live.values) == {
        "name": "Lookup",
        "content": TOOL,
        "description": "",
        "meta.team": "a",
        "access": "private",
    }
    assert (live.unknown, live.defaults) == (frozenset({"valves"}), {"name": "Lookup"})


def test_valves_that_the_source_no_longer_has_mean_nothing() -> None:
    live = Tool().live(ROW | {"valves": {"host": "a", "gone": 1}}, IdIndex())
    assert {path for path in live.values if path.startswith("valves")} == {"valves.host"}
    assert live.unknown == frozenset()


def test_an_update_sends_what_is_there_with_the_changes_and_nothing_that_is_worked_out() -> None:
    body = Tool().body(ROW, write(**{"description": "d", "meta.team": ABSENT, "meta.x": 1}))
    assert body == {
        "id": "lookup",
        "name": "Lookup",
        "content": TOOL,
        "meta": {"description": "d", "i18n": None, "x": 1},
        "commit_message": "why",
    }


def test_a_new_object_is_called_by_the_title_of_its_source_or_by_its_id() -> None:
    new: Any = {}
    assert Tool().body(new, write(content=TOOL))["name"] == "Lookup"
    assert Tool().body(new, write(content="class Tools: pass"))["name"] == "lookup"
    assert Tool().body(new, write(content=TOOL, name="Mine"))["name"] == "Mine"


def test_a_source_with_imports_of_the_old_kind_still_knows_its_file(folder: Folder) -> None:
    folder.write("t.py", "from utils import x\nclass Tools: pass\n")
    content = folder.load("tools:\n  t: {content: !file t.py}\n").entries["tool/t"].values["content"]
    assert content == "from open_webui.utils import x\nclass Tools: pass\n"
    assert isinstance(content, SourcedText)


@pytest.mark.parametrize(
    ("path", "value", "secret"),
    [
        ("valves.api_key", "x", True),
        ("valves.API_TOKENS", ["x"], True),
        ("valves.pin", "x", True),
        ("valves.host", "x", False),
        ("valves.max_tokens", 5, False),
        ("description", "x", False),
    ],
)
def test_valves_are_secret_by_their_names_or_by_the_word_of_the_source(path: str, value: Any, secret: bool) -> None:
    assert Tool().is_secret(path, {"content": TOOL, path: value}) is secret


MISTAKES = {
    "tools:\n  t: {content: !file t.py}": "t.py:2:12: `tool/t`: the server cannot run this source: ",
    "tools:\n  t: {content: 'class Tool: pass'}": "m.yaml:3:7: `tool/t`: the source has no class `Tools`",
    "functions:\n  f: {content: 'class Tools: pass'}": "m.yaml:3:7: `function/f`: the source has no class `Pipe` or",
    "tools:\n  t-1: {content: 'class Tools: pass'}": "m.yaml:3:3: ",
    "tools:\n  t: {content: 'class Tools: pass', valves: {x: 1}}": "m.yaml:3:46: `tool/t`: `valves.x` is set, but",
    "tools:\n  t: {content: !file v.py, valves: {hots: 1}}": "m.yaml:3:37: `tool/t`: the class `Valves` of the source",
    "tools:\n  t: {content: 'class Tools: pass', meta: {toggle: 1}}": "m.yaml:3:52: `tools.t.meta.toggle`: the",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes_are_found_without_a_server_and_have_their_places(folder: Folder, text: str) -> None:
    folder.write("t.py", "x = 1\nclass Tools\n")
    folder.write("v.py", TOOL)
    (problem,) = folder.problems(text + "\n")
    assert problem.startswith(MISTAKES[text])


def test_a_mistyped_valve_says_what_was_meant(folder: Folder) -> None:
    folder.write("v.py", TOOL)
    (problem,) = folder.problems("tools:\n  t: {content: !file v.py, valves: {hots: 1}}\n")
    assert problem.endswith("did you mean `host`?")


def test_front_matter_that_the_server_does_not_read_is_a_warning(folder: Folder) -> None:
    folder.write("t.py", "# A comment.\n" + TOOL)
    (warning,) = folder.load("tools:\n  t: {content: !file t.py}\n").warnings
    assert str(warning).startswith("t.py:1:1: `tool/t`: the server does not read the front matter (title)")


def test_a_secret_valve_in_clear_text_is_a_warning_without_the_text(folder: Folder) -> None:
    folder.write("t.py", TOOL)
    (warning,) = folder.load("tools:\n  t: {content: !file t.py, valves: {api_key: abc123, host: h}}\n").warnings
    assert "`valves.api_key` looks like a secret" in str(warning)
    assert "abc123" not in str(warning)


def test_the_id_is_in_lower_case(folder: Folder) -> None:
    desired = folder.load("tools:\n  Look_Up: {content: 'class Tools: pass'}\n")
    assert list(desired.entries) == ["tool/look_up"]


def test_null_takes_a_valve_away() -> None:
    assert Tool().field("valves.x").normalise(None) is ABSENT


@pytest.mark.parametrize(
    ("source", "since"),
    [
        ("class Event: pass", "0.10.2"),
        ("class Filter: pass\nclass Event: pass", None),
        ("class Pipe: pass", None),
        ("from x import *\nclass Event: pass", None),
    ],
)
def test_events_need_a_newer_server(source: str, since: str | None) -> None:
    assert Function().field("content").needs(source) == since


def test_a_secret_source_is_not_looked_into() -> None:
    values = {"content": Secret("class", {"$secret": "X"}), "valves.x": 1}
    assert list(Tool().check("t", values)) == []
