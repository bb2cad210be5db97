"""Variables of the command line, and who wins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import ManifestError, UsageError
from owui_sync.manifest.tags.variables import from_command_line
from tests.support.folder import Folder
from tests.support.words import names_in


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a=x", "x"),
        ("a=7", 7),
        ("a=true", True),
        ("a=null", None),
        ("a=", ""),
        ('a="7"', "7"),
        ("a='it''s'", "it's"),
        ("a=b=c", "b=c"),
        ("a=x: y", "x: y"),
        ("a=@x [1]", "@x [1]"),
        ("a=yes", "yes"),
    ],
)
def test_a_value_is_a_yaml_scalar(text: str, value: Any) -> None:
    result = from_command_line([text], [], None)
    assert result == {"a": value}
    assert type(result["a"]) is type(value)


@pytest.mark.parametrize("text", ["a", "=x", "1a=x", "a b=x", "a=.nan", 'a="x'])
def test_anything_else_is_wrong_use(text: str, golden: SnapshotAssertion) -> None:
    with pytest.raises(UsageError, match="--var") as caught:
        from_command_line([text], [], None)
    assert str(caught.value) == golden


def test_later_files_win_and_options_win_over_files(folder: Folder) -> None:
    one = folder.write("one.yaml", "a: 1\nb: 1\nc: 1\n")
    two = folder.write("two.yaml", "b: 2\nc: 2\n")
    assert from_command_line(["c=3"], [one, two], None) == {"a": 1, "b": 2, "c": 3}


def test_every_problem_of_the_files_is_told(folder: Folder, golden: SnapshotAssertion) -> None:
    bad = folder.write("bad.yaml", "a: [1\n")
    names = folder.write("names.yaml", "1a: x\n'b c': y\n")

    with pytest.raises(ManifestError) as caught:
        from_command_line([], [bad, names, Path("nope.yaml")], None)
    places = [problem.where for problem in caught.value.problems]
    assert places == ["bad.yaml:1:4", "names.yaml:1:1", "names.yaml:2:1", "nope.yaml:1:1"]
    assert str(caught.value) == golden


def test_the_command_line_wins_over_the_target_and_that_over_the_manifests(folder: Folder) -> None:
    body = 'vars: {a: 1, b: 1, c: 1}\nprompts: {p: {content: !sub "${a}${b}${c}"}}'
    desired = folder.load(body, variables={"c": 3}, target_variables={"b": 2, "c": 2})
    assert desired.entries["prompt/p"].values["content"] == "123"


def test_a_variable_that_nothing_uses_is_warned_of(folder: Folder, golden: SnapshotAssertion) -> None:
    body = 'vars: {stage: x}\nprompts: {p: {content: !sub "${region}"}}'
    desired = folder.load(body, variables={"stgae": "y", "region": "eu", "stage": "z"})
    (warning,) = desired.warnings
    assert names_in(str(warning)) == {"stgae", "stage"}
    assert str(warning) == golden


def test_tags_work_in_variable_files_and_are_relative_to_them(folder: Folder) -> None:
    folder.write("v/text.md", "from file")
    given = from_command_line([], [folder.write("v/vars.yaml", "t: !file text.md")], None)
    desired = folder.load("prompts: {p: {content: !var t}}", variables=given)
    assert desired.entries["prompt/p"].values["content"] == "from file"
