from __future__ import annotations

from owui_sync.jobs.run import JobIds, step_words

CHAT = "11111111-2222-4333-8444-555555555555"


def test_ids_of_messages_are_those_of_the_versions_before_so_that_their_runs_go_on() -> None:
    ids = JobIds(CHAT)
    assert ids.question("turn:0") == "02e319aa-bbe7-5be4-928c-09f1e79303d9"
    assert ids.answer("turn:0", number=1, attempt=1) == "c7affcfb-dbd3-5ddb-a127-ce4927015a38"


def test_the_only_step_is_remembered_without_a_total() -> None:
    assert [step_words(1, 1), step_words(2, 3)] == ["step 1", "step 2 of 3"]
