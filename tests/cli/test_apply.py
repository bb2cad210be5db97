"""`owui-sync apply`, as a process against a real server; what it does there is for tests/live."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import jsonschema
import pytest

from owui_sync.apply import lock
from owui_sync.cli import apply
from owui_sync.sandbox import Sandbox
from tests.support.project import Project, changes
from tests.support.proxy import Answer, proxied

CTRL_C = "\x03"
SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "plan.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def project(tmp_path: Path, open_webui: Sandbox) -> Iterator[Project]:
    """Manifests of two new prompts; what was applied is deleted at the end."""
    project = Project(tmp_path, open_webui, f"cli-apply-{uuid4().hex[:8]}")
    s = project.stack
    project.write(f"prompts: {{a-{s}: {{content: x}}, b-{s}: {{content: y}}}}\n")
    yield project
    project.write("")
    project.apply("--max-delete", "100%")


def mine(project: Project) -> set[str]:
    return {command for command in project.prompts() if command.endswith(project.stack)}


def test_the_plan_and_what_came_of_it_go_to_stdout_and_progress_to_stderr(project: Project) -> None:
    ran = project.run("apply", ".", "--yes")
    assert ran.code == 0
    assert "Plan: 2 to create" in ran.out
    assert ran.out.index("Plan: 2 to create") < ran.out.index("Applied: 2 created")
    for key in ("a", "b"):
        assert f"prompt/{key}-{project.stack}" in ran.err


def test_the_document_is_as_its_schema_says_and_nothing_else_is_on_stdout(project: Project) -> None:
    ran = project.run("apply", ".", "--yes", "--format", "json", "-v")
    document = ran.document
    jsonschema.validate(document, {**SCHEMA, "anyOf": [{"$ref": "#/$defs/apply"}]})
    assert {change["status"] for change in document["changes"]} == {"done"}
    assert document["requests"] > 2


def test_quiet_says_nothing_beside_the_result(project: Project) -> None:
    ran = project.run("apply", ".", "--auto-approve", "-q")
    assert (ran.code, ran.err) == (0, "")
    first, second = ran.out.splitlines()
    assert first.startswith("Plan: 2 to create")
    assert second.startswith("Applied: 2 created")


def test_an_apply_without_changes_says_so_shortly(project: Project) -> None:
    project.apply()
    ran = project.run("apply", ".", "--yes")
    assert (ran.code, ran.err) == (0, "")
    assert "2 unchanged" in ran.out
    assert f"a-{project.stack}" not in ran.out
    assert f"a-{project.stack}" in project.run("apply", ".", "--yes", "--show-unchanged").out


def test_what_failed_is_told_with_request_and_the_servers_words_and_code_3(project: Project) -> None:
    with proxied(project.sandbox) as (sandbox, proxy):
        seen: list[str] = []

        def rule(method: str, path: str) -> Answer | None:
            if path.endswith("/prompts/create"):
                seen.append(path)
            return Answer(400, b'{"detail": "no more prompts"}') if len(seen) == 1 and seen.pop() else None

        proxy.rule = rule
        through = replace(project, sandbox=sandbox)
        text = through.run("apply", ".", "--yes", "--only", "prompt/a-*")
        ran = through.run("apply", ".", "--yes", "--format", "json", "--only", "prompt/b-*", "--log-format", "json")
    assert text.code == ran.code == 3
    assert "no more prompts" in text.out + text.err
    assert "POST /api/v1/prompts/create" in text.out + text.err
    jsonschema.validate(ran.document, {**SCHEMA, "anyOf": [{"$ref": "#/$defs/apply"}]})
    assert ran.document["changes"][0]["error"]["status"] == 400
    assert all(json.loads(line) for line in ran.err.splitlines())
    assert mine(project) == set()


def test_a_selection_limits_what_is_done(project: Project) -> None:
    assert changes(project.apply("--only", "prompt/a-*")) == {f"prompt/a-{project.stack}": "create"}
    assert mine(project) == {f"a-{project.stack}"}


def test_no_delete_leaves_what_is_no_longer_written_and_still_owns_it(project: Project) -> None:
    project.apply()
    project.write("")
    assert changes(project.apply("--no-delete")) == {}
    assert len(mine(project)) == 2
    assert set(changes(project.apply()).values()) == {"delete"}


def test_more_deletes_than_allowed_are_refused_before_anything_is_changed(project: Project) -> None:
    project.apply()
    project.write(f"prompts: {{c-{project.stack}: {{content: z}}}}\n")
    ran = project.run("apply", ".", "--yes", "--max-delete", "1")
    assert (ran.code, f"- prompt/a-{project.stack}" in ran.out) == (5, True)
    assert mine(project) == {f"a-{project.stack}", f"b-{project.stack}"}


@pytest.mark.parametrize(
    "words",
    [
        ["plan.json", "--no-delete"],
        ["plan.json", "--only", "prompts/*"],
        ["plan.json", "--message", "x"],
        ["plan.json", "."],
        [".", "--lock-timeout", "-1"],
    ],
)
def test_what_makes_no_sense_is_wrong_use(project: Project, words: list[str]) -> None:
    ran = project.run("apply", *words, "--yes")
    assert (ran.code, ran.out) == (64, "")


def test_a_saved_plan_that_is_not_there_is_an_error(project: Project) -> None:
    ran = project.run("apply", "plan.json", "--yes")
    assert ran.code == 1
    assert "plan.json" in ran.err


def test_a_saved_plan_is_for_one_server(project: Project) -> None:
    project.run("plan", ".", "--out", "plan.json")
    with proxied(project.sandbox) as (sandbox, _):
        ran = replace(project, sandbox=sandbox).run("apply", "plan.json", "--yes")
    assert ran.code == 1
    assert project.sandbox.url in ran.err
    assert mine(project) == set()


def test_the_message_goes_with_a_saved_plan(project: Project) -> None:
    project.run("plan", ".", "--out", "plan.json", "--message", "release 3")
    assert project.run("apply", "plan.json", "--yes").code == 0
    prompt = project.prompts()[f"a-{project.stack}"]
    history = project.api("GET", f"/api/v1/prompts/id/{prompt['id']}/history")
    assert history[0]["commit_message"] == "release 3"


def typed(project: Project, answer: str, *words: str) -> tuple[int, str]:
    """The exit code and what a person saw who gave this answer."""
    person, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "owui_sync", "apply", ".", *words],
        cwd=project.folder,
        env={**project.env, "TERM": "dumb"},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(terminal)
    seen, answered = b"", False
    # The terminal closes with its last user.
    with suppress(OSError):
        while True:
            quiet = not select.select([person], [], [], 1)[0]
            seen += b"" if quiet else os.read(person, 4096)
            # Python does not see a Ctrl-C that comes between its prompt and its read; a person presses again.
            if b"[y/N]" in seen and (not answered or (quiet and answer == CTRL_C)):
                answered = bool(os.write(person, answer.encode()))
    os.close(person)
    return process.wait(timeout=60), seen.decode()


def test_on_a_terminal_it_asks_and_no_changes_nothing(project: Project) -> None:
    code, seen = typed(project, "n\n")
    assert "Apply this plan?" in seen
    assert code == 130
    assert mine(project) == set()


def test_on_a_terminal_a_yes_applies(project: Project) -> None:
    code, seen = typed(project, "y\n")
    assert code == 0, seen
    assert len(mine(project)) == 2


def test_on_a_terminal_nothing_is_asked_when_there_is_nothing_to_do(project: Project) -> None:
    project.apply()
    code, seen = typed(project, "n\n")
    assert (code, "Apply this plan?" in seen) == (0, False)


@contextmanager
def held(project: Project, path: str) -> Iterator[tuple[Project, Callable[[], object], Callable[[], None]]]:
    """The project behind a proxy that holds requests to paths that begin so.

    Yields the project, a function that waits until a request is held, and one that lets all of them go on.
    """
    arrived, free = threading.Event(), threading.Event()

    def rule(method: str, asked: str) -> None:
        if asked.startswith(path):
            arrived.set()
            assert free.wait(60)

    with proxied(project.sandbox) as (sandbox, proxy):
        proxy.rule = rule
        yield replace(project, sandbox=sandbox), lambda: arrived.wait(60) or pytest.fail("no such request"), free.set
        free.set()


def interrupt(run: subprocess.Popen[str], number: signal.Signals = signal.SIGINT) -> str:
    """Send a signal; return the line that the command writes because of it."""
    assert run.stderr
    run.send_signal(number)
    while line := run.stderr.readline():
        if line.startswith(("stopping:", "error:")):
            return line
    raise AssertionError("the command ended without a word")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_second_interrupt_ends_it_at_once_and_the_next_apply_takes_over(
    project: Project, number: signal.Signals
) -> None:
    with held(project, "/api/v1/prompts/create") as (through, await_request, let_go):
        with through.start("apply", ".", "--yes") as run:
            await_request()
            first, second = interrupt(run, number), interrupt(run, number)
            assert run.wait(60) == 130
        let_go()
        while len(mine(project)) < 2:
            time.sleep(0.02)  # What was in flight arrives after its sender is gone.
    assert first == "stopping: changes in flight are finished and recorded; press Ctrl-C again to stop at once\n"
    assert second == "error: stopped at once; the next run adopts what was created and resumes its jobs\n"
    assert project.run("apply", ".", "--yes", "--lock-timeout", "0").code == 0, "the lock is free"
    assert len(mine(project)) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_while_planning_changes_nothing_and_says_so(project: Project, number: signal.Signals) -> None:
    with held(project, "/api/v1/prompts/") as (through, await_request, _):
        run = through.start("apply", ".", "--yes")
        await_request()
        run.send_signal(number)
        out, err = run.communicate(timeout=60)
    assert (run.returncode, out, err) == (130, "", "error: interrupted; nothing was changed\n")
    assert not any(id.startswith(f"owui-sync.lock.{project.stack}") for id in project.models())


def test_after_one_interrupt_the_skipped_changes_are_counted_and_not_listed(project: Project) -> None:
    s = project.stack
    project.write("prompts:\n" + "".join(f"  p{n}-{s}: {{content: x}}\n" for n in range(30)))
    with held(project, "/api/v1/prompts/create") as (through, await_request, let_go):
        run = through.start("apply", ".", "--yes", "--parallelism", "1")
        await_request()
        interrupt(run)
        let_go()
        out, err = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "skipped" not in err
    (line,) = [line for line in out.splitlines() if "skipped: " in line]
    assert line.endswith("skipped: the run was stopped before it")
    assert len(mine(project)) == 1


def test_a_ctrl_c_at_the_question_is_a_no(project: Project) -> None:
    code, seen = typed(project, CTRL_C)
    assert code == 130, seen
    assert "Traceback" not in seen
    assert mine(project) == set()


@pytest.mark.parametrize(("taken", "code", "made"), [(False, 0, 2), (True, 75, 0)])
def test_a_lock_that_outlived_its_time_at_the_question_is_kept_unless_it_was_taken(
    project: Project, monkeypatch: pytest.MonkeyPatch, taken: bool, code: int, made: int
) -> None:
    def answered_late(question: str) -> None:
        time.sleep(2.5)
        if taken:
            project.api("POST", "/api/v1/models/model/delete", {"id": f"owui-sync.lock.{project.stack}"})

    monkeypatch.setattr(lock, "LIFETIME", 2.0)
    monkeypatch.setattr(lock, "_RENEW", 0.3)
    monkeypatch.setattr(apply, "asking", lambda yes: answered_late)
    ran = project.run("apply", ".")
    assert (ran.code, len(mine(project))) == (code, made), ran.err
    assert ("went to another run; nothing was changed" in ran.err) == taken


def test_on_a_terminal_it_says_for_whom_it_waits(project: Project) -> None:
    mark = {"nonce": "1", "expires_at": time.time() + 4, "holder": {"user": "bob", "host": "far", "pid": 7}}
    row = {"id": f"owui-sync.lock.{project.stack}", "name": "x", "params": {}, "is_active": False}
    project.api("POST", "/api/v1/models/create", {**row, "meta": {"owui_sync": mark}})
    code, seen = typed(project, "y\n")
    assert code == 0, seen
    waiting = f"waiting for bob on far, process 7, which holds the lock of stack '{project.stack}'"
    assert seen.index(waiting) < seen.index("Apply this plan?")


def test_a_saved_plan_that_was_edited_into_nonsense_is_refused_before_anything_is_sent(project: Project) -> None:
    project.run("plan", ".", "--out", "plan.json")
    path = project.folder / "plan.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"kind": "prompt"', '"kind": "promt"'), encoding="utf-8")
    with proxied(project.sandbox) as (sandbox, proxy):
        ran = replace(project, sandbox=sandbox).run("apply", "plan.json", "--yes")
    assert (ran.code, proxy.seen) == (1, [])
    assert "this saved plan is damaged: $.changes[0]: there is no kind 'promt'" in ran.err


@pytest.fixture
def foreign(project: Project) -> Project:
    """Manifests that share no entry with what their stack owns."""
    project.apply()
    project.write(f"prompts: {{other-{project.stack}: {{content: x}}}}\n")
    return project


def test_manifests_that_are_foreign_to_their_stack_need_a_flag_without_a_terminal(foreign: Project) -> None:
    ran = foreign.run("plan", ".", "--out", "plan.json")
    assert (ran.code, "--claim-stack" in ran.err, f"{foreign.stack!r} owns 2 objects" in ran.err) == (0, True, True)
    for words in (("apply", "."), ("apply", "plan.json")):
        ran = foreign.run(*words, "--yes")
        assert (ran.code, "--claim-stack" in ran.err) == (5, True)
    assert len(mine(foreign)) == 2
    ran = foreign.run("apply", "plan.json", "--yes", "--claim-stack")
    assert ran.code == 0, ran.err
    assert mine(foreign) == {f"other-{foreign.stack}"}
    assert foreign.run("apply", ".", "--yes").code == 0, "the second time it is its own stack"


@pytest.mark.parametrize(("answer", "code"), [("n\n", 130), ("y\n", 0)])
def test_on_a_terminal_foreign_manifests_are_asked_about(foreign: Project, answer: str, code: int) -> None:
    ended, seen = typed(foreign, answer * 2)
    assert ended == code, seen
    assert "they may belong to another project" in " ".join(seen.split())
    assert (mine(foreign) == {f"other-{foreign.stack}"}) == (code == 0)
