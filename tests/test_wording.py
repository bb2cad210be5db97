from __future__ import annotations

import pytest

from owui_sync.wording import closest, counted, did_you_mean, listed_briefly, shortened


def test_nouns_follow_their_number() -> None:
    assert (counted(1, "line"), counted(1200, "line")) == ("1 line", "1,200 lines")


def test_what_is_cut_is_counted() -> None:
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abcdef", 4) == "abcd… (+2 characters)"


@pytest.mark.parametrize(
    ("names", "separator", "listed"),
    [
        ("", ", ", ""),
        ("ab", ", ", "a, b"),
        ("abcd", ", ", "a, b and 2 more"),
        ("abcd", "; ", "a; b; and 2 more"),
        ("abcd", "\n", "a\nb\nand 2 more"),
    ],
)
def test_a_list_that_is_cut_says_how_many_are_missing(names: str, separator: str, listed: str) -> None:
    assert listed_briefly(list(names), 2, separator) == listed


def test_slips_are_recognised() -> None:
    assert did_you_mean("gruops", ["users", "groups"]) == "did you mean `groups`?"
    assert did_you_mean("zzz", ["users", "groups"]) is None
    assert did_you_mean("jwt_expires", ["ENABLE_MFA", "JWT_EXPIRES_IN"]) == "did you mean `JWT_EXPIRES_IN`?"
    assert did_you_mean("SUPPORT", ["support", "SUPPORTS"]) == "did you mean `SUPPORTS`?"
    assert closest("grops", ["groups"], 0.99) is None
