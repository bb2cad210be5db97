"""Directories: ids behind names, for what a plan names but does not manage itself. One bulk read each."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from owui_sync.client.api import models, tools, users
from owui_sync.client.chat.cache import read_models
from owui_sync.client.reader import Reader
from owui_sync.kinds import KINDS, permission_names
from owui_sync.kinds.names import IdIndex
from owui_sync.resolve.jobs import ASKABLE


async def _providers(reader: Reader, names: IdIndex) -> None:
    """Return what providers offer: the model's id is the key, and its shown name stands where others have an id."""
    for row in await models.provider_models(reader):
        names.add("provider", row["id"], row.get("name") or row["id"])
        names.add(ASKABLE, row["id"], row["id"])


async def _askable(reader: Reader, names: IdIndex) -> None:
    """Add the models that can be asked, presets among them; jobs that ask them do not read that list again."""
    for row in await read_models(reader):
        names.add(ASKABLE, row["id"], row["id"])


async def _tool_servers(reader: Reader, names: IdIndex) -> None:
    """Add tool servers, which are named as tools are and no kind of their own."""
    for id in await tools.servers(reader):
        names.add("tool", id, id)


async def _permissions(reader: Reader, names: IdIndex) -> None:
    permission_names.name_all(await users.default_permissions(reader), names)


DIRECTORIES: dict[str, Callable[[Reader, IdIndex], Coroutine[Any, Any, None]]] = {
    "provider": _providers,
    ASKABLE: _askable,
    "tool_server": _tool_servers,
    permission_names.NAMES: _permissions,
}
"""What a kind may ask for in `Field.reads`, beside other kinds. Requests: one each."""


def directories(want: frozenset[str]) -> list[Callable[[Reader, IdIndex], Coroutine[Any, Any, None]]]:
    """Return the directories to read for `want`: not those that come with the objects of a kind."""
    offered = frozenset().union(*(kind.provides for name, kind in KINDS.items() if name in want))
    return [fill for name, fill in DIRECTORIES.items() if name in want - offered]
