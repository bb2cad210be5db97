"""The action and the page about it say the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

TOP = Path(__file__).parents[2]
ACTION: Any = yaml.safe_load((TOP / "action.yml").read_text())
PAGE = (TOP / "docs/how-to/github.md").read_text()


@pytest.mark.parametrize("kind", ["input", "output"])
def test_every_input_and_output_is_documented(kind: str) -> None:
    table = PAGE.split(f"| {kind} |")[1].split("\n\n")[0]
    named = {name for line in table.splitlines()[2:] for name in re.findall(r"`([a-z-]+)`", line.split("|")[1])}
    assert named == set(ACTION[f"{kind}s"])


def test_no_input_is_put_into_a_script() -> None:
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert not [script for script in scripts if "${{" in script]


def test_each_output_is_one_of_the_step() -> None:
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.run.outputs.{name} }}}}"
