from __future__ import annotations

from typing import Any

import pytest

from owui_sync.manifest.desired import Entry, Job
from owui_sync.plan.job_inputs import changed, parts_of, then_of
from owui_sync.values import Secret, inline_file
from tests.support.build import SALT, entries, entry
from tests.support.jobs import chat_job, job

BOT = entry("model/bot", base="gpt", knowledge=["Handbook"])
HANDBOOK = entry("knowledge/Handbook", files=[inline_file("a.md", "one")])


def parts(one: Job, *there: Entry, others: tuple[Job, ...] = ()) -> dict[str, str]:
    return parts_of(one, {each.name: each for each in (one, *others)}, entries(*there), SALT)


def difference(one: Job, other: Job, *there: Entry) -> str:
    return changed(parts(one, *there), parts(other, *there))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"prompts": ["other"]}, "its prompt changed"),
        ({"models": ["other"]}, "its model changed"),
        ({"params": {"temperature": 1}}, "its parameters changed"),
        ({"system": "Be brief."}, "its system prompt changed"),
        ({"web_search": True}, "its `web_search` changed"),
    ],
)
def test_what_a_job_asks_changes_its_answer(change: dict[str, Any], words: str) -> None:
    assert difference(chat_job("j"), chat_job("j", **change)) == words


def test_title_tags_folder_output_and_expectations_do_not() -> None:
    dressed = job("j", title="T", tags=("a",), folder="F", output={"note": "N"}, expect={"contains": ["x"]}, retries=2)
    assert difference(chat_job("j"), dressed) == ""
    assert changed(then_of(chat_job("j")), then_of(dressed)) == "its output, its expectations changed"


@pytest.mark.parametrize("written", [{"concurrency": 3}, {"approve": True}], ids=str)
def test_how_many_questions_of_a_research_are_asked_at_once_and_whether_somebody_approves_does_not(
    written: dict[str, Any],
) -> None:
    one, other = (job("j", type="research", spec={"topic": "x", **pace}) for pace in ({}, written))
    assert difference(one, other) == ""


def test_a_changed_file_is_named() -> None:
    one, other = (chat_job("j", files=[inline_file("a.md", text)]) for text in ("one", "two"))
    assert "changed" in difference(one, other)


def test_what_the_manifests_say_of_a_model_and_of_all_behind_it_counts() -> None:
    asks = chat_job("j", models=["bot"])
    before = parts(asks, BOT, HANDBOOK)
    assert {"model/bot", "knowledge/Handbook"} <= before.keys()
    fuller = entry("knowledge/Handbook", files=[inline_file("a.md", "two")])
    assert changed(parts(asks, BOT, fuller), before) == "knowledge/Handbook changed"
    assert changed(parts(asks, entry("model/bot", base="other"), HANDBOOK), before) == (
        "model/bot, knowledge/Handbook changed"
    )


def test_pictures_names_and_access_do_not_change_an_answer() -> None:
    asks = chat_job("j", models=["bot"])
    dressed = entry("model/bot", base="gpt", knowledge=["Handbook"], name="Bot", access="public", tags=["x"])
    assert parts(asks, dressed, HANDBOOK) == parts(asks, BOT, HANDBOOK)


def test_the_system_prompt_of_its_folder_counts_and_its_name_does_not() -> None:
    here, there = job("j", folder="A"), job("j", folder="B")
    assert changed(parts(here), parts(there)) == ""
    assert changed(parts(here, entry("folder/A", system="Be brief.")), parts(here)) == "folder/A changed"


def test_a_job_whose_answer_is_read_counts() -> None:
    first = chat_job("first", output={"knowledge": "B"})
    second = job("second", needs=("first",), spec={"models": ["m"], "prompts": ["x"], "knowledge": ["B"]})
    other = chat_job("first", prompts=["other"], output={"knowledge": "B"})
    assert changed(parts(second, others=(other,)), parts(second, others=(first,))) == "job/first changed"
    unread = job("second", needs=("first",))
    assert parts(unread, others=(other,)) == parts(unread, others=(first,))


def test_secrets_of_a_model_are_not_in_the_digests() -> None:
    bot = Entry("model", "bot", {"params.key": Secret("hush", {"$secret": "K"})}, BOT.source)
    assert parts(chat_job("j", models=["bot"]), bot)["model/bot"].startswith("s:")
