"""Chats per minute through the asynchronous class, beside a bare loop of the same requests in the same run.

    python -m tests.bench.chats [ROUNDS]

The loop sends what our client sent, eight at a time, in chats of its own: find the title, make the chat, start the
answer, look whether it is over, read the chat. How often one has to look depends on the model, so the loop looks until
the answer is there, as we do.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
import uuid
from statistics import median
from typing import Any

import httpx

from owui_sync import AsyncOpenWebUIClient
from owui_sync.sandbox import Sandbox, down, up
from tests.bench.table import show

CHATS = 40
AT_A_TIME = 8
AIM = 1.3


async def ours(sandbox: Sandbox) -> float:
    """Chats per minute through the client."""
    room = asyncio.Semaphore(AT_A_TIME)
    async with AsyncOpenWebUIClient(sandbox.url, sandbox.token, "stub-small") as client:

        async def ask() -> None:
            async with room:
                made = await client.chat("Hello", uuid.uuid4().hex)
                assert made

        return await _rate(ask)


async def bare(sandbox: Sandbox) -> float:
    """Chats per minute through httpx alone."""
    room = asyncio.Semaphore(AT_A_TIME)
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    async with httpx.AsyncClient(base_url=sandbox.url, headers=headers, timeout=60) as http:

        async def ask() -> None:
            async with room:
                await _one(http)

        return await _rate(ask)


async def _one(http: httpx.AsyncClient) -> None:
    await http.get("/api/v1/chats/", params={"include_folders": True, "include_pinned": True})
    empty: dict[str, Any] = {"messages": {}, "currentId": None}
    made = await http.post("/api/v1/chats/new", json={"chat": {"title": uuid.uuid4().hex, "history": empty}})
    id, question, answer = made.raise_for_status().json()["id"], str(uuid.uuid4()), str(uuid.uuid4())
    message = {"id": question, "parentId": None, "childrenIds": [answer], "role": "user", "content": "Hello"}
    body = {"model": "stub-small", "stream": True, "chat_id": id, "parent_id": None, "id": answer, "session_id": "x"}
    more = {"user_message": message, "params": {"function_calling": "legacy"}}
    (await http.post("/api/chat/completions", json={**body, **more})).raise_for_status()
    pause = 0.05
    while (await http.get(f"/api/tasks/chat/{id}")).json()["task_ids"]:
        await asyncio.sleep(pause)
        pause *= 1.3
    stored = (await http.get(f"/api/v1/chats/{id}")).json()["chat"]["history"]["messages"][answer]
    assert stored["done"], stored


async def _rate(ask: Any) -> float:
    start = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(CHATS)))
    return 60 * CHATS / (time.perf_counter() - start)


async def run(sandbox: Sandbox, rounds: int) -> None:
    """Prints the table; rounds of both sides alternate."""
    with_client, without = [], []
    await ours(sandbox)
    for _ in range(rounds):
        with_client.append(await ours(sandbox))
        without.append(await bare(sandbox))
    ratio = median(b / a for a, b in zip(with_client, without, strict=True))
    verdict = "ok" if ratio <= AIM else f"above {AIM}"
    head = [f"{CHATS} chats, {AT_A_TIME} at a time", "owui-sync", "bare loop", "ratio", f"aim {AIM}"]
    rates = [f"{median(rates):.0f}/min" for rates in (with_client, without)]
    show(f"Medians of {rounds} rounds", [head, ["chat, one turn each", *rates, f"{ratio:.2f}", verdict]])


def main() -> None:
    """Starts a sandbox, measures, stops it."""
    sandbox = up(name="bench-chats", first_port=19080, owner=os.getpid())
    try:
        asyncio.run(run(sandbox, int(sys.argv[1]) if len(sys.argv) > 1 else 5))
    finally:
        down("bench-chats")


if __name__ == "__main__":
    main()
