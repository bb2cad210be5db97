"""The server itself: its version and what it tells to everybody."""

from __future__ import annotations

from owui_sync.client.errors import ApiError
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row

VERSION = "/api/version"
_CONFIG = "/api/config"
_SCIM = "/api/v1/scim/v2/ServiceProviderConfig"


async def version(reader: Reader) -> Row:
    """Return `{"version": "0.12.4", "deployment_id": ""}`, as all tested versions do. One request, no token needed."""
    return as_row(await reader.get(VERSION), "GET", VERSION)


async def config(reader: Reader) -> Row:
    """Return what the web page needs to start: `name`, `version`, `features`, `oauth`, ... One request.

    To an API key the server gives only the public part, as without any token; a JWT gets defaults,
    limits and permissions beside it.
    """
    return as_row(await reader.get(_CONFIG), "GET", _CONFIG)


async def has_scim(reader: Reader) -> bool:
    """Return whether an identity provider can write accounts and groups through SCIM (`ENABLE_SCIM`). One request.

    No route says so; but without it there are no routes of SCIM, of which this one needs no token of SCIM (0.6.43 to
    0.12.4).
    """
    try:
        return bool(await reader.get(_SCIM))
    except ApiError:
        return False
