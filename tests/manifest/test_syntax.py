"""Syntax errors are told in plain words, at the place to edit."""

from __future__ import annotations

import pytest

from tests.support.folder import parsed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b: c", "m.yaml:1:5: a `:` is not allowed here"),
        ("a: 1\n b: 2", "m.yaml:2:3: a `:` is not allowed here"),
        ("a: [1, 2", "m.yaml:1:4: the list opened by `[` is not closed"),
        ("a: {b: 1", "m.yaml:1:4: the mapping opened by `{` is not closed"),
        ("a: 'x\nb: 2", "m.yaml:1:4: the quote is never closed"),
        ("\ta: 1", "m.yaml:1:1: a tab cannot indent in YAML"),
        ("a:\n\t- b", "m.yaml:2:1: a tab cannot indent in YAML"),
        ("a: >\n\tb", "m.yaml:2:1: a tab cannot indent in YAML"),
        ("a: @x", "m.yaml:1:4: a text cannot begin with `@`"),
        ("a: `x`", "m.yaml:1:4: a text cannot begin with ```"),
        ("a: *x", "m.yaml:1:4: this alias (`*name`) has no anchor"),
        ("a: &x 1\nb: &x 2", "m.yaml:2:4: this anchor (`&name`) exists already"),
        ('a: "\\q"', "m.yaml:1:5: unknown escape after `\\`"),
        ('a: "\\ud83d\\ude00"', "m.yaml:1:7: this escape is not a character"),
        ("a: 'it's'", "m.yaml:1:8: a key was expected here"),
        ("- a\nb: c", "m.yaml:2:1: an item of the list"),
        ("a: 1\n---\nb: 2", "m.yaml:2:1: a file holds one document, and another begins here"),
        ("a: ]", "m.yaml:1:4: a value was expected here"),
        ("a: 1\nb: \x07", "m.yaml:2:4: the character U+0007 cannot stand in YAML"),
    ],
)
def test_each_slip_has_plain_words_and_a_hint(text: str, expected: str) -> None:
    value, problems = parsed(text)
    assert value is None
    assert len(problems) == 1
    assert problems[0].startswith(expected)
    assert "\n    " in problems[0]
