"""Many instances: equal plans once, each change once, and every instance named whatever goes wrong."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from owui_sync.fleet.load import load_fleet
from owui_sync.fleet.prepare import Fingerprints, spec_of
from owui_sync.fleet.report_schema import report_schema
from owui_sync.fleet.run_instance import run_instance
from owui_sync.fleet.schema import published_schema
from owui_sync.fleet.unit import Command, Settings, Status
from tests.fleet.conftest import Start
from tests.support.many_fleet import ManyFleet
from tests.support.project import Ran

ROOT = Path(__file__).parents[2]
NAMES = [f"school-{number:02}" for number in range(14)]


def document(ran: Ran, code: int = 0) -> dict[str, Any]:
    assert ran.code == code, ran.err + ran.out
    assert "Traceback" not in ran.err, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def run(fleet: ManyFleet, *words: str, code: int = 0) -> dict[str, Any]:
    return document(fleet.run("fleet", *words, "--format", "json", "-q"), code)


def test_reports_are_as_their_schema_says(many: Start) -> None:
    fleet = many(silent=NAMES[3], locked=NAMES[5])
    fleet.write(NAMES[:8], "after", own={NAMES[7]: "few"})
    words = ("--timeout", "1", "--lock-timeout", "0")
    applied = run(fleet, "apply", "--yes", "--max-failures", "1", *words, code=3)
    check = Draft202012Validator(report_schema())
    check.validate(applied)
    check.validate(run(fleet, "status", "--timeout", "1", code=3))
    Draft202012Validator.check_schema(published_schema())
    assert json.loads((ROOT / "schemas" / "fleet.schema.json").read_text(encoding="utf-8")) == published_schema()


def status_of(found: dict[str, Any]) -> dict[str, str]:
    return {name: each["status"] for name, each in found["instances"].items()}


def test_a_plan_without_changes_has_no_group_and_writes_nothing(many: Start) -> None:
    fleet = many()
    fleet.write(NAMES, "before")
    found = run(fleet, "plan", "--detailed-exitcode")
    assert found["totals"]["unchanged"] == len(NAMES)
    assert found["groups"] == []
    assert [seen[1:] for seen in fleet.seen().values()] == [[]] * len(NAMES)


def test_equal_plans_are_one_group_and_each_change_is_made_once(many: Start) -> None:
    fleet = many()
    fleet.write(NAMES, "after")
    planned = run(fleet, "plan", "--detailed-exitcode", code=2)
    (group,) = planned["groups"]
    assert group["instances"] == NAMES
    assert [f"{change['kind']}/{change['key']}" for change in group["changes"]] == [
        "group/Pupils",
        "model/tutor-2",
        "prompt/course-3",
    ]
    applied = run(fleet, "apply", "--yes")
    assert applied["totals"]["changed"] == len(NAMES)
    assert applied["groups"][0]["review_digest"] == group["review_digest"]
    for _, *writes in fleet.seen().values():
        assert len(writes) == len(set(writes)) == 3
    assert run(fleet, "plan")["totals"]["unchanged"] == len(NAMES)


def test_what_goes_wrong_is_named_and_the_rest_is_done_once(many: Start) -> None:
    fleet = many(silent=NAMES[3], locked=NAMES[5])
    fleet.write(NAMES, "after", own={NAMES[7]: "few"})
    report = fleet.folder / "report.json"
    words = ("--yes", "--timeout", "2", "--lock-timeout", "0", "--report", f"json={report}")
    found = run(fleet, "apply", "--max-failures", "30%", *words, code=3)
    wrong = {name: each for name, each in found["instances"].items() if each["status"] != "changed"}
    assert {name: each["exit"] for name, each in wrong.items()} == {NAMES[3]: 69, NAMES[5]: 75, NAMES[7]: 5}
    assert "somebody on elsewhere" in wrong[NAMES[5]]["error"]["message"]
    assert "deletes 17 of the 18 objects" in wrong[NAMES[7]]["error"]["message"]
    assert wrong[NAMES[7]]["summary"]["delete"] == 17
    assert found["totals"]["instances"] == len(NAMES)
    assert json.loads(report.read_text())["instances"] == found["instances"]
    for name, (_, *writes) in fleet.seen().items():
        assert len(writes) == len(set(writes)) == (0 if name in wrong else 3)


def test_the_next_wave_waits_for_one_that_failed_and_resume_does_the_rest(many: Start) -> None:
    fleet = many()
    waves = """
