from __future__ import annotations

import subprocess
import sys

from syrupy.assertion import SnapshotAssertion

from owui_sync.apply import lock_owner


def test_this_process_lives() -> None:
    assert not lock_owner.is_dead(lock_owner.describe())


def test_a_process_that_ended_here_is_certainly_dead() -> None:
    code = "import json; from owui_sync.apply import lock_owner; print(json.dumps(lock_owner.describe()))"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    import json

    gone = json.loads(output)
    assert gone["space"]
    assert lock_owner.is_dead(gone)


def test_a_reused_process_number_is_not_taken_for_the_holder() -> None:
    assert lock_owner.is_dead({**lock_owner.describe(), "started": "1"})


def test_nothing_is_said_of_processes_elsewhere() -> None:
    for other in ({**lock_owner.describe(), "space": "another boot", "started": "1"}, {}, {"pid": 1, "space": None}):
        assert not lock_owner.is_dead(other)


def test_a_holder_has_a_name_for_people(golden: SnapshotAssertion) -> None:
    name = lock_owner.name({"user": "alice", "host": "ci-7", "pid": 12})
    assert all(fact in name for fact in ("alice", "ci-7", "12"))
    assert name == golden
