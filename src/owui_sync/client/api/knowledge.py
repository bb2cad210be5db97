"""Knowledge bases: so far, what there is.

A row has `id`, `name` (not unique), `description`, `access_grants`, `file_count`, `write_access`, `user_id`, `user`,
`created_at`, `updated_at` (seconds; blind to files and grants), and no files.
"""

from __future__ import annotations

from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row

_PAGES = "/api/v1/knowledge/"


async def list_all(reader: Reader) -> list[Row]:
    """All knowledge bases that the user may see, newest change first. One request for 30."""
    return await reader.pages(_PAGES)
