from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from owui_sync.client.runs.checking import Checked, checked
from owui_sync.client.runs.citations import CitedSource

PAGE = CitedSource("https://a.test/x", "A", "https://a.test/x", ["text"])
FILE = CitedSource("f1", "tea.txt", None, ["Tea is hot."])
WIKI = "https://en.wiki.test/wiki/Tea_(Drink)?a=1&b=2"


LITERAL = [
    "So:\n\n    items[9] = get('https://b.test/y')\n\tmore[8]\n",
    "    items[9]\n",
    "- so:\n\n        items[9]\n",
    "$x[7] + y_{[8]} = [9]$",
    "$$\nx[9]\n$$",
    r"\[ x[9] \] and \( y[8] \)",
    "<pre>\nitems[9]\n</pre>",
    "<code>items[9]</code><!-- [9] -->",
    "- [x] done\n- [ ] open\n",
    "A note[^9].\n\n[^9]: It says so.",
    "[[Page]] and [a page][docs]\n\n[docs]: https://a.test/x\n",
    "In [2024] it was [1990-1995].",
]
"""Texts that have nothing to check in them, whatever they look like."""


@pytest.mark.parametrize(
    ("text", "kept", "removed"),
    [
        ("Known [1][2].", "Known [1][2].", ()),
        ("Grouped [1, 2].", "Grouped [1][2].", ()),
        ("Made up [3].", "Made up.", ("[3]",)),
        ("Made up [3](https://b.test/y).", "Made up.", ("https://b.test/y",)),
        ("Half [1, 9].", "Half [1].", ("[9]",)),
        ("None [0].", "None.", ("[0]",)),
        ("See https://a.test/x.", "See https://a.test/x.", ()),
        ("See https://a.test/x/.", "See https://a.test/x/.", ()),
        ("[A](https://a.test/x) it is", "[A](https://a.test/x) it is", ()),
        ("[B](https://b.test/y) it is", "B it is", ("https://b.test/y",)),
        ("an array[1](x) of [text]", "an array[1](x) of [text]", ()),
        ("Several [1-2].", "Several [1][2].", ()),
        ("Too many [2–4].", "Too many [2].", ("[3]", "[4]")),
        ("So **it is** ([9]) **[9]**.", "So **it is**.", ("[9]",)),
        ("Tea[1] is hot[9].", "Tea[1] is hot.", ("[9]",)),
        ("From [0, 1], say items[0].", "From [0, 1], say items[0].", ()),
        ("[9](https://b.test/y) and [[1]](https://b.test/z)", " and [1]", ("https://b.test/y", "https://b.test/z")),
        ("![A](https://a.test/x)![B](https://b.test/y)", "![A](https://a.test/x)B", ("https://b.test/y",)),
        (
            '[A](https://a.test/x "Title") and [B](<https://b.test/y>)',
            '[A](https://a.test/x "Title") and B',
            ("https://b.test/y",),
        ),
        ("Known [[1]], made up [[9]].", "Known [[1]], made up.", ("[9]",)),
        ("Known 【1】【2†tea】, made up 【9†x】.", "Known [1][2], made up.", ("[9]",)),
        ("[1]: https://a.test/x\n[9]: https://b.test/y 'B'\nSo.", "[1]: https://a.test/x\nSo.", ("https://b.test/y",)),
        (
            '<a href="https://b.test/y" title="B">So</a> <a href=\'https://a.test/x\'>A</a> <img src="https://b.test/i">.',
            "So <a href='https://a.test/x'>A</a>.",
            ("https://b.test/y", "https://b.test/i"),
        ),
        ("- one\n\n    more [9]\n", "- one\n\n    more\n", ("[9]",)),
        ("It costs $5 [9], not $6.", "It costs $5, not $6.", ("[9]",)),
        ("Good ($$) [9].\n\nBetter ($$$).", "Good ($$).\n\nBetter ($$$).", ("[9]",)),
    ],
)
def test_a_report_keeps_what_is_backed_and_nothing_else(text: str, kept: str, removed: tuple[str, ...]) -> None:
    result = checked(text, [PAGE, FILE])
    assert (result.text, result.removed) == (kept, removed)


