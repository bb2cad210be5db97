from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from syrupy.assertion import SnapshotAssertion

from owui_sync.apply.outcome import Failure, Status
from owui_sync.plan.types import Action, Cause, Change, Plan
from owui_sync.report.markdown import LIMIT, outcome_markdown, plan_markdown
from owui_sync.report.markdown_fit import size
from owui_sync.report.settings import Settings
from owui_sync.values import ABSENT
from tests.support.samples import (
    EVERY_ADDRESS,
    change,
    every_action,
    field,
    outcome,
    plan,
    secret,
    whole_outcome,
    whole_plan,
)

MARK = "zqx_7"
"""Stands in every text of a user: it must never be seen outside code. (Plain words alone may be.)"""

EVIL = (
    *("`", "```", "````\n", "~~~", "\n", "\r\n", "\n\n", "    ", "\t", "\u2028", "\x1b[31m", "\u202e", "\ud800"),
    *("</details>", "<details>", "</code>", "</summary>", "<!--", "-->", "<script>", "&lt;", "&#64;", "\\", "\\`"),
    *("|", "\n|a|b|\n|-|-|\n", "**", "__", "# head", "\n# head", "\n- item", "[x](y)", "![x](y)"),
    *("@octocat", "#1", "GH-1", "http://example.com"),
)
NASTY = st.lists(st.sampled_from(EVIL) | st.text(max_size=8), max_size=5).map(lambda parts: MARK.join(["", *parts, ""]))
VALUES = st.recursive(NASTY | st.integers(), lambda inner: st.lists(inner, max_size=3), max_leaves=4)
ACTIONS = st.sampled_from(list(Action))


@st.composite
def changes(draw: st.DrawFn) -> Change:
    action, key, reason = draw(ACTIONS), draw(NASTY), draw(NASTY)
    fields = draw(st.lists(st.tuples(NASTY, VALUES | st.just(ABSENT), VALUES), max_size=3))
    made = [field(f"meta.{path}", before, after, Cause.DRIFT) for path, before, after in fields]
    return change(action, f"model/{key}", *made, reason=reason)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    made = plan(*draw(st.lists(changes(), max_size=4)), unchanged=(f"model/{draw(NASTY)}",))
    warnings, awaited = (draw(NASTY),), (f"user/{draw(NASTY)}",)
    return replace(made, stack=draw(NASTY), warnings=warnings, awaited=awaited)


