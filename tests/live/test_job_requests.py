"""What jobs cost in requests, on the newest server; see `tests.support.cost`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import yaml

from tests.support.cost import cost, passed
from tests.support.project import Project
from tests.support.proxy import proxied


def applied(project: Project, jobs: Mapping[str, Any], **sections: Any) -> list[str]:
    """The requests of an apply that runs the jobs, with more sections of the manifest."""
    project.write(yaml.safe_dump({**sections, "jobs": dict(jobs)}))
    with proxied(project.sandbox) as (sandbox, proxy):
        ran = replace(project, sandbox=sandbox).run("apply", ".", "--yes")
        assert ran.code == 0, ran.err + ran.out
        return passed(proxy)


@pytest.mark.parametrize("models", [["gpt-4.1"], ["gpt-4.1", "stub-small"]], ids=len)
def test_one_question_costs_at_most_14_requests(project: Project, unique: str, models: list[str]) -> None:
    requests = applied(project, {"j": {"chat": {"models": models, "prompt": f"say {unique}."}}})
    # Version, lock, inventories, users, models and chats; the chat, the question, whether it is answered, the answer
    # and how it ended; whether the lock is still ours, the inventory, and the end of the lock.
    assert cost(requests) <= 14, requests


def test_each_further_question_costs_four_requests(project: Project, unique: str) -> None:
    chat = {"model": "gpt-4.1", "prompts": [f"say {number} {unique}." for number in range(3)]}
    requests = applied(project, {"j": {"chat": chat}})
    assert cost(requests) <= 14 + 2 * 4, requests


def test_a_question_that_is_asked_again_costs_19_requests(project: Project, unique: str) -> None:
    applied(project, {"j": {"chat": {"model": "gpt-4.1", "prompt": f"say {unique}."}}})
    requests = applied(project, {"j": {"chat": {"model": "gpt-4.1", "prompt": f"say again {unique}."}}})
    # The inventory is read, says that the job is about to run, and takes the place of the one before, twice.
    assert cost(requests) <= 19, requests


def test_changes_before_a_job_and_its_beginning_are_written_down_together(project: Project, unique: str) -> None:
    job = {"chat": {"model": "gpt-4.1", "prompt": f"say {unique}."}}
    requests = applied(project, {"j": job}, prompts={unique: {"content": "x"}})
    assert requests.count("POST /api/v1/files/") == 3


def test_a_research_writes_each_step_in_one_request(project: Project, unique: str) -> None:
    requests = applied(project, {"r": {"research": {"topic": unique, "steps": 3, "model": "gpt-4.1"}}})
    # Beside those of a chat without a question: the plan, five for each question, and the report.
    assert cost(requests) <= 11 + 3 + 3 * 5 + 7, requests


def test_a_plan_with_nothing_due_asks_once_for_all_jobs(project: Project, unique: str) -> None:
    applied(project, {f"j{n}": {"chat": {"model": "gpt-4.1", "prompt": f"say {n} {unique}."}} for n in range(3)})
    with proxied(project.sandbox) as (sandbox, proxy):
        assert replace(project, sandbox=sandbox).run("plan", ".", "--detailed-exitcode").code == 0
        requests = [path.partition("?")[0] for _, path in proxy.seen]
        proxy.seen.clear()
        assert replace(project, sandbox=sandbox).run("plan", ".", "--no-jobs").code == 0
        without = [path.partition("?")[0] for _, path in proxy.seen]
    # The jobs name models, which have to be there.
    assert sorted(requests) == sorted([*without, "/api/models", "/api/v1/chats/"])
