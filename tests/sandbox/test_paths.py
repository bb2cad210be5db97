from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from owui_sync.cache import cache_dir
from owui_sync.sandbox.paths import locked, sandbox_dir, write_private


def test_the_cache_is_where_the_variable_says(own_cache: Path) -> None:
    assert cache_dir() == own_cache
    assert sandbox_dir("0.12.4") == own_cache / "sandbox" / "0.12.4"


def test_without_it_the_cache_is_in_the_users_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("OWUI_SYNC_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_dir() == tmp_path / "owui-sync"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_dir() == Path.home() / ".cache" / "owui-sync"


def test_what_is_written_is_for_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "secret.json"
    write_private(path, "one")
    write_private(path, "two")
    assert path.read_text() == "two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_a_lock_is_held_by_one_at_a_time(own_cache: Path) -> None:
    order = []

    def second() -> None:
        with locked("name"):
            order.append("second")

    with locked("name"):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.1)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