def test_an_address_that_was_not_retrieved_is_left_out_and_said(golden: SnapshotAssertion) -> None:
    result = checked("See https://b.test/y, really.", [PAGE])
    assert re.fullmatch(r"See \([^)]+\), really\.", result.text)
    assert "b.test" not in result.text
    assert result.text == golden
    assert result.removed == ("https://b.test/y",)


@pytest.mark.parametrize(
    "text",
    [
        "Use `items[9]`, or ``a `b`[8]``.",
        "```python\nitems[9] = get('https://b.test/y')\n```\n",
        "- so:\n\n  ~~~~\n  items[9]\n  ~~~\n  https://b.test\n  ~~~~\n",
        "> ```\n> items[9]\n> ```\n",
        "A fence that nobody closes:\n```\nitems[9]\n",
        "| a | b |\n|---|:--|\n| [1] | x [2] |\n| [2][1] | y |\n",
        "One line.\n[1] begins the next.\n\n[2]\n",
        *LITERAL,
    ],
)
def test_code_tables_and_lines_stay_to_the_letter(text: str) -> None:
    assert checked(text, [PAGE, FILE]) == Checked(text, ())


@pytest.mark.parametrize(
    "text",
    [
        f"See {WIKI}.",
        f"(see {WIKI})",
        f"[the page]({WIKI}), [again](<{WIKI}> 'Tea')",
        f"<{WIKI}> **{WIKI}** _{WIKI}_ `x` “{WIKI}”",
        f"{WIKI}#history; {WIKI}&utm_source=x, {WIKI}!",
        "https://en.wiki.test/wiki/Tea_%28Drink%29?b=2&a=1",
        "HTTPS://EN.Wiki.TEST/wiki/Tea_(Drink)?a=1&b=2",
        "http://www.en.wiki.test/wiki/Tea_(Drink)/?a=1&b=2 and www.en.wiki.test/wiki/Tea_(Drink)?a=1&b=2",
        f"| {WIKI} | {WIKI}|\n茶は{WIKI}。",
    ],
)
def test_an_address_that_was_retrieved_stays_however_it_is_written(text: str) -> None:
    result = checked(text, [CitedSource(WIKI, "Tea", WIKI, ["text"])])
    assert (result.text, result.removed) == (text, ())


@pytest.mark.parametrize(
    "url", ["https://en.wiki.test/wiki/Tea", f"{WIKI}&c=3", WIKI.replace("en.", "de."), f"{WIKI}#/other"]
)
def test_an_address_of_another_document_is_told(url: str) -> None:
    result = checked(f"See ({url}).", [CitedSource(WIKI, "Tea", WIKI, ["text"])])
    assert url not in result.text
    assert result.text.endswith(").")
    assert result.removed == (url,)


def test_an_address_under_which_a_source_was_found_too_is_one_of_its_own() -> None:
    both = CitedSource("https://a.test/x", "A", "https://a.test/x", ["text"], same=["https://copy.test/x"])
    assert checked("See https://copy.test/x.", [both]).removed == ()


@pytest.mark.parametrize(
    ("text", "cites"),
    [("So [1].", True), ("So, as https://a.test/x says.", True), ("So [9].", False), ("`x[1]`", False)],
)
def test_it_is_known_whether_a_report_cites_anything(text: str, cites: bool) -> None:
    assert checked(text, [PAGE]).cites is cites


@given(
    st.lists(
        st.sampled_from([*LITERAL, "```\nitems[9]\n```", "| a [1] | b |\n|---|---|", "`x[9]`", "So [1].", "[2][1]"])
    )
)
def test_what_stands_beside_citations_stays_to_the_letter(parts: list[str]) -> None:
    text = "".join(f"{part}\n\nMade up [77].\n\n" for part in parts)
    result = checked(text, [PAGE, FILE])
    assert result == Checked(text.replace(" [77]", ""), ("[77]",) if parts else ())
