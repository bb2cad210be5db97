"""How to reach an instance. Certificates are loaded once for all: that takes 20 ms, and 0.5 MB each time."""

from __future__ import annotations

import os
import ssl
from functools import cache
from pathlib import Path
from typing import Any

from owui_sync.client.connect import PATIENCE, Server, find_token
from owui_sync.client.environment import trusted_by, trusted_in
from owui_sync.fleet.manifests import secrets_of
from owui_sync.fleet.unit import InstanceSpec


def server_of(spec: InstanceSpec) -> Server:
    """Return how to reach an instance. Raises OwuiSyncError where its token cannot be had."""
    settings = spec.settings
    known = spec.target.connection(secret=secrets_of(spec))
    token = known.token.reveal() if known.token else None
    optional: dict[str, Any] = {} if settings.rate is None else {"rate": settings.rate}
    return Server(
        url=spec.url,
        token=find_token(token, known.token_file, {}, ("`token` of the instance", "`token_file` of the instance")),
        timeout=settings.timeout or PATIENCE,
        connections=settings.parallelism,
        ca_bundle=_trusted(spec.url, known.ca_bundle, settings.insecure),
        insecure=settings.insecure,
        wait=settings.wait,
        headers={name: value.reveal() for name, value in known.headers.items()},
        **optional,
    )


def _trusted(url: str, bundle: Path | None, insecure: bool) -> ssl.SSLContext | None:
    """Return the certificates to trust for a server; None where none are needed. Raises UsageError."""
    return None if insecure or url.startswith("http:") else _loaded(bundle)


@cache
def _loaded(bundle: Path | None) -> ssl.SSLContext:
    import certifi

    if bundle is not None:
        return trusted_in(bundle)
    return trusted_by(os.environ) or ssl.create_default_context(cafile=certifi.where())
