"""What jobs cost in requests, on the newest server.

How often one has to look for an answer depends on the machine. So each question counts with the two requests that the
last look takes: whether the server is done, and what the chat says then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
import yaml

from tests.support.project import Project
from tests.support.proxy import proxied

ASKS = "POST /api/chat/completions"
LOOKS = "GET /api/tasks/chat/"
READS = "GET /api/v1/chats/"


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


def cost(requests: list[str]) -> int:
    """How many they are when each question is answered at the first look."""
    looks = [request for request in requests if request.startswith(LOOKS)]
    seen = [one for before, one in pairwise(requests) if before.startswith(LOOKS) and one.startswith(READS)]
    questions = sum(before.startswith(ASKS) and one.startswith(LOOKS) for before, one in pairwise(requests))
    return len(requests) - len(looks) - len(seen) + 2 * questions


@pytest.mark.parametrize("models", [["gpt-4.1"], ["gpt-4.1", "stub-small"]], ids=len)
def test_one_question_of_a_chat_job_costs_at_most_11_requests(project: Project, unique: str, models: list[str]) -> None:
    requests = for_jobs(applied(project, {"j": {"chat": {"models": models, "prompt": f"say {unique}"}}}))
    # The lock and the inventory, the chat, its models, the question, the answer, how it ended, the lock, the inventory.
    assert cost(requests) <= 11, requests


def test_each_further_question_costs_four_requests(project: Project, unique: str) -> None:
    chat = {"model": "gpt-4.1", "prompts": [f"say {number} {unique}" for number in range(3)]}
    requests = for_jobs(applied(project, {"j": {"chat": chat}}))
    assert cost(requests) <= 11 + 2 * 4, requests


def test_a_research_writes_each_step_in_one_request(project: Project, unique: str) -> None:
    requests = for_jobs(applied(project, {"r": {"research": {"topic": unique, "steps": 3, "model": "gpt-4.1"}}}))
    # Beside those of a chat without a question: the plan, five for each question, and the report.
    assert cost(requests) <= 8 + 3 + 3 * 5 + 7, requests


def test_a_plan_with_nothing_due_asks_once_for_all_jobs(project: Project, unique: str) -> None:
    applied(project, {f"j{n}": {"chat": {"model": "gpt-4.1", "prompt": f"say {n} {unique}"}} for n in range(3)})
    with proxied(project.sandbox) as (sandbox, proxy):
        assert replace(project, sandbox=sandbox).run("plan", ".", "--detailed-exitcode").code == 0
        requests = [path.partition("?")[0] for _, path in proxy.seen]
        proxy.seen.clear()
        assert replace(project, sandbox=sandbox).run("plan", ".", "--no-jobs").code == 0
        without = [path.partition("?")[0] for _, path in proxy.seen]
    # The jobs name models, which have to be there: those of the manifests' kind, and those of providers.
    assert sorted(requests) == sorted([*without, "/api/models/base", "/api/v1/chats/", "/api/v1/models/all"])
