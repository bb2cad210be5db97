"""Made from `client/facade/files.py` by `make client`; do not edit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from owui_sync.client.call_time import Timeout
from owui_sync.client.sync.base import Base


class Files(Base):
    """Files on the server."""

    def upload_file(self, file_path: str | Path, *, timeout: Timeout = None) -> dict[str, Any] | None:
        """Send a file of this machine, and wait until models can find its text.

        A file without a text that the server can read, such as a picture, stays on the server all the same.

        Returns:
            The row, with `id`, `filename`, `meta` and more; None on failure.
        """
        return self._run(self._async.upload_file(file_path, timeout=timeout))
