from __future__ import annotations

import pytest

from owui_sync.manifest.desired import Job
from tests.support.folder import Folder

PNG = b"\x89PNG\r\n\x1a\n0000"


def job(folder: Folder, body: str) -> Job:
    """The only job of a manifest, written in one line."""
    return folder.load(f"jobs:\n  j: {body}\n").jobs["j"]


def test_a_chat_always_has_lists_of_models_and_prompts(folder: Folder) -> None:
    found = job(folder, "{chat: {model: a, prompt: hi}}")
    assert (found.type, found.spec) == ("chat", {"models": ["a"], "prompts": ["hi"]})
    assert (found.run, found.title, found.retries, found.needs) == ("on-change", "j", 0, ())


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{title: x}", "`job/j` says nothing of what it does"),
        ("{chat: {model: a, prompt: b}, archive: {older_than_days: 1}}", "`job/j` is `chat` and `archive`"),
        ("{chat: {model: a, models: [b], prompt: x}}", "`job/j` has both `model` and `models`"),
        ("{chat: {model: a}}", "`job/j` has neither `prompt` nor `prompts`"),
        ("{archive: {older_than_days: 1}, expect: {contains: [x]}}", "`expect` mean nothing here"),
        ("{chat: {modl: a, prompt: x}}", "did you mean `model`?"),
        ("{needs: [k], chat: {model: a, prompt: x}}", "`job/j` needs `k`, which is no job"),
        ("{needs: [j], chat: {model: a, prompt: x}}", "jobs need each other in a circle: j -> j"),
        ("{chat: {model: a, prompt: x}, expect: {matches: ['(']}}", "`(` is no regular expression"),
        ("{chat: {model: a, prompt: !secret OWUI_TEST_SECRET}}", "`job/j` has a secret"),
        ("{chat: {model: a, prompt: x, files: [gone.md]}}", "there is no file `gone.md`"),
        ("{chat: {model: a, prompt: x, images: [m.yaml]}}", "`m.yaml` is no PNG, JPEG or GIF picture"),
        ("{chat: {model: a, prompt: x}, output: {file: ../out.md}}", "is outside the project"),
        ("{chat: {model: a, prompt: x}, run: sometimes}", "`once`, `on-change`, `always` or `manual`"),
    ],
)
def test_what_is_wrong_with_a_job_is_said(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, body: str, problem: str
) -> None:
    monkeypatch.setenv("OWUI_TEST_SECRET", "hush")
    problems = folder.problems(f"jobs:\n  j: {body}\n")
    assert problem in "\n".join(problems)
    assert problems[0].startswith("m.yaml:3:")


def test_a_need_of_a_job_that_is_itself_wrong_is_not_called_missing(folder: Folder) -> None:
    problems = folder.problems("jobs:\n  a: {needs: [b], chat: {model: m, prompt: x}}\n  b: {chat: {model: m}}\n")
    assert len(problems) == 1


def test_circles_of_jobs_are_shown(folder: Folder) -> None:
    rest = "chat: {model: m, prompt: x}"
    problems = folder.problems(f"jobs:\n  a: {{needs: [b], {rest}}}\n  b: {{needs: [a], {rest}}}\n")
    assert "in a circle: a -> b -> a" in problems[0] or "in a circle: b -> a -> b" in problems[0]


def test_files_and_images_are_read_from_the_manifests_folder(folder: Folder) -> None:
    folder.write("sub/docs/a.md", "text")
    folder.write("sub/p.png", PNG)
    path = folder.manifest(
        "jobs: {j: {chat: {model: m, prompt: x, files: ['docs/*.md'], images: [p.png]}, output: {file: o.md}}}",
        "sub/m.yaml",
    )
    from owui_sync.manifest.load import load

    desired = load([path])
    found = desired.jobs["j"]
    assert [file.source.path for file in found.spec["files"]] == ["sub/docs/a.md"]
    assert found.spec["images"][0]["size"] == len(PNG)
    assert found.output["file"] == "sub/o.md"
    assert {"sub/docs/a.md", "sub/p.png"} <= set(desired.files)


def test_two_jobs_do_not_write_one_note(folder: Folder) -> None:
    rest = "chat: {model: m, prompt: x}, output: {note: N}"
    assert "the note `N` is written at m.yaml:3" in folder.problems(f"jobs:\n  a: {{{rest}}}\n  b: {{{rest}}}\n")[0]
    problems = folder.problems(f"notes:\n  N: {{content: x}}\njobs:\n  a: {{{rest}}}\n")
    assert "the note `N` is written at m.yaml:3" in problems[0]


def test_a_job_that_reads_what_it_writes_is_a_warning(folder: Folder) -> None:
    desired = folder.load("jobs: {j: {chat: {model: m, prompt: x, knowledge: [B]}, output: {knowledge: B}}}")
    assert "its own answers become its sources" in desired.warnings[0].message


def test_an_overlay_takes_a_job_away_or_changes_it(folder: Folder) -> None:
    from owui_sync.manifest.load import load

    base = folder.manifest("jobs:\n  a: {chat: {model: m, prompt: x}}\n  b: {chat: {model: m, prompt: x}}\n", "a.yaml")
    over = folder.manifest("jobs:\n  a: null\n  b: {chat: {prompt: y}}\n", "b.yaml")
    found = load([base, over]).jobs
    assert {name: each.spec["prompts"] for name, each in found.items()} == {"b": ["y"]}


def test_a_plain_job_with_a_schedule_is_an_automation(folder: Folder) -> None:
    desired = folder.load("jobs: {j: {chat: {model: m, prompt: x}, schedule: '0 3 * * *', folder: F}}")
    assert desired.jobs == {}
    assert desired.entries["automation/j"].values == {
        "model": "m",
        "prompt": "x",
        "schedule": "FREQ=DAILY;BYHOUR=3;BYMINUTE=0",
        "folder": "F",
    }


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{chat: {model: m, prompts: [x]}, schedule: 0 3 * * *}", "know no `chat.prompts`"),
        ("{chat: {model: m, prompt: x}, schedule: 0 3 * * *, expect: {contains: [x]}}", "know no `expect`"),
        ("{research: {topic: t, model: m}, schedule: 0 3 * * *}", "know no `research`"),
        ("{chat: {model: m, prompt: x}, schedule: 0 0 13 * FRI}", "no RRULE can say `or`"),
    ],
)
def test_a_schedule_that_the_server_cannot_run_is_a_problem(folder: Folder, body: str, problem: str) -> None:
    assert problem in folder.problems(f"jobs:\n  j: {body}\n")[0]


def test_nothing_can_need_what_the_server_runs_by_itself(folder: Folder) -> None:
    rest = "chat: {model: m, prompt: x}"
    problems = folder.problems(f"jobs:\n  a: {{schedule: 0 3 * * *, {rest}}}\n  b: {{needs: [a], {rest}}}\n")
    assert "which the server runs by its schedule" in problems[0]
