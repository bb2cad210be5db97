"""Automations, written for themselves and as jobs with a schedule, on every version."""

from __future__ import annotations

from typing import Any

import yaml

from tests.support.project import Project, causes, changes
from tests.support.server import Server

SINCE = (0, 9, 0)


def found(project: Project, name: str) -> list[dict[str, Any]]:
    rows = project.api("GET", "/api/v1/automations/list")["items"]
    return [row for row in rows if row["name"] == name]


def write(project: Project, **sections: Any) -> None:
    project.write(yaml.safe_dump(sections))


def refused(project: Project, server: Server, name: str) -> bool:
    """Whether the version has no automations; then the plan must say so."""
    if server.version >= SINCE:
        return False
    ran = project.run("plan", ".")
    assert ran.code == 1
    assert f"automation/{name} needs Open WebUI 0.9.0" in ran.err
    return True


def test_a_scheduled_job_is_an_automation_and_does_not_run_by_itself(
    project: Project, server: Server, unique: str
) -> None:
    job = {"chat": {"model": "gpt-4.1", "prompt": "What is new?"}, "schedule": "0 3 * * *"}
    write(project, jobs={unique: job})
    if refused(project, server, unique):
        return
    document = project.apply()
    assert (changes(document), document["jobs"]) == ({f"automation/{unique}": "create"}, [])
    [row] = found(project, unique)
    assert row["data"]["rrule"].startswith("FREQ=DAILY")
    assert (row["data"]["prompt"], row["data"]["model_id"], row["is_active"]) == ("What is new?", "gpt-4.1", True)
    assert changes(project.plan()) == {}

    job["schedule"] = "30 4 * * *"
    write(project, jobs={unique: job})
    assert causes(project.plan("--only", f"jobs/{unique}")) == {f"automation/{unique} schedule": "manifest"}
    project.apply()
    [row] = found(project, unique)
    assert "BYHOUR=4" in row["data"]["rrule"]

    write(project, jobs={})
    assert changes(project.apply()) == {f"automation/{unique}": "delete"}
    assert found(project, unique) == []


def test_drift_is_put_right_and_what_is_not_managed_stays(project: Project, server: Server, unique: str) -> None:
    entry = {"prompt": "hi", "model": "gpt-4.1", "schedule": "FREQ=DAILY;BYHOUR=3;BYMINUTE=0"}
    write(project, automations={unique: entry})
    if refused(project, server, unique):
        return
    project.apply()
    [row] = found(project, unique)
    body = {"name": unique, "data": {**row["data"], "prompt": "other"}, "meta": {"theirs": 1}, "is_active": False}
    project.api("POST", f"/api/v1/automations/{row['id']}/update", body)
    assert causes(project.plan()) == {f"automation/{unique} prompt": "drift"}
    project.apply()
    [row] = found(project, unique)
    assert (row["data"]["prompt"], row["meta"], row["is_active"]) == ("hi", {"theirs": 1}, False)
    write(project, automations={f"{unique}-b": entry}, moved=[{"automations": {"from": unique, "to": f"{unique}-b"}}])
    assert changes(project.apply()) == {f"automation/{unique}-b": "move"}
    assert found(project, f"{unique}-b")[0]["id"] == row["id"]
    assert changes(project.plan()) == {}
