"""Whatever breaks on the way of a file, every file is there in the end, once, and nothing else is left."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from tests.support.documents import Documents
from tests.support.project import Project, changes
from tests.support.proxy import Answer, Rule, proxied


def every(nth: int, fault: Answer) -> Rule:
    """Breaks every nth upload."""
    uploads = itertools.count(1)

    def rule(method: str, path: str) -> Answer | None:
        upload = method == "POST" and path.startswith("/api/v1/files/?process=true")
        return fault if upload and next(uploads) % nth == 0 else None

    return rule


FAULTS = {
    "reset before the server saw it": Answer(0, cut=True),
    "reset after the server did it": Answer(0, cut=True, after=True),
    "502 before the server saw it": Answer(502),
    "502 after the server did it": Answer(502, after=True),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_uploads_that_break_now_and_then_all_arrive_and_none_twice(project: Project, fault: Answer) -> None:
    documents = Documents(project, 30)
    documents.write()
    with proxied(project.sandbox) as (sandbox, proxy):
        proxy.rule = every(7, fault)
        replace(project, sandbox=sandbox).apply()
    documents.are_complete()
    assert changes(project.plan()) == {}


def test_uploads_without_an_answer_in_time_all_arrive_and_none_twice(project: Project) -> None:
    documents = Documents(project, 15)
    documents.write()
    with proxied(project.sandbox) as (sandbox, proxy):
        proxy.rule = every(7, Answer(504, after=True, wait=7))
        replace(project, sandbox=sandbox).apply("--timeout", "5")
    documents.are_complete()


def test_a_run_that_was_killed_again_and_again_is_brought_to_its_end(project: Project) -> None:
    documents = Documents(project, 40)
    documents.write()
    documents.apply_killed(4, seed=4)
    project.apply()
    documents.are_complete()
    assert changes(project.plan()) == {}
