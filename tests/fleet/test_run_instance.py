"""The unit of work: what it shares with others, what it never gives away, and what it refuses."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from owui_sync.errors import ManifestError
from owui_sync.fleet.bundle import Moved, pack, unpacked
from owui_sync.fleet.executors import ThisProcess
from owui_sync.fleet.load import load_fleet
from owui_sync.fleet.manifests import forget, manifests_of, read_manifests
from owui_sync.fleet.outputs import OutputFiles
from owui_sync.fleet.prepare import Fingerprints, spec_of
from owui_sync.fleet.report import FleetReport
from owui_sync.fleet.run_fleet import FleetRun, Listener
from owui_sync.fleet.secrets import with_secrets
from owui_sync.fleet.unit import Command, InstanceReport, InstanceSpec, Settings, Status
from owui_sync.fleet.wave import Wave
from owui_sync.values import Json

PROMPTS = """\
version: 1
vars: {word: Hello}
prompts:
  a: {name: A, content: !file ../texts/a.md}
  b: {name: B, content: !sub "${word}"}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fleet of three instances, one of which says another word."""
    forget()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEY", "hidden-value")
    monkeypatch.setenv("TOKEN", "sk-hidden-token")
    for name, text in (("base/a.yaml", PROMPTS), ("texts/a.md", "Text A")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "fleet.yaml").write_text(
        """\
version: 1
defaults: {layers: [base], token_env: TOKEN, url: !sub "https://${name}.test"}
instances: {one: {}, two: {}, three: {vars: {word: Bye}}}
""",
        encoding="utf-8",
    )
    return tmp_path


def specs(folder: Path, command: Command = Command.PLAN) -> list[InstanceSpec]:
    fleet = load_fleet(folder / "fleet.yaml")
    return [spec_of(each, command, Settings(), Fingerprints()) for each in fleet.instances]


def test_instances_that_ask_for_the_same_share_their_manifests(folder: Path) -> None:
    one, two, three = map(manifests_of, specs(folder))
    assert one is two
    assert three.entries["prompt/b"].values["content"] == "Bye"
    assert one.entries["prompt/b"].values["content"] == "Hello"


def test_manifests_with_a_secret_are_never_shared(folder: Path) -> None:
    (folder / "base" / "b.yaml").write_text(
        "version: 1\nusers: {a@example.com: {name: A, role: user, password: !secret KEY}}\n", encoding="utf-8"
    )
    one, two, _ = map(manifests_of, specs(folder))
    assert one is not two


def test_a_unit_of_work_travels_without_secrets_and_is_the_same_elsewhere(folder: Path) -> None:
    (spec, *_) = specs(folder)
    data = pickle.dumps(spec)
    assert b"hidden" not in data
    assert pickle.loads(data) == spec
    sent = with_secrets(spec)
    assert sent.secrets == {"TOKEN": "sk-hidden-token"}
    assert "hidden" not in repr(sent)


def test_files_travel_once_and_are_read_where_they_arrive(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    all_specs = specs(folder)
    bundle = pickle.loads(pickle.dumps(pack(all_specs)))
    assert sorted(bundle.files) == ["base/a.yaml", "texts/a.md"]
    moved = Moved(bundle, unpacked(bundle, tmp_path_factory.mktemp("worker")))
    there = moved.spec(all_specs[0])
    (folder / "texts" / "a.md").write_text("changed here", encoding="utf-8")
    assert read_manifests(there, lambda name: name).entries["prompt/a"].values["content"] == "Text A"
    problem: Json = {"message": f"wrong at {moved.folder}/base/a.yaml:1:1", "where": None, "hint": None}
    report = moved.report(InstanceReport("one", Status.FAILED, problems=(problem,)))
    assert report.problems[0]["message"] == "wrong at base/a.yaml:1:1"


def test_a_job_that_writes_a_file_is_refused_where_nobody_would_find_it(folder: Path) -> None:
    job = "version: 1\njobs: {ask: {chat: {model: m, prompt: hi}, output: {file: out.md}}}\n"
    (folder / "base" / "b.yaml").write_text(job, encoding="utf-8")
    with pytest.raises(ManifestError, match="would stay on a worker"):
        pack(specs(folder, Command.APPLY))
    pack(specs(folder))


def test_two_instances_do_not_write_the_same_file(folder: Path) -> None:
    job = "version: 1\njobs: {ask: {chat: {model: m, prompt: hi}, output: {file: out.md}}}\n"
    (folder / "base" / "b.yaml").write_text(job, encoding="utf-8")
    one, two, _ = specs(folder)
    outputs = OutputFiles()
    outputs.claim("one", manifests_of(one))
    outputs.claim("one", manifests_of(one))
    with pytest.raises(ManifestError, match="as does that of the instance one"):
        outputs.claim("two", manifests_of(two))


class Changing(ThisProcess):
    """A place where one instance is changed by somebody right after it was applied."""

    async def run(self, spec: InstanceSpec) -> InstanceReport:
        planned = spec.command is Command.PLAN and spec.name == "two"
        change: Json = {"action": "update", "kind": "prompt", "key": "a", "fields": [{}]}
        always: Json = {"action": "run", "kind": "job", "key": "j", "reason": "always", "fields": []}
        return InstanceReport(spec.name, Status.CHANGED, changes=(always, *([change] if planned else [])))


def test_an_instance_that_does_not_hold_stops_the_next_wave(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("owui_sync.fleet.run_fleet.place_for", lambda *_: Changing(lambda: False))
    report = FleetReport(Command.APPLY)
    waves: Sequence[tuple[Wave, list[str]]] = [(Wave("canary", bake=0.01), ["one", "two"]), (Wave("rest"), ["three"])]
    by_name = {each.name: replace(each, command=Command.APPLY) for each in specs(folder)}
    asyncio.run(FleetRun(by_name, waves, report, Listener(lambda _: None, lambda *_: None)).run())
    found = report.document()["instances"]
    assert (found["one"]["status"], found["one"]["baked"]) == ("changed", True)
    assert (found["two"]["status"], found["two"]["baked"]) == ("failed", False)
    assert "prompt/a is not as it was left" in found["two"]["error"]["message"]
    assert found["three"]["status"] == "not_started"
