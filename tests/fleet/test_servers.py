"""A fleet of three real servers of different versions: waves, one broken on purpose, and what the servers say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.sandbox import Sandbox
from tests.support.job_chats import JobChats
from tests.support.project import Project, Ran, run_here

pytestmark = pytest.mark.slow

BASE = """\
version: 1
vars: {greeting: Hello}
groups:
  Fleet readers: {description: !sub "Readers of ${instance}"}
prompts:
  fleet-hello: {name: Hello, content: !sub "${greeting} {{name}}", access: {read: {groups: [Fleet readers]}}}
"""
JOBS = """\
version: 1
vars: {expected: it works on}
models:
  fleet-bot: {name: Fleet bot, base: gpt-4.1}
jobs:
  smoke:
    chat: {model: fleet-bot, prompt: !sub "say it works on ${instance}"}
    expect: {contains: [!var expected]}
  after: {needs: [smoke], chat: {model: gpt-4.1, prompt: !sub "say done on ${instance}"}}
"""
ONLY_NEWEST = "version: 1\nprompts:\n  fleet-extra: {name: Extra, content: More}\n"


class Servers:
    """Three servers, the folder of their fleet, and their REST API past our client."""

    def __init__(self, folder: Path, boxes: dict[str, Sandbox]) -> None:
        self.folder, self.boxes = folder, boxes
        self.env = {f"{name.upper()}_TOKEN": box.token for name, box in boxes.items()}

    def write(self, broken: str = "", layer: str = "base", words: str = "greeting: Hi") -> None:
        rings = {"newest": "canary", "newer": "early", "old": "rest"}
        lines = [
            "version: 1",
            f'defaults: {{layers: [{layer}], stack: fleet-{layer}, token_env: !sub "${{NAME}}_TOKEN"}}',
            "instances:",
        ]
        for name, box in self.boxes.items():
            url = "http://127.0.0.1:9" if name == broken else box.url
            own = ", layers: [base, newest]" if (name, layer) == ("newest", "base") else ""
            own += f", vars: {{{words}}}" if name == "newer" else ""
            lines.append(f'  {name}: {{url: "{url}", labels: {{ring: {rings[name]}}}{own}}}')
        lines += [
            "waves:",
            "  - {name: canary, select: {ring: canary}, bake: 0.2s}",
            "  - {name: early, select: {ring: early}, max_failures: 0}",
            "  - {name: rest}",
        ]
        (self.folder / "fleet.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, *words: str) -> Ran:
        ran = run_here(self.folder, {"PATH": "/usr/bin:/bin", **self.env}, "fleet", *words)
        assert "Traceback" not in ran.err, ran.err
        for token in self.env.values():
            assert token not in ran.out + ran.err
        return ran

    def document(self, *words: str, code: int = 0) -> dict[str, Any]:
        ran = self.run(*words, "--format", "json", "-q")
        assert ran.code == code, ran.err + ran.out
        return ran.document

    def prompts(self, name: str) -> dict[str, Any]:
        box = self.boxes[name]
        headers = {"Authorization": f"Bearer {box.token}"}
        response = httpx.get(f"{box.url}/api/v1/prompts/", headers=headers, verify=False, trust_env=False)
        return {row["command"].removeprefix("/"): row for row in response.json()}

    def api(self, name: str, method: str, path: str, body: Any = None) -> Any:
        box = self.boxes[name]
        headers = {"Authorization": f"Bearer {box.token}"}
        response = httpx.request(method, box.url + path, json=body, headers=headers, verify=False, trust_env=False)
        assert response.status_code == 200, response.text
        return response.json()


@pytest.fixture(scope="module")
def boxes(open_webui: Sandbox, open_webui_factory: OpenWebUIFactory) -> dict[str, Sandbox]:
    """Servers of three versions."""
    return {"newest": open_webui, "newer": open_webui_factory("0.11.4"), "old": open_webui_factory("0.8.12")}


@pytest.fixture
def servers(tmp_path: Path, boxes: dict[str, Sandbox]) -> Servers:
    """Three servers with nothing of the fleet on them."""
    for name, text in (("base", BASE), ("newest", ONLY_NEWEST), ("jobs", JOBS)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "all.yaml").write_text(text, encoding="utf-8")
    return Servers(tmp_path, boxes)


def test_waves_stop_at_a_broken_instance_and_resume_finishes(servers: Servers) -> None:
    servers.write(broken="newer")
    planned = servers.document("plan", "--detailed-exitcode", "--timeout", "2", code=3)
    assert planned["instances"]["newer"]["exit"] == 69
    assert {each["version"] for each in planned["instances"].values() if "version" in each} == {"0.12.4", "0.8.12"}
    report = servers.folder / "report.json"
    first = servers.document("apply", "--yes", "--timeout", "2", "--report", f"json={report}", code=3)
    statuses = {name: each["status"] for name, each in first["instances"].items()}
    assert statuses == {"newest": "changed", "newer": "unreachable", "old": "not_started"}
    assert first["instances"]["newest"]["baked"] is True
    assert "fleet-hello" not in servers.prompts("old")

    servers.write()
    second = servers.document("apply", "--yes", "--resume", str(report))
    assert {each["status"] for each in second["instances"].values()} == {"changed"}
    assert set(second["instances"]["newest"]) >= {"earlier"}
    assert {name: set(servers.prompts(name)) & {"fleet-hello", "fleet-extra"} for name in servers.boxes} == {
        "newest": {"fleet-hello", "fleet-extra"},
        "newer": {"fleet-hello"},
        "old": {"fleet-hello"},
    }
    assert servers.prompts("newer")["fleet-hello"]["content"] == "Hi {{name}}"
    assert servers.document("plan", "--detailed-exitcode")["totals"]["unchanged"] == 3

    status = servers.document("status")
    assert {name: each["last"]["objects"] for name, each in status["instances"].items()} == {
        "newest": 3,
        "newer": 2,
        "old": 2,
    }
    assert all(each["last"]["at"] and each["last"]["locked_by"] is None for each in status["instances"].values())
    assert servers.document("drift")["totals"]["changed"] == 0
    row = servers.prompts("newer")["fleet-hello"]
    servers.api("newer", "POST", f"/api/v1/prompts/id/{row['id']}/update", {**row, "content": "Changed by hand"})
    drifted = servers.document("drift", code=2)
    (group,) = drifted["groups"]
    assert group["instances"] == ["newer"]
    assert group["changes"][0]["fields"][0]["cause"] == "drift"


def test_each_job_of_a_fleet_runs_once_though_one_fails_and_the_run_is_resumed(servers: Servers) -> None:
    def asked(words: str) -> dict[str, int]:
        chats = {name: JobChats(Project(servers.folder, box, "fleet-jobs")) for name, box in servers.boxes.items()}
        return {name: each.asked(f"say {words} on {name}") for name, each in chats.items()}

    # The canary bakes: its jobs are green, so that it is planned again and goes on. In the next wave one is broken.
    servers.write(layer="jobs", words='expected: "something else"')
    report = servers.folder / "report.json"
    first = servers.document("apply", "--yes", "--report", f"json={report}", code=3)
    assert {name: (each["status"], each["exit"]) for name, each in first["instances"].items()} == {
        "newest": ("changed", 0),
        "newer": ("failed", 6),
        "old": ("not_started", None),
    }, first["instances"]
    assert "something else" in first["instances"]["newer"]["error"]["message"]
    assert asked("it works") == {"newest": 1, "newer": 1, "old": 0}
    assert asked("done") == {"newest": 1, "newer": 0, "old": 0}

    servers.write(layer="jobs")
    second = servers.document("apply", "--yes", "--resume", str(report))
    assert {each["exit"] for each in second["instances"].values()} == {0}
    done = {"newest": 1, "newer": 1, "old": 1}
    assert asked("done") == done
    assert asked("it works") == done
    assert servers.document("apply", "--yes")["totals"]["unchanged"] == 3
    assert (asked("done"), asked("it works")) == (done, done)


def test_a_secret_that_is_not_set_fails_its_instance_and_no_other(servers: Servers) -> None:
    servers.write()
    del servers.env["NEWER_TOKEN"]
    ran = servers.run("plan", "--format", "json", "-q")
    assert ran.code == 3
    found = json.loads(ran.out)
    assert found["instances"]["newer"]["error"]["message"] == "the secret `NEWER_TOKEN` is not set"
    assert [name for name, each in found["instances"].items() if each["status"] == "failed"] == ["newer"]


def test_validate_names_the_instance_of_each_problem(servers: Servers) -> None:
    servers.write()
    (servers.folder / "newest" / "all.yaml").write_text("version: 1\nprompts: {x: {contnet: a}}\n", encoding="utf-8")
    ran = servers.run("validate")
    assert ran.code == 1
    assert "newest: unknown key `contnet`" in ran.err
    assert "old:" not in ran.err
