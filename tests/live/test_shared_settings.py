"""Two runs of different stacks that write parts of one object at the same moment: both parts stay."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from owui_sync.apply.lock import SHARED
from owui_sync.apply.lock_row import lock_id
from owui_sync.sandbox import Sandbox
from tests.support.project import Project
from tests.support.proxy import Answer, Proxy, proxied

_FORM = "/api/v1/auths/admin/config"


@pytest.fixture
def stacks(open_webui: Sandbox, tmp_path: Path, unique: str) -> Iterator[list[tuple[Project, Proxy]]]:
    """Two stacks of one server, each behind a proxy of its own; what they set is given back."""
    projects = [Project(tmp_path / name, open_webui, f"{name}-{unique}") for name in "ab"]
    for project in projects:
        project.folder.mkdir()
    # An API key may not send the settings of MFA.
    before = {name: value for name, value in projects[0].api("GET", _FORM).items() if "MFA" not in name}
    with ExitStack() as stack:
        behind = [stack.enter_context(proxied(open_webui)) for _ in projects]
        yield [(replace(one, sandbox=sandbox), proxy) for one, (sandbox, proxy) in zip(projects, behind, strict=True)]
    for project in projects:
        project.run("destroy", "--yes", "--stack", project.stack)
    projects[0].api("POST", _FORM, before)


def locks(project: Project) -> list[str]:
    return [id for id in project.models() if id.startswith("owui-sync.lock.")]


def test_of_two_runs_that_write_one_area_neither_takes_back_what_the_other_wrote(
    stacks: list[tuple[Project, Proxy]],
) -> None:
    (first, proxy), (second, other) = stacks
    first.write("settings: {general: {RESPONSE_WATERMARK: first}}\n")
    second.write("settings: {general: {JWT_EXPIRES_IN: 7h}}\n")
    started: list[subprocess.Popen[str]] = []

    def start_second(method: str, path: str) -> Answer | None:
        """Once the first run has read the form, have the second one write it, unless that waits."""
        if (method, path) == ("POST", _FORM) and not started:
            started.append(second.start("apply", ".", "--yes"))
            end = time.monotonic() + 60
            while started[0].poll() is None and not waits(other) and time.monotonic() < end:
                time.sleep(0.02)
        return None

    proxy.rule = start_second
    first.apply()
    _, said = started[0].communicate(timeout=60)
    assert started[0].returncode == 0, said
    now = first.api("GET", _FORM)
    assert (now["RESPONSE_WATERMARK"], now["JWT_EXPIRES_IN"]) == ("first", "7h")
    assert locks(first) == []


def waits(proxy: Proxy) -> bool:
    """Whether the run behind a proxy was refused the lock, and looks who has it."""
    return any(method == "GET" and path.endswith("%2Ashared") for method, path in proxy.seen)


def test_a_lock_that_a_killed_run_left_goes_with_the_next_run_of_its_stack(stacks: list[tuple[Project, Proxy]]) -> None:
    (project, proxy), _ = stacks
    project.write("settings: {general: {RESPONSE_WATERMARK: killed}}\n")
    started: list[subprocess.Popen[str]] = []

    def kill(method: str, path: str) -> Answer | None:
        if (method, path) == ("POST", _FORM):
            started[0].kill()
        return None

    proxy.rule = kill
    started.append(project.start("apply", ".", "--yes"))
    started[0].communicate(timeout=60)
    proxy.settle()
    assert sorted(locks(project)) == sorted([lock_id(SHARED), lock_id(project.stack)])
    proxy.rule = lambda method, path: None
    project.apply()
    assert locks(project) == []
    assert project.api("GET", _FORM)["RESPONSE_WATERMARK"] == "killed"
