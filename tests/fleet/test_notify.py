"""`notify` of a fleet: one message for a run, with a receiver on loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

from owui_sync.errors import ManifestError
from owui_sync.fleet.load import load_fleet
from owui_sync.notify.fleet_message import FleetEnd, fleet_events, fleet_message
from owui_sync.notify.message import BODIES, MOST
from tests.fleet.conftest import Start
from tests.support.many_fleet import ManyFleet
from tests.support.project import Ran, run_here
from tests.support.receiver import ReceiverServer

NAMES = ["north", "south", "west"]
NOTIFY = "notify: [{url: !secret HOOK}]\n"
WAVES = "waves: [{name: first, select: {ring: r0}}, {name: rest, parallel: 1}]\n"


@pytest.fixture
def fleet(many: Start) -> ManyFleet:
    """Three instances with something to change; `south` is locked."""
    fleet = many(locked="south")
    fleet.write(NAMES, "after", NOTIFY + WAVES)
    return fleet


def run(fleet: ManyFleet, receiver: ReceiverServer, *words: str, code: int) -> Any:
    """Run a command; return the message, or None without one."""
    receiver.bodies.clear()
    ran: Ran = run_here(fleet.folder, {**fleet.env, "HOOK": receiver.url}, "fleet", *words)
    assert ran.code == code, ran.err
    assert "h00k-secret" not in ran.out + ran.err
    assert len(receiver.bodies) <= 1
    assert fleet.env["FLEET_TOKEN"] not in str(receiver.bodies)
    return receiver.bodies[0] if receiver.bodies else None


def test_a_run_sends_one_message_with_counts_and_the_instances_that_failed(
    fleet: ManyFleet, receiver: ReceiverServer
) -> None:
    assert run(fleet, receiver, "plan", code=0) is None, "there is no drift, and nothing was changed"
    told = run(fleet, receiver, "apply", "--yes", "--lock-timeout", "0", code=3)
    assert (told["command"], told["events"], told["reason"]) == ("fleet apply", ["failed", "applied"], "partial")
    assert told["failed"] == [{"instance": "south", "status": "failed", "reason": "locked"}]
    assert (told["totals"]["instances"], told["totals"]["changed"], told["totals"]["failed"]) == (3, 1, 1)
    assert told["totals"]["not_started"] == 1
    assert [wave["name"] for wave in told["waves"]] == ["first", "rest"]
    title, totals, stopped = told["text"].split("\n")
    assert title == "owui-sync fleet apply failed (partial) and made changes: fleet.yaml"
    assert totals.startswith("3 instances: 1 changed, 1 failed, 1 not started.")
    assert stopped == "Stopped in wave rest: 1 of 2 started, 1 failed."


def test_a_run_that_ends_before_it_has_a_report_is_told_too_and_a_no_is_not(
    fleet: ManyFleet, receiver: ReceiverServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = run(fleet, receiver, "apply", "--yes", "--resume", "nowhere.json", code=1)
    assert (told["events"], told["totals"], told["failed"]) == (["failed"], None, [])
    assert told["text"] == "owui-sync fleet apply failed (error): fleet.yaml"

    def no(question: str) -> None:
        raise click.Abort

    monkeypatch.setattr("owui_sync.cli.fleet.asking", lambda yes: no)
    assert run(fleet, receiver, "apply", code=130) is None


def test_a_receiver_that_is_down_is_a_warning(fleet: ManyFleet, receiver: ReceiverServer) -> None:
    receiver.statuses = [404]
    words = ("fleet", "apply", "--yes", "--instance", "north")
    ran = run_here(fleet.folder, {**fleet.env, "HOOK": receiver.url}, *words)
    assert ran.code == 0, ran.err
    assert "fleet.yaml:10:10: the receiver was not told: it answered 404" in ran.err


def ended(exit_code: int, command: str = "apply", /, **instances: Any) -> FleetEnd:
    """A run with these instances, whose group has one change that drifted."""
    common = {"status": "unchanged", "exit": 0}
    rows = {name: {**common, **each} for name, each in instances.items()}
    drift = {"action": "update", "fields": [{"path": "content", "cause": "drift", "before": "a", "after": "b"}]}
    members = [name for name, each in rows.items() if each.get("drifts")]
    document = {
        "shard": "1/4",
        "totals": {"instances": len(rows)},
        "waves": [],
        "groups": [{"instances": members, "changes": [drift]}],
        "instances": rows,
    }
    return FleetEnd(command, "fleet.yaml", exit_code, document, "All is well.", ended_at=0.0)


@pytest.mark.parametrize(
    ("end", "events"),
    [
        (ended(0, a={}), ()),
        (ended(0, a={"status": "changed"}), ("applied",)),
        (ended(0, "plan", a={"status": "changed"}), ()),
        (ended(2, "plan", a={"status": "changed", "drifts": True}), ("drift",)),
        (ended(2, "drift", a={"status": "changed", "drifts": True}), ("drift",)),
        (ended(0, a={"status": "changed", "drifts": True}), ("drift", "applied")),
        (ended(0, a={"status": "changed", "drifts": True, "earlier": True}), ()),
        (ended(3, a={"status": "failed", "exit": 3}), ("failed", "applied")),
        (ended(3, a={"status": "failed", "exit": 5}), ("failed",)),
        (ended(130, a={"status": "changed"}), ("failed", "applied")),
        (FleetEnd("apply", "fleet.yaml", 130), ()),
        (FleetEnd("apply", "fleet.yaml", 64), ("failed",)),
    ],
)
def test_a_run_failed_found_drift_or_applied_something(end: FleetEnd, events: tuple[str, ...]) -> None:
    assert fleet_events(end) == events


def test_of_many_instances_that_failed_some_are_named_and_the_others_counted() -> None:
    many = {f"school-{number}": {"status": "unreachable", "exit": 69} for number in range(MOST + 3)}
    message = fleet_message(ended(3, **many), {"CI_JOB_URL": "https://git.example.com/1"})
    assert (len(message["failed"]), message["more"], message["shard"]) == (MOST, 3, "1/4")
    slack = BODIES["slack"](message)["text"]
    assert "• `school-0 unreachable (connection)`" in slack
    assert "and 3 more" in slack
    card = BODIES["teams"](message)["attachments"][0]["content"]
    assert card["body"][1]["inlines"][0]["text"] == f"{MOST + 3} instances: All is well."
    assert card["actions"][0]["url"] == "https://git.example.com/1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("notify: [{url: 'https://hooks.example.com/x'}]", "is written out"),
        ("notify: [{url: !secret X, format: email}]", "`email`"),
        ("notify: !var x", "`notify` must be written out"),
        ("waves: !var x", "`waves` must be written out"),
        ("defaults: {notify: []}", "`notify`"),
    ],
)
def test_a_mistake_is_found_when_the_fleet_is_read(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "fleet.yaml").write_text(f"version: 1\n{text}\n")
    with pytest.raises(ManifestError) as caught:
        load_fleet(tmp_path / "fleet.yaml")
    assert words in str(caught.value)
    assert "hooks.example.com" not in str(caught.value)
