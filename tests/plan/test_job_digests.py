"""The digests that inventories and chats keep of jobs: if they change, every job of every stack runs again."""

from __future__ import annotations

from pathlib import Path

from syrupy.assertion import SnapshotAssertion

from owui_sync.manifest.load import load
from owui_sync.plan.job_inputs import parts_of, then_of
from tests.support.build import SALT

EXAMPLE = Path(__file__).parents[2] / "examples" / "jobs"


def test_digests_of_jobs_stay_as_they_are(golden: SnapshotAssertion) -> None:
    desired = load([EXAMPLE], root=EXAMPLE)
    digests = {
        name: (parts_of(one, desired.jobs, desired.entries, SALT), then_of(one)) for name, one in desired.jobs.items()
    }
    assert digests == golden
