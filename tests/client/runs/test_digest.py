from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from owui_sync.client.chat.turn import Answer
from owui_sync.client.runs.checking import renumbered
from owui_sync.client.runs.definition import Finding, Models, Plan
from owui_sync.client.runs.digest import condensed, excerpt, known, log_of, shortened, trees
from owui_sync.client.runs.run import Run


def finding(number: int, text: str = "text", parent: int | None = None) -> Finding:
    return Finding(number=number, question=f"Q{number}?", kind="general", model="m", text=text, parent=parent)


def test_a_long_text_is_cut_off_between_words() -> None:
    assert excerpt("one\n two  three", 100) == "one two three"
    assert excerpt("one two three", 9) == "one two …"
    assert excerpt("x" * 20, 9) == f"{'x' * 9} …"


def test_a_long_message_loses_its_middle() -> None:
    assert shortened("a\nb", 9) == "a\nb"
    assert shortened("abcdefgh", 4) == "ab\n…\ngh"


def test_what_is_known_stays_short_however_much_was_found() -> None:
    findings = [finding(number, "word " * 2000) for number in range(1, 41)]
    assert len(known(findings, None)) < 6000
    assert len(log_of(findings)) < 22_000
    assert known([], None) == ""


def test_the_finding_below_which_a_question_is_asked_is_shown_at_more_length() -> None:
    findings = [finding(1, "one " * 500), finding(2, "two " * 500)]
    assert known(findings, 2).count("two") > 4 * known(findings, 2).count("one")


def test_findings_stand_below_those_they_were_asked_below() -> None:
    findings = [finding(1), finding(2), finding(3, parent=1), finding(4, parent=2), finding(5, parent=3), finding(6)]
    assert [[one.number for one in tree] for tree in trees(findings)] == [[1, 3, 5], [2, 4], [6]]


def test_citations_get_the_numbers_of_the_report() -> None:
    text = "Hot [1][2], green [1, 3]. See https://b.test and `x[1]`."
    assert renumbered(text, {1: 4, 3: 5}) == "Hot [4], green [4][5]. See https://b.test and `x[1]`."


@pytest.mark.parametrize(("count", "sections", "most"), [(2, False, 3000), (30, False, 2000), (30, True, 3000)])
def test_the_writer_of_the_report_gets_no_more_than_it_can_read(count: int, sections: bool, most: int) -> None:
    async def ask_aside(*_: Any) -> Answer:
        return Answer(model="m", chat_id="c", message_id="", text="word " * 5000)

    async def save(**_: Any) -> None:
        pass

    run = SimpleNamespace(session=SimpleNamespace(ask_aside=ask_aside), state={}, save=save)
    plan = Plan(topic="t", title="t", models=Models(plan="m", answer=("m",), report="m"), sections=sections)
    findings = [finding(number, "word " * 2000) for number in range(count)]
    short = asyncio.run(condensed(cast(Run, run), plan, findings, []))
    assert max(len(one.text) for one in short) <= most + 2
