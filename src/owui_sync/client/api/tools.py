"""Tools: so far, which there are."""

from __future__ import annotations

from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, as_rows

_LIST = "/api/v1/tools/"
_EXPORT = "/api/v1/tools/export"
_SERVERS = "/api/v1/configs/tool_servers"


async def list_all(reader: Reader) -> list[Row]:
    """All tools, without their source; tool servers that answer are among them with ids `server:*`. One request.

    The server asks each tool server for that, and waits up to ten seconds for one that is down.
    """
    return as_rows(await reader.get(_LIST), "GET", _LIST)


async def configured(reader: Reader) -> list[str]:
    """Ids of all tools, and of the tool servers that are configured, whether they answer or not.

    Two requests, in which no tool server is asked; administrators only.
    """
    rows, servers = await gather_or_cancel(reader.get(_EXPORT), reader.get(_SERVERS))
    connections = as_rows(as_row(servers, "GET", _SERVERS).get("TOOL_SERVER_CONNECTIONS") or [], "GET", _SERVERS, ())
    ids = [str(row["id"]) for row in as_rows(rows, "GET", _EXPORT)]
    return [*ids, *(_server_id(number, connection) for number, connection in enumerate(connections))]


def _server_id(number: int, connection: Row) -> str:
    """As the server makes it: one without an id of its own goes by its place in the list."""
    id = (connection.get("info") or {}).get("id")
    return f"server:mcp:{id}" if connection.get("type") == "mcp" else f"server:{id or number}"
