"""Research in clients of their own, with a provider that says what a test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import httpx

from owui_sync.client.connect import Server, connect
from owui_sync.client.runs import RETRIES
from owui_sync.client.runs.definition import Models, Plan, Report
from owui_sync.client.runs.research import research
from owui_sync.client.runs.run import Event
from owui_sync.sandbox import Sandbox
from tests.support.stored import Chat

ONE = Models(plan="stub-small", answer=("stub-small",), report="stub-small")


class Killed(Exception):
    """Stands for the end of a process."""


def researched(sandbox: Sandbox, plan: Plan, on_step: Callable[[Event], None] = lambda event: None) -> Report:
    """The report of a plan, in a client of its own."""

    async def main() -> Report:
        async with connect(Server(url=sandbox.url, token=sandbox.token)) as writer:
            return await research(writer, plan, on_step)

    return asyncio.run(main())


def killed_at(sandbox: Sandbox, plan: Plan, step: str, done: bool) -> None:
    """Begin a research in a process that ends at that step."""

    def stop(event: Event) -> None:
        if (event.step, event.done) == (step, done):
            raise Killed

    try:
        researched(sandbox, plan, stop)
    except Killed:
        return
    raise AssertionError(f"there was no {step}")


def script(provider: httpx.Client, match: str, *answers: str, do: str = "answer") -> None:
    """Let the provider answer so where a prompt has `match` in it, once for each answer."""
    for value in answers:
        provider.post("/_script", json={"do": do, "value": value, "match": match}).raise_for_status()


def down(provider: httpx.Client, match: str, *, runs: int = 1) -> None:
    """Let the provider fail where a prompt has `match` in it, as often as so many runs try it."""
    script(provider, match, *["500"] * (RETRIES + 1) * runs, do="status")


def planned(provider: httpx.Client, *questions: str, match: str = "Plan a research") -> None:
    """Let the planner answer with these questions."""
    script(provider, match, json.dumps({"questions": [{"question": each} for each in questions]}))


def titles(chat: Chat) -> list[str]:
    """What the user seems to have said, from the first to the last."""
    return [message["content"] for message in chat.shown[::2]]
