"""Nothing names where the project is published until it is."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from owui_sync import __version__, published

TOP = Path(__file__).parents[1]

_BY_NAME = re.compile(r"(pip|pipx|uv tool) install (-\S+ )*['\"]?owui-sync\b|uvx owui-sync")


def test_nothing_installs_the_package_by_its_name() -> None:
    names = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True).stdout.split()
    paths = [TOP / name for name in names if TOP / name != Path(__file__)]
    texts = {path: path.read_bytes().decode(errors="replace") for path in paths if path.is_file()}
    assert published.HOME or {path: hit[0] for path, text in texts.items() if (hit := _BY_NAME.search(text))} == {}


def test_a_schema_has_an_address_once_the_project_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    assert published.schema_id("plan") == "urn:owui-sync:schema:plan:1"
    monkeypatch.setattr(published, "HOME", "https://git.example.com/tools/owui-sync")
    assert published.schema_id("plan") == "https://git.example.com/tools/owui-sync/schemas/1/plan.schema.json"


def test_the_chart_has_the_version_of_the_package() -> None:
    chart = (TOP / "deploy/helm/owui-sync/Chart.yaml").read_text()
    assert re.findall(r'(?m)^(?:version|appVersion): "?([\d.]+)', chart) == [__version__, __version__]


@pytest.mark.parametrize("name", ["release", "docs", "reusable"])
def test_a_workflow_runs_nothing_that_can_change_under_its_name(name: str) -> None:
    text = (TOP / f".github/workflows/{name}.yml").read_text()
    used = [line for line in text.splitlines() if "uses:" in line and "uses: ./" not in line]
    assert used
    assert all(re.search(r"@[0-9a-f]{40} # v\d", line) for line in used)


@pytest.mark.parametrize(("name", "variable"), [("release", "TRUSTED_PUBLISHING"), ("docs", "PUBLISH_DOCS")])
def test_nothing_is_published_before_somebody_has_said_where(name: str, variable: str) -> None:
    jobs = yaml.safe_load((TOP / f".github/workflows/{name}.yml").read_text())["jobs"]
    gates = {job for job, content in jobs.items() if content.get("if") == f"vars.{variable} == 'true'"}
    writing = {job for job, content in jobs.items() if "write" in content["permissions"].values()}
    assert gates
    assert all(job in gates or jobs[job]["needs"] in gates for job in writing)
    assert "build" not in gates | writing
