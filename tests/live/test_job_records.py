"""Jobs around which something cannot be written down: what they gave is kept, and they are not run again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import yaml

from tests.support.job_chats import JobChats
from tests.support.project import Project, Ran
from tests.support.proxy import Answer, proxied

UPLOAD = re.compile("POST /api/v1/files/[?]")
CHAT = re.compile("POST /api/v1/chats/[0-9a-f-]{36}$")


@pytest.fixture
def chats(project: Project, unique: str) -> JobChats:
    job = {"chat": {"model": "gpt-4.1", "prompt": f"say one {unique}"}}
    project.write(yaml.safe_dump({"jobs": {"j": job}}))
    return JobChats(project)


def from_on(number: int, request: re.Pattern[str]) -> Callable[[str, str], Answer | None]:
    """Such requests fail from the one of that number on, counted from 1."""
    seen: list[str] = []

    def rule(method: str, path: str) -> Answer | None:
        if request.match(f"{method} {path}"):
            seen.append(path)
            return Answer(500, b'{"detail": "disk full"}') if len(seen) >= number else None
        return None

    return rule


def applied(project: Project, rule: Callable[[str, str], Answer | None], *words: str) -> Ran:
    with proxied(project.sandbox) as (sandbox, proxy):
        proxy.rule = rule
        return replace(project, sandbox=sandbox).run("apply", ".", "--yes", *words)


def due(project: Project) -> dict[str, str]:
    return {job["name"]: job["reason"] for job in project.plan()["jobs"]}


def only(ran: Ran) -> dict[str, Any]:
    [job] = ran.document["jobs"]
    return dict(job)


@pytest.fixture
def stack(project: Project, chats: JobChats) -> Project:
    """The project with an inventory on the server, in which its job is still to be announced."""
    text = (project.folder / "manifest.yaml").read_text(encoding="utf-8")
    project.write(yaml.safe_dump({"jobs": {"old": {"archive": {"older_than_days": 3650}, "run": "once"}}}))
    project.apply()
    document = yaml.safe_load(text)["jobs"] | {"old": {"archive": {"older_than_days": 3650}, "run": "once"}}
    project.write(yaml.safe_dump({"jobs": document}))
    return project


@pytest.mark.parametrize(("is_new", "upload"), [(True, 1), (False, 2)])
def test_a_job_whose_end_the_inventory_cannot_keep_is_done_and_known_by_its_chat(
    request: pytest.FixtureRequest, project: Project, chats: JobChats, unique: str, is_new: bool, upload: int
) -> None:
    if not is_new:
        request.getfixturevalue("stack")
    ran = applied(project, from_on(upload, UPLOAD), "--format", "json")
    job = only(ran)
    assert (ran.code, job["status"], job["response"]) == (3, "done", f"one {unique}")
    assert job["unrecorded"]["detail"] == "disk full"
    assert job["seconds"] > 0
    assert due(project) == {}
    assert project.apply()["jobs"] == []
    assert chats.asked(unique) == 1


def test_a_job_that_cannot_be_announced_is_not_begun(stack: Project, chats: JobChats, unique: str) -> None:
    ran = applied(stack, from_on(1, UPLOAD), "--format", "json")
    job = only(ran)
    assert (ran.code, job["status"]) == (3, "skipped")
    assert job["error"]["detail"] == "not begun, as that could not be written down before: disk full"
    assert due(stack) == {"j": "never ran"}
    assert chats.asked(unique) == 0


def test_a_job_whose_end_its_chat_cannot_keep_is_done_and_known_by_the_inventory(
    project: Project, chats: JobChats, unique: str
) -> None:
    counted: list[str] = []

    def count(method: str, path: str) -> Answer | None:
        counted.extend([path] if CHAT.match(f"{method} {path}") else [])
        return None

    applied(project, count)
    chats.project.write(yaml.safe_dump({"jobs": {"j": {"chat": {"model": "gpt-4.1", "prompt": f"say two {unique}"}}}}))
    ran = applied(project, from_on(len(counted), CHAT))
    assert ran.code == 3, ran.out
    assert "✓ job/j  done" in ran.out
    assert "how it ended could not be written down:" in ran.out
    assert due(project) == {}
    assert (project.apply()["jobs"], chats.asked(unique)) == ([], 2)
