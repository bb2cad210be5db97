"""One entry of a list on the server: the list is read, the entry changed in it, and the list written back whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from owui_sync.client.access import to_control
from owui_sync.client.api import configs
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.writer import Writer
from owui_sync.kinds.rows import Row, put_at
from owui_sync.kinds.settings.entries import AREAS, identity, put
from owui_sync.kinds.write import WriteRequest

WEBHOOKS = "webhooks"


async def create(writer: Writer, area: str, key: str, write: WriteRequest) -> None:
    """Add an entry. Two requests, one for a webhook."""
    spec = AREAS[area]
    values: dict[str, Any] = dict(write.values)
    if "access" in spec.fields:
        values.setdefault("access", "private")
    item = spec.fresh()
    if area == WEBHOOKS:
        await configs.create_webhook(writer, {**put(area, item, write, await _access(writer)), "name": key})
        return
    put_at(item, spec.id, key)
    if area == "arena":
        item["name"] = key
    new = put(area, item, WriteRequest(write.key, values, write.names, write.message), await _access(writer))
    await _rewrite(writer, area, lambda items: [*items, new])


async def update(writer: Writer, area: str, id: str, write: WriteRequest) -> None:
    """Change an entry, and leave the others as they are. Two requests, one for a webhook."""
    access_part = await _access(writer)
    if area == WEBHOOKS:
        await configs.update_webhook(writer, id, put(area, {}, write, access_part))
        return

    def changed(items: list[Row]) -> list[Row]:
        return [put(area, item, write, access_part) if _is(area, item, id) else item for item in items]

    await _rewrite(writer, area, changed)


async def delete(writer: Writer, area: str, id: str) -> None:
    """Take an entry out, and leave the others as they are. Two requests, one for a webhook."""
    if area == WEBHOOKS:
        await configs.delete_webhook(writer, id)
        return
    await _rewrite(writer, area, lambda items: [item for item in items if not _is(area, item, id)])


def _is(area: str, item: Row, id: str) -> bool:
    known = identity(area, item)
    return known is not None and known[1] == id


async def _rewrite(writer: Writer, area: str, change: Callable[[list[Row]], list[Row]]) -> None:
    spec = AREAS[area]
    body = await configs.read(writer, spec.form)
    await configs.write(writer, spec.form, {**body, spec.list: change(list(body.get(spec.list) or []))})


async def _access(writer: Writer) -> Callable[[list[Row]], Row]:
    """Return what gives the part of a body that sets grants, in the form of the server's version."""
    if await can(writer, Feature.GRANTS):
        return lambda rows: {"access_grants": rows}
    return lambda rows: {"access_control": to_control(rows)}
