"""Sends a message to its receivers. One that is down changes nothing: all that comes of it is a warning."""

from __future__ import annotations

import os
from asyncio import gather, run, sleep
from collections.abc import Iterable, Sequence

import httpx

from owui_sync import __version__
from owui_sync.client.address import is_host, is_port
from owui_sync.client.environment import proxy_for, trusted_for
from owui_sync.errors import OwuiSyncError
from owui_sync.manifest.receivers import Receiver
from owui_sync.notify.message import BODIES
from owui_sync.values import Json

TRIES = 3
_PATIENCE = 10.0
"""Seconds for one try, and at most before the next."""
_PAUSE = 1.0
"""Seconds before the second try; twice as long before the third."""


def send(message: Json, receivers: Iterable[Receiver]) -> Sequence[str]:
    """Send a message to all receivers at once.

    Returns:
        A warning for each receiver that did not get it. It names the place in the configuration, never the address:
        who knows that can write there.
    """
    return run(_send_all(message, list(receivers)))


async def _send_all(message: Json, receivers: Sequence[Receiver]) -> Sequence[str]:
    problems = await gather(*(_problem(message, receiver) for receiver in receivers))
    return [
        f"{receiver.at}: the receiver was not told: {problem}"
        for receiver, problem in zip(receivers, problems, strict=True)
        if problem
    ]


async def _problem(message: Json, receiver: Receiver) -> str:
    """Send a message to one receiver; return why that failed, or an empty text."""
    try:
        url = httpx.URL(receiver.address())
        if not is_host(url) or not is_port(url.port):
            raise httpx.InvalidURL("")
        proxy = proxy_for(url, os.environ)
        trusted = trusted_for(str(url), None, insecure=False, trust_env=True)
    except OwuiSyncError as error:
        return error.problems[0].message
    except httpx.InvalidURL:
        return "its address is no URL"
    agent = {"User-Agent": f"owui-sync/{__version__}"}
    way = proxy.proxy if proxy else None
    async with httpx.AsyncClient(proxy=way, verify=trusted, trust_env=False, headers=agent, timeout=_PATIENCE) as http:
        return await _post(http, url, BODIES[receiver.format](message))


async def _post(http: httpx.AsyncClient, url: httpx.URL, body: Json) -> str:
    reason, pause = "", _PAUSE
    for left in reversed(range(TRIES)):
        try:
            answer = await http.post(url, json=body)
        except (httpx.HTTPError, UnicodeError) as error:  # Their texts may repeat the address.
            reason, wait = f"no answer ({type(error).__name__})", pause
        else:
            if answer.is_success:
                return ""
            reason, wait = f"it answered {answer.status_code}", max(pause, _told(answer))
            if answer.status_code != 429 and answer.status_code < 500:
                return reason
        if left:
            await sleep(wait)
        pause *= 2
    return f"{reason}, {TRIES} times"


def _told(answer: httpx.Response) -> float:
    """Return the seconds that the receiver asks to wait, as far as we have the patience."""
    told = answer.headers.get("retry-after", "")
    return min(float(told), _PATIENCE) if told.isdigit() else 0.0
