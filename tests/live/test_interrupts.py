"""Two runs at once, a killed run, an interrupted run: nothing is lost and nothing is made twice."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
import yaml

from owui_sync.apply.lock import LIFETIME
from tests.support.project import Project, changes
from tests.support.proxy import Answer, proxied


def many(project: Project, prompts: int = 40, groups: int = 10) -> str:
    tail = project.stack[-40:]
    document = {
        "prompts": {f"p{n}-{tail}": {"content": f"text {n}"} for n in range(prompts)},
        "groups": {f"g{n}-{tail}": {"description": f"group {n}"} for n in range(groups)},
    }
    return yaml.safe_dump(document)


def ours(project: Project) -> Counter[str]:
    """How often each of the project's objects is on the server."""
    tail = project.stack[-40:]
    names = [row["name"] for row in project.api("GET", "/api/v1/groups/")]
    names += [row["command"] for row in project.api("GET", "/api/v1/prompts/")]
    return Counter(name for name in names if name.endswith(tail))


def locks(project: Project) -> list[str]:
    return [id for id in project.models() if id.startswith(f"owui-sync.lock.{project.stack}")]


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_of_two_applies_at_once_one_waits_and_both_succeed(project: Project) -> None:
    project.write(many(project))
    runs = [project.start("apply", ".", "--yes") for _ in range(2)]
    for run in runs:
        _, err = run.communicate(timeout=120)
        assert run.returncode == 0, err
    assert set(ours(project).values()) == {1}
    assert changes(project.plan()) == {}
    assert locks(project) == []


def test_a_locked_stack_ends_with_75_and_names_the_holder(project: Project) -> None:
    project.write(many(project))
    with proxied(project.sandbox) as (sandbox, proxy):
        slow = replace(project, sandbox=sandbox)
        proxy.rule = lambda method, path: time.sleep(0.3) if path.endswith("/create") else None
        first = slow.start("apply", ".", "--yes")
        wait_for(lambda: ("POST", "/api/v1/prompts/create") in proxy.seen)
        second = project.run("apply", ".", "--yes", "--lock-timeout", "0")
        assert second.code == 75
        assert f"process {first.pid}" in second.err
        other = replace(project, stack=f"{project.stack}-2", folder=project.folder / "other")
        other.write("groups: {}\n")
        assert other.run("apply", ".", "--yes", "--lock-timeout", "0").code == 0
        first.communicate(timeout=120)
    assert first.returncode == 0


def test_after_a_kill_the_next_apply_adopts_what_is_there_and_ends_in_an_empty_plan(project: Project) -> None:
    project.write(many(project))
    with proxied(project.sandbox) as (sandbox, proxy):
        first = replace(project, sandbox=sandbox).start("apply", ".", "--yes")
        wait_for(lambda: sum(path.endswith("/create") for _, path in proxy.seen) > 20)
        first.kill()
        first.communicate()
    started = time.monotonic()
    document = project.apply()
    assert time.monotonic() - started < LIFETIME / 2, "the lock of a dead process on this machine is broken at once"
    assert set(changes(document).values()) == {"adopt", "create"}
    assert len(ours(project)) == 50
    assert set(ours(project).values()) == {1}
    assert changes(project.plan()) == {}
    assert locks(project) == []
    project.write("")
    project.apply("--max-delete", "100%")
    assert not ours(project)


def test_what_a_killed_run_made_is_ours_even_when_it_left_the_manifests(project: Project) -> None:
    project.write(many(project))
    with proxied(project.sandbox) as (sandbox, proxy):
        first = replace(project, sandbox=sandbox).start("apply", ".", "--yes")
        wait_for(lambda: sum(path.endswith("/create") for _, path in proxy.seen) > 20)
        first.kill()
        first.communicate()
    project.write("")
    project.apply("--max-delete", "100%")
    assert not ours(project)


