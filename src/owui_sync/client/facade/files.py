"""Files on the server."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from owui_sync.client.api import files
from owui_sync.client.call_time import Timeout
from owui_sync.client.facade.base import Base
from owui_sync.client.facade.failures import otherwise
from owui_sync.client.uploads import FileRefused, existing, unreadable

log = logging.getLogger("owui_sync.client")


class Files(Base):
    """Files on the server."""

    @otherwise(None)
    async def upload_file(self, file_path: str | Path, *, timeout: Timeout = None) -> dict[str, Any] | None:
        """Send a file of this machine, and wait until models can find its text.

        A file without a text that the server can read, such as a picture, stays on the server all the same.

        Returns:
            The row, with `id`, `filename`, `meta` and more; None on failure.
        """
        path = existing(file_path)
        try:
            content = path.open("rb")
        except OSError as error:
            raise FileRefused(f"it cannot be read: {error.strerror}", where=str(path)) from None
        with content:
            row = await files.upload(self._writer, path.name, content, process=True)
        if reason := await unreadable(self._writer, row["id"]):
            log.warning("upload_file: the server has no text of %s: %s", path.name, reason)
        return {**row}
