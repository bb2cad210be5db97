"""Each parameter of each method refuses what is certainly wrong; a new method has this without a test of its own."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_origin, get_type_hints

import httpx
import pytest

from owui_sync import AsyncOpenWebUIClient
from owui_sync.client.errors import WrongType, WrongValue
from owui_sync.client.facade.values import arms_of

HALF = "x\udc80"
"""A text with half a character, as a file name in another encoding has it; it cannot be sent."""


class Never(httpx.AsyncBaseTransport):
    """Sends nothing."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"{request.method} {request.url} was sent")


METHODS = [
    name
    for name, _ in inspect.getmembers(AsyncOpenWebUIClient, inspect.isfunction)
    if not name.startswith("_") and name != "close"
]


def plain(name: str) -> dict[str, Any]:
    """Arguments that a method takes, for those that it needs."""
    method = getattr(AsyncOpenWebUIClient, name)
    hints, given = get_type_hints(method), {}
    for parameter in list(inspect.signature(method).parameters.values())[1:]:
        if parameter.default is parameter.empty:
            kind = get_origin(hints[parameter.name]) or hints[parameter.name]
            given[parameter.name] = {int: 1, list: ["x"], dict: {}, Mapping: {}}.get(kind, "x")
    special = {"kb_configs": [], "prompts_data": [], "tags": ["x"], "tool_server_ids": [], "access_control": "public"}
    return given | {key: value for key, value in special.items() if key in given}


def wrong_for(hint: Any) -> list[Any]:
    """Values that are certainly wrong where this type is asked for."""
    arms = arms_of(hint)
    takes_a_class = any("Callable" in str(arm) for arm in arms)
    half = [HALF] if str in arms and Path not in arms else []
    return [object(), b"x", *([] if takes_a_class else [type]), *half]


@pytest.mark.parametrize("name", METHODS)
def test_what_no_parameter_takes_is_refused_by_its_name(name: str) -> None:
    hints = get_type_hints(getattr(AsyncOpenWebUIClient, name))

    async def main() -> None:
        async with AsyncOpenWebUIClient("http://127.0.0.1:9", "sk-1", "m", transport=Never()) as client:
            for parameter in list(inspect.signature(getattr(client, name)).parameters):
                for value in wrong_for(hints[parameter]):
                    with pytest.raises((WrongType, WrongValue), match=parameter) as caught:
                        await _called(client, name, {**plain(name), parameter: value})
                    str(caught.value).encode()

    asyncio.run(main())


async def _called(client: AsyncOpenWebUIClient, name: str, arguments: Mapping[str, Any]) -> None:
    made = getattr(client, name)(**arguments)
    if inspect.isawaitable(made):
        await made
