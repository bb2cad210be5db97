from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.manifest.desired import Job
from tests.support.folder import Folder
from tests.support.words import names_in, place_of

PNG = b"\x89PNG\r\n\x1a\n0000"


def job(folder: Folder, body: str) -> Job:
    """The only job of a manifest, written in one line."""
    return folder.load(f"jobs:\n  j: {body}\n").jobs["j"]


def test_a_chat_always_has_lists_of_models_and_prompts(folder: Folder) -> None:
    found = job(folder, "{chat: {model: a, prompt: hi}}")
    assert (found.type, found.spec) == ("chat", {"models": ["a"], "prompts": ["hi"]})
    assert (found.run, found.title, found.retries, found.needs) == ("on-change", "j", 0, ())


MISTAKES = {
    "{title: x}": {"job/j"},
    "{chat: {model: a, prompt: b}, archive: {older_than_days: 1}}": {"job/j", "chat", "archive"},
    "{chat: {model: a, models: [b], prompt: x}}": {"job/j", "model", "models"},
    "{chat: {model: a}}": {"job/j", "prompt", "prompts"},
    "{archive: {older_than_days: 1}, expect: {contains: [x]}}": {"expect"},
    "{chat: {modl: a, prompt: x}}": {"modl", "model"},
    "{needs: [k], chat: {model: a, prompt: x}}": {"job/j", "k"},
    "{chat: {model: a, prompt: x}, expect: {matches: ['(']}}": {"("},
    "{chat: {model: a, prompt: !secret SOME}}": {"job/j"},
    "{chat: {model: a, prompt: x, files: [gone.md]}}": {"gone.md"},
    "{chat: {model: a, prompt: x, images: [m.yaml]}}": {"m.yaml"},
    "{chat: {model: a, prompt: x}, output: {file: ../out.md}}": {"/out.md"},
    "{chat: {model: a, prompt: x}, run: sometimes}": {"once", "on-change", "always", "manual"},
}


@pytest.mark.parametrize("body", MISTAKES)
def test_what_is_wrong_with_a_job_is_said(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, body: str, golden: SnapshotAssertion
) -> None:
    monkeypatch.setenv("SOME", "hush")
    told = folder.problems(f"jobs:\n  j: {body}\n")
    problems = [problem.replace(str(folder.path.parent), "") for problem in told]
    assert MISTAKES[body] <= names_in("\n".join(problems))
    assert place_of(problems[0]).startswith("m.yaml:3:")
    assert "hush" not in str(problems)
    assert problems == golden


def test_a_need_of_a_job_that_is_itself_wrong_is_not_called_missing(folder: Folder) -> None:
    (problem,) = folder.problems("jobs:\n  a: {needs: [b], chat: {model: m, prompt: x}}\n  b: {chat: {model: m}}\n")
    assert "job/b" in names_in(problem)


@pytest.mark.parametrize(
    ("needs", "circle"), [({"a": "b", "b": "a"}, "a -> b -> a"), ({"a": "a"}, "a -> a")], ids=["two", "itself"]
)
def test_circles_of_jobs_are_shown(
    folder: Folder, needs: dict[str, str], circle: str, golden: SnapshotAssertion
) -> None:
    jobs = (f"  {name}: {{needs: [{need}], chat: {{model: m, prompt: x}}}}\n" for name, need in needs.items())
    (problem,) = folder.problems(f"jobs:\n{''.join(jobs)}")
    assert place_of(problem).startswith("m.yaml:3:")
    assert circle in problem
    assert problem == golden


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


def test_two_jobs_do_not_write_one_note(folder: Folder, golden: SnapshotAssertion) -> None:
    rest = "chat: {model: m, prompt: x}, output: {note: N}"
    (by_jobs,) = folder.problems(f"jobs:\n  a: {{{rest}}}\n  b: {{{rest}}}\n")
    (by_entry,) = folder.problems(f"notes:\n  N: {{content: x}}\njobs:\n  a: {{{rest}}}\n")
    for problem in (by_jobs, by_entry):
        assert "N" in names_in(problem)
        assert "at m.yaml:3" in problem
    assert [by_jobs, by_entry] == golden


def test_a_job_that_reads_what_it_writes_is_a_warning(folder: Folder, golden: SnapshotAssertion) -> None:
    desired = folder.load("jobs: {j: {chat: {model: m, prompt: x, knowledge: [B]}, output: {knowledge: B}}}")
    (warning,) = desired.warnings
    assert str(warning) == golden


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


UNSCHEDULED = {
    "{chat: {model: m, prompts: [x]}, schedule: 0 3 * * *}": "chat.prompts",
    "{chat: {model: m, prompt: x}, schedule: 0 3 * * *, expect: {contains: [x]}}": "expect",
    "{research: {topic: t, model: m}, schedule: 0 3 * * *}": "research",
    "{chat: {model: m, prompt: x}, schedule: 0 0 13 * FRI}": "or",
}


@pytest.mark.parametrize("body", UNSCHEDULED)
def test_a_schedule_that_the_server_cannot_run_is_a_problem(
    folder: Folder, body: str, golden: SnapshotAssertion
) -> None:
    (problem,) = folder.problems(f"jobs:\n  j: {body}\n")
    assert UNSCHEDULED[body] in names_in(problem)
    assert problem == golden


def test_nothing_can_need_what_the_server_runs_by_itself(folder: Folder, golden: SnapshotAssertion) -> None:
    rest = "chat: {model: m, prompt: x}"
    problems = folder.problems(f"jobs:\n  a: {{schedule: 0 3 * * *, {rest}}}\n  b: {{needs: [a], {rest}}}\n")
    assert {"job/b", "a"} <= names_in(problems[0])
    assert problems == golden


def test_files_of_a_job_that_a_wildcard_found_and_the_server_cannot_keep_are_left_out(folder: Folder) -> None:
    folder.write("docs/a.md", "a")
    folder.write("docs/b.md", "")
    job = "jobs: {j: {chat: {model: m, prompt: x, files: [%s]}}}"
    desired = folder.load(job % "docs")
    assert [file["path"] for file in desired.jobs["j"].spec["files"]] == ["a.md"]
    assert [str(warning) for warning in desired.warnings] == [
        "m.yaml:2:40: `job/j`: 1 file that was found is left out, as the server keeps no such file: `docs/b.md` (empty)"
    ]
    assert "`docs/b.md` is empty" in folder.problems(job % "docs, docs/b.md")[0]
    assert "keep none of the files that were found" in folder.problems(job % "'docs/b*'")[0]
