"""Chats a minute through both classes, beside a bare loop of the same requests in the same run.

    python -m tests.bench.chats [ROUNDS]

The loop sends what our client sends, in chats of its own: look for the title, make the chat, start the answer, look
whether it is over, read the chat. How often one has to look depends on the model: the loop looks every 20 ms, and less
often the longer it takes. Rounds of both sides alternate, so that what else the machine does counts for both alike.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from statistics import median
from typing import Any

import httpx

from owui_sync import AsyncOpenWebUIClient, OpenWebUIClient
from owui_sync.client.api.chats import PAGE
from owui_sync.sandbox import Sandbox, down, up
from tests.bench.table import show

PER_ROUND = {1: 4, 8: 16}
"""Chats of a round, by how many are asked at a time."""

MANY = 5_000
AIM = 0.9

Ask = Callable[[], Awaitable[None]]


async def compare(ask: Ask, bare: Ask, at_a_time: int, rounds: int) -> list[str]:
    """Cells of a row: chats a minute of both sides, and how they compare."""
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(await _rate(ask, at_a_time))
        theirs.append(await _rate(bare, at_a_time))
    ratio = median(a / b for a, b in zip(ours, theirs, strict=True))
    rates = [f"{median(rates):.0f}/min" for rates in (ours, theirs)]
    return [*rates, f"{ratio:.2f}", "ok" if ratio >= AIM else f"below {AIM}"]


async def _rate(ask: Ask, at_a_time: int) -> float:
    room, number = asyncio.Semaphore(at_a_time), PER_ROUND[at_a_time]

    async def one() -> None:
        async with room:
            await ask()

    start = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(number)))
    return 60 * number / (time.perf_counter() - start)


async def _bare(http: httpx.AsyncClient, me: str) -> None:
    """One chat of that administrator through httpx alone."""
    title, empty = uuid.uuid4().hex, {"messages": dict[str, Any](), "currentId": None}
    there = await http.get("/api/v1/chats/", params={"include_folders": True, "include_pinned": True, "page": 1})
    if len(there.json()) == PAGE:
        there = await http.get(f"/api/v1/chats/list/user/{me}", params={"query": title})
    assert title not in {row["title"] for row in there.json()}
    made = await http.post("/api/v1/chats/new", json={"chat": {"title": title, "history": empty}})
    id, question, answer = made.raise_for_status().json()["id"], str(uuid.uuid4()), str(uuid.uuid4())
    message = {"id": question, "parentId": None, "childrenIds": [answer], "role": "user", "content": "Hello"}
    body = {"model": "stub-small", "stream": True, "chat_id": id, "parent_id": None, "id": answer, "session_id": "x"}
    more = {"user_message": message, "params": {"function_calling": "legacy"}}
    (await http.post("/api/chat/completions", json={**body, **more})).raise_for_status()
    pause = 0.02
    await asyncio.sleep(pause)
    while (await http.get(f"/api/tasks/chat/{id}")).json()["task_ids"]:
        await asyncio.sleep(pause)
        pause *= 1.3
    stored = (await http.get(f"/api/v1/chats/{id}")).json()["chat"]["history"]["messages"][answer]
    assert stored["done"], stored


async def _fill(http: httpx.AsyncClient, number: int) -> None:
    """Put chats on the server."""
    chats = [{"chat": {"title": f"Chat {n}", "history": {"messages": {}, "currentId": None}}} for n in range(number)]
    (await http.post("/api/v1/chats/import", json={"chats": chats}, timeout=300)).raise_for_status()


async def run(sandbox: Sandbox, rounds: int) -> None:
    """Prints the table."""
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    async with (
        AsyncOpenWebUIClient(sandbox.url, sandbox.token, "stub-small", raise_on_error=True) as client,
        httpx.AsyncClient(base_url=sandbox.url, headers=headers, timeout=60, trust_env=False) as http,
    ):
        me = (await http.get("/api/v1/users/user/status")).raise_for_status().json()["id"]
        with OpenWebUIClient(sandbox.url, sandbox.token, "stub-small", raise_on_error=True) as in_threads:

            async def ask() -> None:
                await client.chat("Hello", uuid.uuid4().hex)

            async def ask_in_thread() -> None:
                await asyncio.to_thread(in_threads.chat, "Hello", uuid.uuid4().hex)

            async def bare() -> None:
                await _bare(http, me)

            async def rows(name: str, ask: Ask) -> list[list[str]]:
                await ask()
                return [[f"{name}, {n} at a time", *await compare(ask, bare, n, rounds)] for n in PER_ROUND]

            await _rate(ask, 8)
            table = [["a new chat, one turn", "owui-sync", "bare loop", "ratio", f"aim {AIM}"]]
            table += await rows("asynchronous", ask)
            table += await rows("synchronous, in threads", ask_in_thread)
            await _fill(http, MANY)
            table += await rows(f"asynchronous, {MANY:,} chats there", ask)
    show(f"Medians of {rounds} rounds", table)


def main() -> None:
    """Starts a sandbox, measures, stops it."""
    sandbox = up(name="bench-chats", first_port=19080, owner=os.getpid())
    try:
        asyncio.run(run(sandbox, int(sys.argv[1]) if len(sys.argv) > 1 else 5))
    finally:
        down("bench-chats")


if __name__ == "__main__":
    main()
