"""What the methods of the client library that ask models cost in requests, on the newest server."""

from __future__ import annotations

import asyncio

from owui_sync import AsyncOpenWebUIClient
from owui_sync.sandbox import Sandbox
from tests.support.cost import cost, passed
from tests.support.proxy import proxied


def test_a_question_costs_three_requests_besides_those_that_find_or_make_its_chat(
    open_webui: Sandbox, unique: str
) -> None:
    async def costs() -> list[int]:
        found = []
        async with AsyncOpenWebUIClient(sandbox.url, sandbox.token, "gpt-4.1", raise_on_error=True) as client:
            for number in range(2):
                proxy.seen.clear()
                await client.chat(f"say {number} {unique}.", unique)
                found.append(cost(passed(proxy)))
            proxy.seen.clear()
            await client.parallel_chat(f"say {unique}.", f"{unique} side by side", ["gpt-4.1", "stub-small"])
            return [*found, cost(passed(proxy))]

    with proxied(open_webui) as (sandbox, proxy):
        # The first one asks for the version and the models besides, which the client knows from then on.
        assert asyncio.run(costs()) == [7, 5, 5]
