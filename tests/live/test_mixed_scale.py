"""Five hundred objects of mixed kinds: what a plan without changes costs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import yaml

from owui_sync.pytest_plugin import OpenWebUIFactory
from tests.support.project import Project, changes
from tests.support.proxy import proxied


def mixed(mark: str) -> str:
    """500 entries; every fourth one is shared with a group."""
    access = {"read": {"groups": [f"g0-{mark}"]}}
    document = {
        "groups": {f"g{n}-{mark}": {"description": f"Group {n}"} for n in range(60)},
        "knowledge": {f"k{n}-{mark}": {"description": f"Base {n}", "access": access} for n in range(40)},
        "models": {f"m{n}-{mark}": {"base": "gpt-4.1", "system": f"Be {n}."} for n in range(100)},
        "prompts": {f"p{n}-{mark}": {"content": f"Text {n}", "access": access} for n in range(140)},
        "notes": {f"n{n}-{mark}": {"content": f"# Note {n}\n" + "text " * 300} for n in range(80)},
        "folders": {f"f{n}-{mark}": {"system": f"Be {n}."} for n in range(80)},
    }
    return yaml.safe_dump(document, sort_keys=False)


def test_a_plan_without_changes_needs_few_requests(open_webui_factory: OpenWebUIFactory, tmp_path: Path) -> None:
    project = Project(tmp_path, open_webui_factory(), "mixed")
    project.write(mixed(project.stack[-8:]))
    assert project.apply()["summary"]["create"] == 500
    with proxied(project.sandbox) as (sandbox, proxy):
        plan = replace(project, sandbox=sandbox).plan()
        assert changes(plan) == {}
        assert plan["summary"]["unchanged"] == 500
        assert len(proxy.seen) == plan["requests"] <= 25
        assert proxy.writes == []
