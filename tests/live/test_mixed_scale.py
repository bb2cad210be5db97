"""Five hundred objects of all kinds: what a plan without changes costs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from owui_sync.pytest_plugin import OpenWebUIFactory
from tests.support.project import Project, changes
from tests.support.proxy import proxied

TOOL = """from pydantic import BaseModel


class Tools:
    class Valves(BaseModel):
        limit: int = 1
"""
FILTER = TOOL.replace("Tools", "Filter").replace("limit", "a")


def mixed(mark: str) -> str:
    """More than 500 entries of every kind; many are shared with a group."""
    access = {"read": {"groups": [f"g0-{mark}"]}}
    document: dict[str, dict[str, Any]] = {
        "groups": {f"g{n}-{mark}": {"description": f"Group {n}"} for n in range(60)},
        "knowledge": {f"k{n}-{mark}": {"description": f"Base {n}", "access": access} for n in range(40)},
        "models": {f"m{n}-{mark}": {"base": "gpt-4.1", "system": f"Be {n}."} for n in range(100)},
        "prompts": {f"p{n}-{mark}": {"content": f"Text {n}", "access": access} for n in range(140)},
        "notes": {f"n{n}-{mark}": {"content": f"# Note {n}\n" + "text " * 300} for n in range(80)},
        "folders": {f"f{n}-{mark}": {"system": f"Be {n}."} for n in range(80)},
        "users": {"admin@example.com": {"role": "admin"}},
        "permissions": {"chat": {"delete": False}},
        "tools": {f"t{n}_{mark}": {"content": TOOL, "access": access} for n in range(10)},
        "functions": {f"f{n}_{mark}": {"content": FILTER, "active": True, "valves": {"a": n}} for n in range(10)},
        "skills": {f"s{n}-{mark}": {"content": f"# {n}\n", "access": access} for n in range(10)},
        "channels": {f"c{n}-{mark}": {"description": f"Room {n}", "access": access} for n in range(10)},
        "automations": {
            f"a{n}-{mark}": {"prompt": "Hi", "model": "gpt-4.1", "schedule": "0 7 * * MON"} for n in range(10)
        },
        "settings": {
            "general": {"ENABLE_CHANNELS": True, "RESPONSE_WATERMARK": "made"},
            "retrieval": {"CHUNK_SIZE": 900},
            "tasks": {"ENABLE_TITLE_GENERATION": False},
            "banners": [{"id": "b", "content": "c"}],
            "suggestions": [{"title": ["a"], "content": "b"}],
            "tool_servers": {"desk": {"url": "http://127.0.0.1:9", "enabled": False, "access": access}},
            "arena": {"blind": {"models": ["gpt-4.1"]}},
        },
    }
    document["tools"][f"v_{mark}"] = {"content": TOOL, "valves": {"limit": 3}}
    return yaml.safe_dump(document, sort_keys=False)


@pytest.mark.slow
def test_a_plan_without_changes_needs_few_requests(open_webui_factory: OpenWebUIFactory, tmp_path: Path) -> None:
    project = Project(tmp_path, open_webui_factory(), "mixed")
    project.write(mixed(project.stack[-8:]))
    count = len(changes(project.apply("--take-over")))
    assert count > 550
    with proxied(project.sandbox) as (sandbox, proxy):
        plan = replace(project, sandbox=sandbox).plan()
        assert changes(plan) == {}
        assert plan["summary"]["unchanged"] == count
        # One of them is for the tool whose valves are managed.
        assert len(proxy.seen) == plan["requests"] <= 31
        assert proxy.writes == []
