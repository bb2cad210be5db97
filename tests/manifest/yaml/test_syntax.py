"""Syntax errors are told in plain words, at the place to edit."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.support.folder import parsed
from tests.support.words import place_of

SLIPS = {
    "a: b: c": ("1:5", "`:`"),
    "a: 1\n b: 2": ("2:3", "`:`"),
    "a: [1, 2": ("1:4", "`[`"),
    "a: {b: 1": ("1:4", "`{`"),
    "a: 'x\nb: 2": ("1:4", "quote"),
    "\ta: 1": ("1:1", "tab"),
    "a:\n\t- b": ("2:1", "tab"),
    "a: >\n\tb": ("2:1", "tab"),
    "a: @x": ("1:4", "`@`"),
    "a: `x`": ("1:4", "```"),
    "a: *x": ("1:4", "alias"),
    "a: &x 1\nb: &x 2": ("2:4", "anchor"),
    'a: "\\q"': ("1:5", "`\\`"),
    'a: "\\ud83d\\ude00"': ("1:7", "escape"),
    "a: 'it's'": ("1:8", "key"),
    "- a\nb: c": ("2:1", "item"),
    "a: 1\n---\nb: 2": ("2:1", "document"),
    "a: ]": ("1:4", "value"),
    "a: 1\nb: \x07": ("2:4", "U+0007"),
}


@pytest.mark.parametrize("text", SLIPS)
def test_each_slip_has_plain_words_and_a_hint(text: str, golden: SnapshotAssertion) -> None:
    value, (problem,) = parsed(text)
    place, told = SLIPS[text]
    assert value is None
    assert place_of(problem) == f"m.yaml:{place}"
    message, _, hint = problem.partition("\n    ")
    assert told in message
    assert hint
    assert problem == golden


@pytest.mark.parametrize(
    ("written", "meant", "column"),
    [
        ("content: {{topic}} please", "'{{topic}} please'", 10),
        ("content: {{topic}}", "'{{topic}}'", 10),
        ("content: {topic} please", "'{topic} please'", 10),
        ("content: [link](there) is here", "'[link](there) is here'", 10),
        ("content: {{it}} isn't", "'{{it}} isn''t'", 10),
        ("{content: {{topic}} please, name: x}", "'{{topic}} please'", 11),
        ("tags: [a, {{b}} c]", "'{{b}} c'", 11),
        ("tags: [{{b}}]", "'{{b}}'", 8),
    ],
)
def test_a_text_that_begins_with_a_bracket_is_told_to_be_quoted(written: str, meant: str, column: int) -> None:
    _, problems = parsed(f"a: 1\nb:\n  {written}\n")
    place = f"m.yaml:3:{column + 2}: a text cannot begin with"
    assert [problem.startswith(place) and f"write {meant}" in problem for problem in problems] == [True], problems


@pytest.mark.parametrize("written", ["a: {b: {c: 1}}", "a: [{b: 1}, [c]]", "{a: {b: [c]}}", 'a: "{{b}} c"'])
def test_mappings_and_lists_in_brackets_are_what_they_are(written: str) -> None:
    assert parsed(f"{written}\n")[1] == []
