from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from owui_sync.sandbox.provider.http import Provider


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own, with nothing installed."""
    monkeypatch.setenv("OWUI_SYNC_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def provider() -> Iterator[httpx.Client]:
    """A client of a provider that runs in a thread; what it answers is what its process would."""
    with Provider(0) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        with httpx.Client(base_url=f"http://127.0.0.1:{server.server_port}", trust_env=False, timeout=5) as client:
            yield client
        server.reset()
        server.shutdown()
