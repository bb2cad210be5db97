from __future__ import annotations

from uuid import UUID

from owui_sync.client.runs.run import RunIds


def test_ids_of_messages_are_those_of_the_versions_before_so_that_their_runs_go_on() -> None:
    ids = RunIds(UUID("11111111-2222-4333-8444-555555555555"))
    assert ids.question("question 1") == "1210a78c-564b-5589-bb87-cf66410011ed"
    assert ids.answer("question 1", number=0, attempt=1) == "bcbda2a5-c70e-5ddd-b061-b336800d3d58"
