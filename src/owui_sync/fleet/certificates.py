"""Certificates to trust, loaded once for all instances: that takes 20 ms, and 0.5 MB each time."""

from __future__ import annotations

import os
import ssl
from functools import cache
from pathlib import Path

from owui_sync.client.environment import trusted_by, trusted_in


def trusted(url: str, bundle: Path | None, insecure: bool) -> ssl.SSLContext | None:
    """Return the certificates to trust for a server; None where none are needed. Raises UsageError."""
    return None if insecure or url.startswith("http:") else _loaded(bundle)


@cache
def _loaded(bundle: Path | None) -> ssl.SSLContext:
    import certifi

    if bundle is not None:
        return trusted_in(bundle)
    return trusted_by(os.environ) or ssl.create_default_context(cafile=certifi.where())