class Tags(HTMLParser):
    """What HTML holds: its tags, and the text outside of `<code>`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.outside = ""
        self._code = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._code = self._code or tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")
        self._code = self._code and tag != "code"

    def handle_data(self, data: str) -> None:
        self.outside += "" if self._code else data

    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")


def tokens(text: str) -> list[Token]:
    """What a reader of the report sees, block by block and span by span."""
    blocks = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [each for block in blocks for each in [block, *(block.children or ())]]


def check_shut_in(text: str, blocks: int) -> None:
    """Asserts that texts of users are in code and nowhere else, and that `blocks` blocks of details are whole."""
    assert size(text) <= LIMIT
    html = ""
    for token in tokens(text):
        assert token.type in {
            *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text", "code_inline"),
            *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "fence", "html_block"),
            *("strong_open", "strong_close", "em_open", "em_close", "softbreak"),
        }
        if token.type == "text":
            assert MARK not in token.content
            assert not set("@#<`|") & set(token.content)
        html += token.content if token.type == "html_block" else ""
    seen = Tags(html)
    codes = ["code", "/code"]
    opened = [tag for tag in seen.tags if tag not in codes]
    assert opened == ["details", "summary", "/summary", "/details"] * blocks
    assert MARK not in seen.outside


@settings(max_examples=150, deadline=None)
@given(plans())
def test_texts_of_users_never_leave_code_in_a_plan(made: Plan) -> None:
    blocks = sum(change.action is not Action.DELETE and bool(change.fields) for change in made.changes)
    check_shut_in(plan_markdown(made, Settings(show_unchanged=True)), blocks)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(changes(), st.sampled_from(Status), NASTY), max_size=4))
def test_texts_of_users_never_leave_code_in_an_outcome(made: list[tuple[Change, Status, str]]) -> None:
    results = [
        (each, status, None if status is Status.DONE else Failure(text, 400, f"POST /{text}", text))
        for each, status, text in made
    ]
    blocks = sum(
        status is not Status.DONE or (each.action is not Action.DELETE and bool(each.fields))
        for each, status, _ in made
    )
    check_shut_in(outcome_markdown(outcome(*results), 1.0), blocks)


@pytest.mark.parametrize("action", [Action.DELETE, Action.CREATE, Action.REPLACE])
@pytest.mark.parametrize(
    ("text", "count"),
    [("x", 1), ("x", 50), ("x", 5000), *((mark * 3000, count) for mark in "🙂`&" for count in (1, 50, 500))],
)
def test_a_report_of_any_size_fits_and_counts_what_is_cut(text: str, count: int, action: Action) -> None:
    some = [change(action, f"prompt/{number}-{text}", field("content", "a", text)) for number in range(count)]
    made = replace(plan(*some, unchanged=tuple(str(n) for n in range(count))), warnings=(text,) * count)
    report = plan_markdown(made, Settings(show_unchanged=True))
    assert size(report) < 65_536
    assert f"{count:,} to {action}" in report
    shown = len(set(re.findall(rf"{re.escape(action.symbol)} prompt/(\d+)-", report)))
    if shown < count:
        assert f"… {count - shown:,} more" in report
    html = "".join(token.content for token in tokens(report) if token.type == "html_block")
    assert html.count("<details>") == html.count("</details>") == report.count("```diff\n")


def test_deletes_and_replaces_come_first_and_the_summary_before_them() -> None:
    report = plan_markdown(every_action())
    order = ["1 to delete, 1 to replace", "prompt/old-triage", "model/fork", "model/faq", "model/support-bot"]
    assert sorted(order, key=report.index) == order
    assert "`support`" in report.splitlines()[0]


def test_details_are_cut_before_any_object_is() -> None:
    long = [change(Action.UPDATE, f"model/{n}", field("system", "a\n" * 50, "b\n" * 50)) for n in range(400)]
    report = plan_markdown(plan(*long))
    assert all(f"~ model/{n}<" in report or f"~ model/{n}`" in report for n in range(400))
    details = report.count("<details>")
    assert 0 < details < 400
    assert f"{400 - details} objects" in report


def test_the_list_of_unchanged_objects_takes_only_the_room_that_is_left() -> None:
    made = plan(change(Action.UPDATE, "model/m", field("name", "a", "b")), unchanged=("prompt/x",) * 20_000)
    report = plan_markdown(made, Settings(show_unchanged=True))
    assert '"a" -> "b"' in report
    assert f"… {20_000 - report.count('prompt/x'):,} more" in report
    assert "prompt/x" not in plan_markdown(made)


def test_no_change_is_one_sentence(golden: SnapshotAssertion) -> None:
    assert plan_markdown(plan(unchanged=("prompt/a",))) == golden


@pytest.mark.parametrize("action", [Action.CREATE, Action.UPDATE, Action.REPLACE])
def test_a_secret_is_never_shown(action: Action) -> None:
    report = plan_markdown(plan(change(action, "user/bob", secret("password", "hunter2", "hunter1"))))
    assert "hunter" not in report
    assert "(secret)" in report


@pytest.mark.parametrize("show_unchanged", [False, True])
def test_a_plan_with_everything_reads_well(golden: SnapshotAssertion, show_unchanged: bool) -> None:
    report = plan_markdown(whole_plan(), Settings(show_unchanged=show_unchanged))
    assert all(address in report for address in EVERY_ADDRESS)
    assert all(f"{whole_plan().count(action)} to {action}" in report for action in Action)
    assert "\n- Always apologise.\n+ Be brief.\n" in report
    assert "\n  params.temperature   0.7 -> 0.2 " in report
    assert "hunter2" not in report
    assert report == golden


def test_an_outcome_with_everything_reads_well(golden: SnapshotAssertion) -> None:
    report = outcome_markdown(whole_outcome(), 83.0)
    assert all(change.address in report for change in whole_outcome().plan.changes)
    assert report == golden


def test_an_outcome_says_failures_first_with_the_servers_words(golden: SnapshotAssertion) -> None:
    bad = Failure("Uh-oh! Taken.", 400, "POST /api/v1/prompts/create", "choose another")
    done, failed = change(Action.DELETE, "prompt/old"), change(Action.CREATE, "prompt/new")
    skipped = (change(Action.CREATE, "model/m"), Status.SKIPPED, Failure("it needs prompt/new"))
    report = outcome_markdown(outcome((done, Status.DONE, None), (failed, Status.FAILED, bad), skipped), 2.5)
    order = [
        "prompt/new",
        "POST /api/v1/prompts/create",
        "400",
        "Uh-oh! Taken.",
        "choose another",
        "model/m",
        "prompt/old",
    ]
    assert sorted(order, key=report.index) == order
    assert "2.5 s" in report
    assert report == golden


def test_an_outcome_that_was_not_recorded_or_was_stopped_says_so(golden: SnapshotAssertion) -> None:
    made = replace(outcome(interrupted=True), unrecorded=Failure("disk full", 500, "POST /api/v1/files/"))
    report = outcome_markdown(made, 1.0)
    assert "POST /api/v1/files/" in report
    assert "disk full" in report
    assert report == golden


def test_files_are_listed_by_what_becomes_of_them_and_many_are_counted(golden: SnapshotAssertion) -> None:
    before = [{"path": f"{number:03}.md", "sha256": f"{number}", "size": 1000} for number in range(100)]
    after = [{**before[0], "sha256": "new", "size": 14_000}, {**before[1], "path": "b/x.md"}]
    text = plan_markdown(plan(change(Action.UPDATE, "knowledge/k", field("files", before, after))))
    lines = text.splitlines()
    assert [line[:8] for line in lines if line[:1] in "-»~" and line[2:5].isdigit()] == [
        *(f"- {number:03}.md" for number in range(2, 14)),
        "» 001.md",
        "~ 000.md",
    ]
    assert [line for line in lines if line.startswith("- … 86")]
    assert text == golden
