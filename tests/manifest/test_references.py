"""What can be said about references offline."""

from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.support.folder import Folder
from tests.support.words import names_in, place_of


@pytest.mark.parametrize(
    ("body", "place", "way"),
    [
        ("models: {a: {base: a}}", "2:14", "a -> a"),
        ("models: {a: {base: b}, b: {base: a}}", "2:14", "a -> b -> a"),
        ("models:\n  x: {base: a}\n  a: {base: b}\n  b: {base: c}\n  c: {base: a}", "4:7", "a -> b -> c -> a"),
    ],
    ids=["itself", "two", "three and one that leads there"],
)
def test_a_circle_of_bases_names_the_way(
    folder: Folder, body: str, place: str, way: str, golden: SnapshotAssertion
) -> None:
    (problem,) = folder.problems(body)
    assert place_of(problem) == f"m.yaml:{place}"
    assert f": {way}\n" in problem
    assert problem == golden


def test_every_circle_is_told_once_and_long_chains_are_no_danger(folder: Folder) -> None:
    chain = "".join(f"  m{n}: {{base: m{n + 1}}}\n" for n in range(3000))
    body = f"models:\n{chain}  a: {{base: b}}\n  b: {{base: a}}\n  c: {{base: c}}\n  d: {{base: c}}\n"
    assert [problem.split("\n")[0].rpartition(": ")[2] for problem in folder.problems(body)] == [
        "a -> b -> a",
        "c -> c",
    ]


def test_a_chain_of_bases_is_no_circle(folder: Folder) -> None:
    assert folder.problems("models: {a: {base: b}, b: {base: c}, c: {}, d: {base: b}}") == []


@pytest.mark.parametrize(
    ("body", "place", "other"),
    [
        ("prompts:\n  p: {content: x, access: {read: {groups: [A, Old]}}}\nabsent: {groups: [Old]}", "3:47", "4:19"),
        ("access_rules:\n  - {models: [a], access: {read: {groups: [Old]}}}\nabsent: {groups: [Old]}", "3:5", "4:19"),
        ("prompts: {Old: {content: x}}\nabsent: {prompts: [Old]}", "3:20", "2:11"),
    ],
    ids=["named by an entry", "named by a rule", "an entry itself"],
)
def test_using_what_must_be_absent_is_a_problem_at_the_word(
    folder: Folder, body: str, place: str, other: str, golden: SnapshotAssertion
) -> None:
    (problem,) = folder.problems(body)
    assert (place_of(problem), names_in(problem)) == (f"m.yaml:{place}", {"Old"})
    assert f"m.yaml:{other}" in problem
    assert problem == golden


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Suport", "Support"),
        ("support", "Support"),
        ("Supporrt", "Support"),
        ("Supp0rt", None),
        ("Sales", None),
        ("Team2", None),
        ("it", "IT"),
        ("ID", None),
    ],
)
def test_a_name_that_is_one_slip_away_from_an_entry_is_warned_of(folder: Folder, name: str, meant: str | None) -> None:
    groups = "groups: {Support: {}, Team1: {}, IT: {}}"
    body = f"{groups}\nprompts: {{p: {{content: x, access: {{read: {{groups: [{name}]}}}}}}}}"
    warnings: Any = folder.load(body).warnings
    assert [warning.hint for warning in warnings] == ([f"did you mean `{meant}`?"] if meant else [])


def test_a_name_that_no_manifest_has_may_be_on_the_server(folder: Folder) -> None:
    desired = folder.load("models: {a: {base: gpt-4.1, tools: [t], knowledge: [K]}}")
    assert desired.warnings == ()
