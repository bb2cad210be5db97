"""`requirements.lock` is what the package needs, with hashes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

TOP = Path(__file__).parents[1]


def test_the_lock_has_every_dependency_in_an_allowed_version_with_hashes() -> None:
    text = (TOP / "requirements.lock").read_text()
    locked = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    needed = {re.split(r"[\[<>=;! ]", line)[0].lower().replace(".", "-") for line in project["dependencies"]}
    assert needed - set(locked) == set(), "run: make lock"
    pinned = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", (TOP / "constraints.txt").read_text(), re.MULTILINE))
    assert {name: version for name, version in locked.items() if pinned.get(name, version) != version} == {}
    assert text.count("==") == len(re.findall(r"^\S+==.*\\\n    --hash=sha256:", text, re.MULTILINE))
    assert "://" not in text, "it names no index"
