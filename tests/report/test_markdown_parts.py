from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.report.markdown_parts import code, details, fence, html_code, html_words, words
from tests.support.words import numbers_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "`plain`"),
        ("a`b", "``a`b``"),
        ("a``b", "```a``b```"),
        ("`a", "`` `a ``"),
        (" a", "`  a `"),
        ("", "`   `"),
    ],
)
def test_no_text_can_end_its_own_code_span(text: str, expected: str) -> None:
    assert code(text) == expected


@pytest.mark.parametrize("make", [code, html_code])
def test_a_span_is_one_short_line_of_visible_text(make: object) -> None:
    assert callable(make)
    text = make("a\nb\x1b[31m\u202e" + "x" * 1000)
    assert "\n" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(text) < 300


def test_only_plain_words_stand_outside_of_code() -> None:
    assert (words("no longer in the manifests"), html_words("new, and ours")) == (
        "no longer in the manifests",
        "new, and ours",
    )
    assert words("was @octocat") == "`was @octocat`"
    assert html_words("was <b>") == "<code>was &lt;b&gt;</code>"


def test_html_in_a_name_is_text() -> None:
    assert html_code("</code><script>") == "<code>&lt;/code&gt;&lt;script&gt;</code>"


def test_a_fence_is_longer_than_any_run_of_ticks_inside() -> None:
    assert fence(["a", "````", "b"], "diff") == "`````diff\na\n````\nb\n`````"


def test_lines_that_are_too_many_are_counted(golden: SnapshotAssertion) -> None:
    _, *shown, rest, _ = fence([str(number) for number in range(200)]).splitlines()
    assert shown == [str(number) for number in range(80)]
    assert numbers_in(rest) == ["120"]
    assert rest == golden


def test_a_block_of_details_leaves_room_for_markdown_inside() -> None:
    assert details("<b>x</b>", "- a") == "<details><summary><b>x</b></summary>\n\n- a\n\n</details>"
