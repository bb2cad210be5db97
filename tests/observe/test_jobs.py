from __future__ import annotations

from dataclasses import replace

from owui_sync.observe.jobs import note_runs, with_first_inventory
from owui_sync.plan.inventory import Inventory
from owui_sync.plan.types import JobRecord, JobState
from tests.support.build import snapshot

DONE = JobRecord(JobState.DONE, "c1")
NEW = replace(snapshot(), inventory=Inventory("s"))
"""The server without an inventory."""


def test_the_first_inventory_says_what_the_chats_say() -> None:
    noted = note_runs(NEW, ["a", "b"], {"a": DONE})
    assert noted.inventory.jobs == {"a": DONE}


def test_the_first_inventory_of_a_run_without_jobs_lets_the_next_one_look_for_them() -> None:
    noted = note_runs(NEW, ["a"], None)
    assert noted.inventory.jobs == {"a": JobRecord(JobState.RUNNING)}


def test_an_inventory_that_is_there_stays_as_it_is() -> None:
    there = replace(snapshot(), inventory=Inventory("s", serial=1))
    assert note_runs(there, ["a"], None) is there
    assert with_first_inventory(there, Inventory("s")) is there


def test_the_first_inventory_is_the_same_when_the_server_is_read_again() -> None:
    planned = Inventory("s", jobs={"a": DONE})
    again = with_first_inventory(replace(snapshot(), inventory=Inventory("s", files=("damaged",))), planned)
    assert again.inventory == replace(planned, files=("damaged",))
