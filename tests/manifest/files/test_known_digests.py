"""What is remembered of files from one run to the next."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from owui_sync.manifest.files.known_digests import KnownDigests


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("OWUI_SYNC_CACHE", str(folder))
    return folder


def keep(**read: str) -> None:
    with KnownDigests() as known:
        known.keep({path: (f"state of {path}", sha256) for path, sha256 in read.items()})


def of(*paths: str, state: str = "state of") -> dict[str, str]:
    with KnownDigests() as known:
        return known.of({path: f"{state} {path}" for path in paths})


def test_a_digest_is_known_while_the_state_is_the_same() -> None:
    keep(a="1", b="2")
    assert of("a", "b", "c") == {"a": "1", "b": "2"}
    assert of("a", state="other") == {}


def test_a_new_state_takes_the_place_of_the_old_one() -> None:
    keep(a="1")
    keep(a="2")
    assert of("a") == {"a": "2"}


def test_many_are_asked_for_at_once() -> None:
    paths = {f"{number}": f"sha {number}" for number in range(2345)}
    keep(**paths)
    assert of(*paths) == paths


def test_what_was_not_asked_for_in_a_month_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    def on_day(day: int) -> None:
        monkeypatch.setattr("time.time", lambda: day * 86_400.0)

    on_day(100)
    keep(old="1", used="2")
    on_day(120)
    assert of("used")
    on_day(131)
    keep(new="3")
    assert of("old", "used", "new") == {"used": "2", "new": "3"}


def test_a_damaged_memory_is_ignored_and_made_anew(cache: Path) -> None:
    keep(a="1")
    (path,) = cache.iterdir()
    path.write_bytes(b"no database, " * 1000)
    assert of("a") == {}
    keep(a="1")
    assert of("a") == {"a": "1"}


def test_another_form_of_it_is_ignored(cache: Path) -> None:
    cache.mkdir()
    with sqlite3.connect(cache / "digests-1.sqlite3") as table:
        table.execute("CREATE TABLE digests (something TEXT)")
    table.close()
    keep(a="1")
    assert of("a") == {}


@pytest.mark.parametrize("home", ["a file", "a folder that nobody can write"])
def test_without_a_place_to_write_nothing_is_remembered(
    home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("OWUI_SYNC_CACHE", str(tmp_path / "file/cache") if home == "a file" else "/proc/cache")
    keep(a="1")
    assert of("a") == {}


def test_a_memory_that_another_process_is_writing_is_done_without(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("owui_sync.manifest.files.known_digests._PATIENCE", 0.01)
    keep(a="1")
    other = sqlite3.connect(cache / "digests-1.sqlite3")
    other.execute("BEGIN EXCLUSIVE")
    keep(a="2")
    assert of("a") == {}
    other.close()
    assert of("a") == {"a": "1"}


def test_several_at_once_do_each_other_no_harm() -> None:
    threads = [threading.Thread(target=keep, kwargs={f"file{number}": "1"}) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(of(*(f"file{number}" for number in range(8)))) == 8
