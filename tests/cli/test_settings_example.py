"""The example of the settings is what its page says: valid, and planned on the newest server."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from tests.support.project import Project, changes

EXAMPLE = Path(__file__).parents[2] / "examples" / "settings"


def test_the_example_of_settings_can_be_planned(project: Project, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "example")
    secrets = {"OPENAI_KEY": "a", "CLOCK_KEY": "b", "AUDIT_HOOK": "https://hooks.example.com/x"}
    example = replace(project, folder=tmp_path / "example", environment=secrets, stack="settings")
    ran = example.run("plan", ".", "--take-over", "--format", "json")
    assert ran.code == 0, ran.err
    assert set(changes(ran.document)) > {"setting/general", "setting/tool_servers.clock"}
