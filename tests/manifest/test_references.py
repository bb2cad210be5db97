"""What can be said about references offline."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.folder import Folder


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("models: {a: {base: a}}", "m.yaml:2:14: models refer to each other in a circle: a -> a"),
        ("models: {a: {base: b}, b: {base: a}}", "m.yaml:2:14: models refer to each other in a circle: a -> b -> a"),
        (
            "models:\n  x: {base: a}\n  a: {base: b}\n  b: {base: c}\n  c: {base: a}",
            "m.yaml:4:7: models refer to each other in a circle: a -> b -> c -> a",
        ),
    ],
)
def test_a_circle_of_bases_names_the_way(folder: Folder, body: str, expected: str) -> None:
    problems = folder.problems(body)
    assert len(problems) == 1
    assert problems[0].split("\n")[0] == expected


def test_every_circle_is_told_once_and_long_chains_are_no_danger(folder: Folder) -> None:
    chain = "".join(f"  m{n}: {{base: m{n + 1}}}\n" for n in range(3000))
    body = f"models:\n{chain}  a: {{base: b}}\n  b: {{base: a}}\n  c: {{base: c}}\n  d: {{base: c}}\n"
    assert [problem.split("circle: ")[1].split("\n")[0] for problem in folder.problems(body)] == [
        "a -> b -> a",
        "c -> c",
    ]


def test_a_chain_of_bases_is_no_circle(folder: Folder) -> None:
    assert folder.problems("models: {a: {base: b}, b: {base: c}, c: {}, d: {base: b}}") == []


def test_using_what_must_be_absent_is_a_problem_at_the_word(folder: Folder) -> None:
    body = "prompts:\n  p: {content: x, access: {read: {groups: [A, Old]}}}\nabsent: {groups: [Old]}"
    assert folder.problems(body) == [
        "m.yaml:3:47: group `Old` is used here, but must be absent (m.yaml:4:19)\ndelete one of the two"
    ]


def test_rules_may_not_use_what_must_be_absent(folder: Folder) -> None:
    body = "access_rules:\n  - {models: [a], access: {read: {groups: [Old]}}}\nabsent: {groups: [Old]}"
    assert folder.problems(body)[0].startswith("m.yaml:3:5: group `Old` is used here, but must be absent")


def test_an_entry_that_must_be_absent_is_a_problem(folder: Folder) -> None:
    problems = folder.problems("prompts: {p: {content: x}}\nabsent: {prompts: [p]}")
    assert problems == [
        "m.yaml:3:20: prompt `p` must be absent, but is also written at m.yaml:2:11\ndelete one of the two"
    ]


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