waves:
  - {name: canary, select: {ring: [r0, r1]}, max_failures: 1}
  - {name: rest, parallel: 8, batches: [2, 100%]}
"""
    broken = {NAMES[0]: "few", NAMES[1]: "few"}
    fleet.write(NAMES, "after", waves, own=broken)
    report = fleet.folder / "report.json"
    first = run(fleet, "apply", "--yes", "--report", f"json={report}", code=3)
    assert {name for name, status in status_of(first).items() if status == "failed"} == set(broken)
    assert first["totals"]["not_started"] == 10
    assert [wave["started"] for wave in first["waves"]] == [4, 0]
    fleet.write(NAMES, "after", waves)
    second = run(fleet, "apply", "--yes", "--resume", str(report), "--report", f"json={report}")
    assert second["totals"]["changed"] == len(NAMES)
    assert sum(each.get("earlier", False) for each in second["instances"].values()) == 2
    assert {wave["name"]: wave["size"] for wave in second["waves"]} == {"canary": 2, "rest": 10}
    for _, *writes in fleet.seen().values():
        assert len(writes) == len(set(writes)) == 3
    third = run(fleet, "apply", "--yes", "--resume", str(report))
    assert third["totals"]["changed"] == len(NAMES)
    assert third["waves"] == []


@pytest.mark.slow
def test_an_instance_whose_process_was_killed_is_started_again(many: Start) -> None:
    fleet = many(latency=0.2)
    names = NAMES[:6]
    fleet.write(names, "after")
    process = fleet.start("fleet", "apply", "--yes", "--format", "json", "--executor", "processes:2")
    deadline = time.monotonic() + 60
    while sum(len(seen) > 1 for seen in fleet.seen().values()) < 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(_workers(process.pid)[0], signal.SIGKILL)
    out, err = process.communicate(timeout=200)
    assert process.returncode == 0, err
    found = json.loads(out)
    assert found["totals"]["changed"] + found["totals"]["unchanged"] == len(names)
    assert [each["runs"] for each in found["instances"].values() if each.get("runs", 1) > 1] == [2]
    for _, *writes in fleet.seen().values():
        assert len(writes) == len(set(writes)) == 3


@pytest.mark.slow
def test_a_run_that_was_killed_leaves_no_process_and_finishes_what_was_in_flight(many: Start) -> None:
    fleet = many(latency=0.2)
    fleet.write(NAMES, "after")
    process = fleet.start("fleet", "apply", "--yes", "--executor", "processes:2")
    deadline = time.monotonic() + 120
    while sum(len(seen) > 1 for seen in fleet.seen().values()) < 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    workers = _workers(process.pid)
    assert len(workers) == 2
    process.kill()
    process.communicate()
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert any(len(seen) == 1 for seen in fleet.seen().values()) or len(fleet.seen()) < len(NAMES)
    again = run(fleet, "apply", "--yes")
    assert again["totals"]["changed"] + again["totals"]["unchanged"] == len(NAMES)
    for _, *writes in fleet.seen().values():
        assert len(writes) == len(set(writes)) == 3


def _workers(pid: int) -> list[int]:
    """Return the processes that work for another one; the tracker of shared memory is not one of them."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.mark.slow
