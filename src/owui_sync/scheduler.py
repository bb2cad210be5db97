"""Works through a graph: a node after those that it depends on, and a bounded number of nodes at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Iterable, Mapping
from graphlib import TopologicalSorter
from typing import Any, TypeVar

Node = TypeVar("Node", bound=Hashable)


async def run_graph(
    graph: Mapping[Node, Iterable[Node]], work: Callable[[Node], Coroutine[Any, Any, None]], limit: int
) -> None:
    """Do the work of each node once, after the work of the nodes that it depends on.

    The first exception of a piece of work ends the run; what is in flight then is cancelled and awaited.
    """
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    running: dict[asyncio.Task[None], Node] = {}
    waiting: list[Node] = []
    try:
        while sorter.is_active():
            waiting += sorter.get_ready()
            while waiting and len(running) < limit:
                node = waiting.pop(0)
                running[asyncio.create_task(work(node))] = node
            finished, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in finished:
                node = running.pop(task)
                task.result()
                sorter.done(node)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
