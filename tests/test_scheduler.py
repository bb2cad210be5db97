"""The scheduler of changes and jobs."""

from __future__ import annotations

import asyncio

import pytest

from owui_sync.scheduler import run_graph


def test_a_node_comes_after_what_it_depends_on_and_few_run_at_a_time() -> None:
    graph = {"end": ["left", "right"], "left": ["start"], "right": ["start"], "start": [], "other": []}
    done: list[str] = []
    at_work: set[str] = set()
    most = 0

    async def work(node: str) -> None:
        nonlocal most
        assert set(graph[node]) <= set(done)
        at_work.add(node)
        most = max(most, len(at_work))
        await asyncio.sleep(0)
        at_work.remove(node)
        done.append(node)

    asyncio.run(run_graph(graph, work, 2))
    assert sorted(done) == sorted(graph)
    assert most == 2


def test_an_exception_ends_the_run_and_what_is_in_flight() -> None:
    ended: list[str] = []

    async def work(node: str) -> None:
        if node == "bad":
            await asyncio.sleep(0)
            raise ValueError(node)
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(node)

    with pytest.raises(ValueError, match="bad"):
        asyncio.run(run_graph({"slow": [], "bad": [], "later": ["bad"]}, work, 2))
    assert ended == ["slow"]