def test_ctrl_c_finishes_what_is_in_flight_and_reports_the_rest(many: Start) -> None:
    fleet = many(latency=0.2)
    fleet.write(NAMES, "after")
    report = fleet.folder / "report.json"
    words = ("--instances-at-once", "2", "--report", f"json={report}")
    process = fleet.start("fleet", "apply", "--yes", *words)
    deadline = time.monotonic() + 60
    while sum(len(seen) > 1 for seen in fleet.seen().values()) < 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    found = json.loads(report.read_text(encoding="utf-8"))
    assert found["interrupted"]
    assert found["totals"]["instances"] == len(NAMES)
    assert found["totals"]["not_started"] >= 8
    again = run(fleet, "apply", "--yes", "--resume", str(report))
    assert again["totals"]["changed"] + again["totals"]["unchanged"] == len(NAMES)
    for _, *writes in fleet.seen().values():
        assert len(writes) == len(set(writes)) == 3


@pytest.mark.slow
def test_shards_are_the_whole_fleet_once_and_merge_to_its_report(many: Start) -> None:
    fleet = many()
    fleet.write(NAMES, "after")
    files = []
    for number in (1, 2, 3):
        files.append(str(fleet.folder / f"shard-{number}.json"))
        run(fleet, "plan", "--shard", f"{number}/3", "--report", f"json={files[-1]}")
    merged = run(fleet, "merge", *files)
    whole = run(fleet, "plan")
    assert status_of(merged) == status_of(whole)
    assert merged["groups"] == whole["groups"]


def test_saved_plans_are_applied_as_they_were_shown(many: Start) -> None:
    fleet = many()
    names = NAMES[:4]
    fleet.write(names, "after")
    run(fleet, "plan", "--plans", "plans")
    assert sorted(path.name for path in (fleet.folder / "plans").iterdir()) == [f"{name}.json" for name in names]
    found = run(fleet, "apply", "--yes", "--plans", "plans")
    assert found["totals"]["changed"] == len(names)
    (fleet.folder / "plans" / f"{names[0]}.json").write_text("[]", encoding="utf-8")
    assert run(fleet, "apply", "--yes", "--plans", "plans", "--instance", names[0], code=3)["instances"][names[0]][
        "error"
    ]["message"].startswith("this is not a saved plan")
    (fleet.folder / "after" / "all.yaml").write_text("version: 1\nstack: many\n", encoding="utf-8")
    stale = run(fleet, "apply", "--yes", "--plans", "plans", "--exclude-instance", names[0], code=3)
    assert {each["exit"] for each in stale["instances"].values() if each["status"] == "failed"} == {4}


def test_a_bake_that_finds_a_change_stops_the_next_wave(many: Start) -> None:
    fleet = many()
    waves = "waves: [{name: canary, select: {ring: r0}, bake: 0.5s}, {name: rest}]"
    fleet.write(NAMES[:4], "after", waves)
    found = run(fleet, "apply", "--yes")
    assert [each.get("baked") for each in found["instances"].values()] == [True, None, None, None]


@pytest.mark.parametrize("format", ["text", "markdown"])
def test_a_report_for_people_names_groups_and_failures(many: Start, format: str) -> None:
    fleet = many(silent=NAMES[1])
    fleet.write(NAMES[:5], "after", own={NAMES[2]: "few"})
    ran = fleet.run("fleet", "plan", "--timeout", "1", "--format", format)
    assert ran.code == 3
    assert "3 instances: the same 3 changes" in ran.out
    assert "params.temperature" in ran.out
    for words in (NAMES[1], NAMES[2], "unreachable", "--max-delete"):
        assert words in ran.out or (format == "markdown" and words == "--max-delete")


def test_only_the_plan_that_was_shown_is_applied(many: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    fleet = many()
    monkeypatch.setenv("FLEET_TOKEN", fleet.env["FLEET_TOKEN"])
    (instance,) = load_fleet(fleet.write(NAMES[:1], "after")).instances
    spec = spec_of(instance, Command.PLAN, Settings(), Fingerprints())
    shown = asyncio.run(run_instance(spec))
    applying = replace(spec, command=Command.APPLY)
    other = asyncio.run(run_instance(replace(applying, expected="")))
    assert (other.status, other.exit) == (Status.FAILED, 4)
    assert fleet.seen()[NAMES[0]][1:] == []
    assert asyncio.run(run_instance(replace(applying, expected=shown.review_digest))).status is Status.CHANGED
