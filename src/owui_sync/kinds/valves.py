"""Valves: the settings of tools and functions. The server keeps what was set, in clear text, and replaces all of it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Protocol, TypeVar

from owui_sync.client.api.tools import SourceRow
from owui_sync.client.errors import ApiError
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds.fields import mapping
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row
from owui_sync.kinds.write import WriteRequest
from owui_sync.values import ABSENT

FIELD = mapping(
    "valves",
    "The settings that the source declares in its class `Valves`, by name; only those that are written are managed. "
    "Write secrets by `!secret`.",
    {"limit": 50},
    {"propertyNames": {"minLength": 1}},
    normal=lambda value: ABSENT if value is None else value,
)

S = TypeVar("S", bound=SourceRow)
Written = TypeVar("Written")

_SECRET_WORDS = re.compile("key|token|secret|passw|credential", re.IGNORECASE)
_INCOMPATIBLE = "Valves are incompatible"
_SILENT = re.compile(r"Error (?:creating|updating) (?:tool|function)s?( valves)?\]")
_LOOK = "the server does not say why, but its log does: it may lack a module that the source imports"
_COMPARE = "the server does not say why: compare the values with what the class `Valves` of the source takes"
_INPUT = re.compile(r"input_value=.*?(?=, input_type=|\]|$)")
_SHORTEST = 3
"""Characters of a text that is looked for in the server's words; shorter ones stand in any sentence."""


class ValveRoutes(Protocol):
    """The requests about valves: a module of `owui_sync.client.api`."""

    async def valves(self, reader: Reader, id: str, /) -> Row:
        """Return the valves that were set."""

    async def set_valves(self, writer: Writer, id: str, values: Mapping[str, Any], /) -> Row:
        """Replace all valves; return those that are set then."""


def looks_secret(name: str, value: Any) -> bool:
    """Return whether a value is, or holds, a text, and has a name like that of a secret."""
    is_text = not (value is None or value is ABSENT or isinstance(value, bool | int | float))
    return is_text and _SECRET_WORDS.search(name) is not None


async def write_valves(routes: ValveRoutes, writer: Writer, row: S, write: WriteRequest) -> S:
    """Set the valves that are to be written, and keep the others; return the row with all of them in `valves`."""
    if not write.touches("valves"):
        return row
    stored = row["valves"] if "valves" in row else await routes.valves(writer, row["id"])
    changed = row.copy()
    changed["valves"] = await _set(routes, writer, row["id"], write.merged("valves", stored))
    return changed


async def beside_valves(
    routes: ValveRoutes,
    writer: Writer,
    live: ObservedResource,
    write: WriteRequest,
    update: Callable[[], Awaitable[Written]],
) -> Written:
    """Send a new source that the stored valves may not fit; return what `update` does.

    Open WebUI 0.12.4 refuses such a source. Then the new valves go first, and where the old source does not take them
    either, none are set while the source changes.
    """
    stored: Row = live.row.get("valves") or {}
    with discreet(stored):
        try:
            return await update()
        except ApiError as refused:
            if _INCOMPATIBLE not in refused.detail or not write.touches("valves"):
                raise
            for values in (write.merged("valves", stored), {}):
                with suppress(ApiError):
                    await _set(routes, writer, live.id, values)
                    return await update()
            with suppress(ApiError):
                await _set(routes, writer, live.id, stored)
            raise


async def _set(routes: ValveRoutes, writer: Writer, id: str, values: Mapping[str, Any]) -> Row:
    with discreet(values):
        return await routes.set_valves(writer, id, values)


@contextmanager
def discreet(values: Mapping[str, Any]) -> Iterator[None]:
    """Keep these values out of what the server says inside, and say what to do where it tells no reason."""
    try:
        yield
    except ApiError as error:
        detail = _INPUT.sub("input_value=(hidden)", error.detail)
        texts = [(name, value) for name, value in values.items() if isinstance(value, str) and len(value) >= _SHORTEST]
        for name, value in sorted(texts, key=lambda item: -len(item[1])):
            detail = detail.replace(value, f"({name})")
        silent = _SILENT.search(detail)
        hint = error.hint if silent is None else _COMPARE if silent[1] else _LOOK
        if (detail, hint) == (error.detail, error.hint):
            raise
        raise type(error)(error.method, error.path, error.status, detail, hint=hint) from None
