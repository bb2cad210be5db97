"""Several requests side by side, without one that goes on after another has failed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def gather_or_cancel(*reads: Coroutine[Any, Any, Any]) -> list[Any]:
    """Return the results in their order. The first failure ends the others, waits for them, and is raised as it is.

    `asyncio.gather` would leave the others running into a closed client.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(read) for read in reads]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


async def each(work: Callable[[T], Awaitable[R]], items: Iterable[T], limit: int) -> list[R]:
    """Do the work for each item, `limit` of them at a time; return the results in the order of the items.

    The first failure ends the others and is raised.
    """
    todo, results = list(items), dict[int, R]()
    rest = enumerate(todo)

    async def worker() -> None:
        for number, item in rest:
            results[number] = await work(item)

    await gather_or_cancel(*(worker() for _ in range(min(limit, len(todo)))))
    return [results[number] for number in sorted(results)]


async def even_if_cancelled(work: Callable[[], Awaitable[None]]) -> None:
    """Do the work, and once more if the task is cancelled meanwhile, which then goes on.

    Args:
        work: puts things in order; to do it twice is as good as once.
    """
    try:
        await work()
    except asyncio.CancelledError:
        await work()
        raise
