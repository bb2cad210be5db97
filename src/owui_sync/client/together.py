"""Several requests side by side, without one that goes on after another has failed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def together(*reads: Coroutine[Any, Any, Any]) -> list[Any]:
    """The results in their order. The first failure ends the others, waits for them, and is raised as it is.

    `asyncio.gather` would leave the others running into a closed client.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(read) for read in reads]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
