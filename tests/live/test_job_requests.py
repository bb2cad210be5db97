"""What jobs cost in requests, on the newest server. How often one looks for an answer depends on the machine.

So each figure is the least of a few runs, and what the plan, the lock and the inventory cost is counted apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import yaml

from tests.support.project import Project
from tests.support.proxy import proxied

TRIES = 2


def applied(project: Project, jobs: Mapping[str, Any]) -> list[str]:
    """The requests of an apply that runs the jobs."""
    project.write(yaml.safe_dump({"jobs": dict(jobs)}))
    with proxied(project.sandbox) as (sandbox, proxy):
        ran = replace(project, sandbox=sandbox).run("apply", ".", "--yes")
        assert ran.code == 0, ran.err + ran.out
        return [f"{method} {path.partition('?')[0]}" for method, path in proxy.seen]


def for_jobs(requests: list[str]) -> list[str]:
    """Those from the announcement of the jobs in the inventory to the record of how they ended.

    Before them are those of the plan, and after them is the one that releases the lock.
    """
    return requests[requests.index("POST /api/v1/files/") - 1 : -1]


def asked_for(project: Project, unique: str, **chat: Any) -> list[str]:
    """The least requests for a chat job that is new each time."""
    runs = []
    for number in range(TRIES):
        prompts = [f"say {number} {question} {unique}" for question in range(chat.get("prompts", 1))]
        job = {"chat": {"models": ["gpt-4.1"], **chat, "prompts": prompts}}
        runs.append(for_jobs(applied(project, {f"j{number}": job})))
    return min(runs, key=len)


def test_one_question_of_a_chat_job_costs_at_most_14_requests(project: Project, unique: str) -> None:
    requests = asked_for(project, unique)
    assert len(requests) <= 14, requests
    # The lock and the inventory before, the chat, its models, its answer, how it ended, the lock and the inventory.
    assert sum(request.startswith("GET /api/v1/chats/") for request in requests) <= 2, requests
    assert requests.count("GET /api/models") == 1


@pytest.mark.parametrize(("chat", "most"), [({"models": ["gpt-4.1", "stub-small"]}, 14), ({"prompts": 3}, 24)], ids=str)
def test_more_models_cost_nothing_and_each_further_question_a_few(
    project: Project, unique: str, chat: dict[str, Any], most: int
) -> None:
    requests = asked_for(project, unique, **chat)
    assert len(requests) <= most, requests


def test_a_research_writes_each_step_in_one_request(project: Project, unique: str) -> None:
    runs = []
    for number in range(TRIES):
        research = {"topic": f"{unique} {number}", "steps": 3, "model": "gpt-4.1"}
        runs.append(for_jobs(applied(project, {f"r{number}": {"research": research}})))
    requests = min(runs, key=len)
    assert len(requests) <= 42, requests


def test_a_plan_with_nothing_due_asks_once_for_all_jobs(project: Project, unique: str) -> None:
    jobs = {f"j{n}": {"chat": {"model": "gpt-4.1", "prompt": f"say {n} {unique}"}} for n in range(3)}
    applied(project, jobs)
    with proxied(project.sandbox) as (sandbox, proxy):
        assert replace(project, sandbox=sandbox).run("plan", ".", "--detailed-exitcode").code == 0
        requests = [path for _, path in proxy.seen]
        proxy.seen.clear()
        assert replace(project, sandbox=sandbox).run("plan", ".", "--no-jobs").code == 0
        without = [path for _, path in proxy.seen]
    more = sorted(set(requests) - set(without))
    # What the jobs name has to be there: the models of the manifests' kind, and those of providers.
    assert [path.partition("?")[0] for path in more] == ["/api/models/base", "/api/v1/chats/", "/api/v1/models/all"]
    assert len(requests) == len(without) + len(more)