def test_the_first_interrupt_finishes_what_is_in_flight_and_records_it(project: Project) -> None:
    project.write(many(project))
    with proxied(project.sandbox) as (sandbox, proxy):
        run = replace(project, sandbox=sandbox).start("apply", ".", "--yes")
        wait_for(lambda: sum(path.endswith("/create") for _, path in proxy.seen) > 10)
        run.send_signal(signal.SIGINT)
        err = run.communicate(timeout=60)[1]
    assert run.returncode == 130, err
    assert "stopping" in err
    assert "Traceback" not in err
    made = ours(project)
    assert 0 < len(made) < 50
    listed = project.run("state", "list", "--stack", project.stack).out
    assert len(listed.splitlines()) == len(made)
    assert locks(project) == []
    document = project.apply()
    assert set(changes(document).values()) == {"create"}
    assert set(ours(project).values()) == {1}
    assert changes(project.plan()) == {}


def test_a_creation_whose_answer_was_lost_is_found_and_not_repeated(project: Project) -> None:
    project.write(many(project, prompts=0, groups=3))
    with proxied(project.sandbox) as (sandbox, proxy):
        broken: list[str] = []

        def rule(method: str, path: str) -> Answer | None:
            if path == "/api/v1/groups/create" and not broken:
                broken.append(path)
                return Answer(200, cut=True, after=True)
            return None

        proxy.rule = rule
        assert changes(replace(project, sandbox=sandbox).apply())
    assert broken
    assert set(ours(project).values()) == {1}
    assert len(ours(project)) == 3
    assert changes(project.plan()) == {}


def test_state_unlock_frees_a_stack(project: Project) -> None:
    project.write("prompts: {}\n")
    row = {"id": f"owui-sync.lock.{project.stack}", "name": "x", "params": {}, "is_active": False}
    mark = {"nonce": "1", "expires_at": time.time() + 25, "holder": {"user": "bob", "host": "far", "pid": 7}}
    project.api("POST", "/api/v1/models/create", {**row, "meta": {"owui_sync": mark}})
    ran = project.run("apply", ".", "--yes", "--lock-timeout", "0")
    assert ran.code == 75
    assert "bob on far, process 7" in ran.err
    assert "bob on far" in project.run("state", "unlock", "--stack", project.stack).out
    assert project.run("apply", ".", "--yes", "--lock-timeout", "0").code == 0


def test_an_expired_lock_is_broken_by_the_server_clock(project: Project) -> None:
    project.write("prompts: {}\n")
    row = {"id": f"owui-sync.lock.{project.stack}", "name": "x", "params": {}, "is_active": False}
    mark = {"nonce": "1", "expires_at": time.time() - 1, "holder": {}}
    project.api("POST", "/api/v1/models/create", {**row, "meta": {"owui_sync": mark}})
    assert project.run("apply", ".", "--yes", "--lock-timeout", "5").code == 0
    assert locks(project) == []


@pytest.mark.parametrize("code", [500, 400])
def test_what_depends_on_a_failure_is_skipped_and_the_rest_is_done(project: Project, code: int) -> None:
    tail = project.stack[-40:]
    project.write(
        f"groups:\n  bad-{tail}: {{}}\n  good-{tail}: {{}}\n"
        f"prompts:\n  needs-{tail}: {{content: x, access: {{read: {{groups: [bad-{tail}]}}}}}}\n"
        f"  free-{tail}: {{content: x, access: {{read: {{groups: [good-{tail}]}}}}}}\n"
    )
    with proxied(project.sandbox) as (sandbox, proxy):
        seen: list[str] = []

        def rule(method: str, path: str) -> Answer | None:
            if path == "/api/v1/groups/create":
                seen.append(path)
                return Answer(code, b'{"detail": "no room for groups"}') if len(seen) == 1 else None
            return None

        proxy.rule = rule
        ran = replace(project, sandbox=sandbox).run("apply", ".", "--yes", "--parallelism", "1", "--format", "json")
    assert ran.code == 3
    ended = {f"{change['kind']}/{change['key']}": change for change in ran.document["changes"]}
    assert {address: change["status"] for address, change in ended.items()} == {
        f"group/bad-{tail}": "failed",
        f"group/good-{tail}": "done",
        f"prompt/needs-{tail}": "skipped",
        f"prompt/free-{tail}": "done",
    }
    error = ended[f"group/bad-{tail}"]["error"]
    assert (error["status"], error["detail"], error["request"]) == (
        code,
        "no room for groups",
        "POST /api/v1/groups/create",
    )
    assert f"group/bad-{tail}" in ended[f"prompt/needs-{tail}"]["error"]["detail"]
    assert set(changes(project.apply()).values()) == {"create"}
    assert changes(project.plan()) == {}
