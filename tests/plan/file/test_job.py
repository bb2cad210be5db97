from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from jsonschema import Draft202012Validator

from owui_sync.apply.outcome import Outcome, Status
from owui_sync.jobs.outcome import Verdict
from owui_sync.plan.file.document import PLAN, plan_document
from owui_sync.plan.file.load import load_plan
from owui_sync.plan.file.schema import schema_of
from owui_sync.plan.types import DueJob, JobRecord, JobState
from owui_sync.report.document import APPLY, RECORDS, outcome_document
from owui_sync.report.known_job import known_job
from owui_sync.values import FileSource, LocalFile, Sources, inline_file
from tests.support.jobs import chat_job, due, job, result
from tests.support.samples import plan


def test_a_saved_plan_gives_its_jobs_again(tmp_path: Path) -> None:
    one = job(
        "j",
        spec={"models": ["m"], "prompts": ["x"], "files": [_file(tmp_path)]},
        needs=("a",),
        tags=("t",),
        folder="F",
        output={"note": "N"},
        expect={"contains": ["x"]},
        retries=1,
    )
    last = JobRecord(JobState.RUNNING, "c1", {"its prompt": "p"}, {}, "step 1 of 2")
    saved = replace(plan(), jobs=(replace(due(one), last=last), due(chat_job("k"))))
    document = json.loads(json.dumps(plan_document(saved)))
    Draft202012Validator(schema_of(PLAN)).validate(document)
    assert document["summary"]["jobs"] == 2
    opened: list[FileSource] = []
    sources = Sources(secret=str, file=str, upload=lambda source: opened.append(source) or _opener(tmp_path))  # type: ignore[func-returns-value]
    assert _comparable(load_plan(document, sources).jobs) == _comparable(saved.jobs)
    assert [source.path for source in opened] == ["docs/a.md"]


def _file(folder: Path) -> LocalFile:
    return LocalFile("a.md", FileSource("docs/a.md", "00", 4, "upload"), _opener(folder))


def _opener(folder: Path):  # type: ignore[no-untyped-def]
    return lambda: (folder / "a.md").open("rb")


def _comparable(jobs: tuple[DueJob, ...]) -> list[DueJob]:
    return [replace(each, job=replace(each.job, positions={})) for each in jobs]


def test_the_document_of_an_apply_tells_how_jobs_went() -> None:
    verdict = Verdict("contains", "x", False, "the answer does not have it")
    results = [
        result(chat_job("good")),
        result(chat_job("bad"), Status.FAILED, verdict, error="not as expected"),
        result(chat_job("never"), Status.SKIPPED, error="it needs bad"),
    ]
    document = outcome_document(Outcome(plan(), ()), results)
    Draft202012Validator(schema_of(APPLY, RECORDS)).validate(document)
    good, bad, never = document["jobs"]
    assert (good["status"], good["chat_id"], good["response"], good["usage"]) == (
        "done",
        "c1",
        "The answer",
        {"total_tokens": 42},
    )
    assert bad["expect"] == [{"check": "contains", "wanted": "x", "met": False, "reason": verdict.reason}]
    assert bad["error"]["detail"] == "not as expected"
    assert (never["status"], never["chat_id"]) == ("skipped", None)


def test_a_job_that_never_ran_has_no_last_run() -> None:
    assert known_job(chat_job("j"), None, "never ran", "http://x")["state"] == "never ran"
    known = known_job(chat_job("j"), JobRecord(JobState.DONE, "c1", seconds=1.5), None, "http://x")
    assert (known["chat_url"], known["seconds"], known["error"]) == ("http://x/c/c1", 1.5, None)


def test_an_inline_file_is_saved_with_its_text() -> None:
    saved = replace(plan(), jobs=(due(chat_job("j", files=[inline_file("a.md", "text")])),))
    loaded = load_plan(json.loads(json.dumps(plan_document(saved))), Sources(secret=str, file=str))
    assert loaded.jobs[0].job.spec["files"][0].text == "text"
