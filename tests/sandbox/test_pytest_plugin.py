from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from owui_sync.cache import cache_dir
from owui_sync.sandbox.state import records

pytest_plugins = ["pytester"]

TESTS = """
import json, os, pathlib, time

def note(sandbox):
    pathlib.Path({notes!r}, str(os.getpid())).write_text(json.dumps([sandbox.name, sandbox.url, sandbox.pid]))
    # Long enough for the other worker to get a test too.
    time.sleep(1)

def test_one(open_webui):
    note(open_webui)

def test_two(open_webui):
    note(open_webui)
"""


@pytest.fixture(scope="session")
def cache() -> Path:
    return cache_dir()


@pytest.fixture(autouse=True)
def _same_cache(cache: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the inner run use the installs of the outer one, although it has another home."""
    monkeypatch.setenv("OWUI_SYNC_CACHE", str(cache))


@pytest.mark.slow
@pytest.mark.server
def test_workers_share_one_server_that_is_stopped_at_the_end(pytester: pytest.Pytester) -> None:
    notes = pytester.mkdir("notes")
    pytester.makepyfile(TESTS.format(notes=str(notes)))
    result = pytester.runpytest_subprocess("-n", "2", "--dist", "load")
    result.assert_outcomes(passed=2)
    seen = [json.loads(path.read_text()) for path in notes.iterdir()]
    assert len(seen) == 2
    assert seen[0] == seen[1]
    assert seen[0][0] not in {record.name for record in records()}
    assert not Path(f"/proc/{seen[0][2]}/exe").exists()


def test_a_run_that_asks_for_no_server_starts_none(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = pytester.path / "cache"
    monkeypatch.setenv("OWUI_SYNC_CACHE", str(cache))
    pytester.makepyfile("def test_nothing(): pass")
    pytester.runpytest_subprocess("--owui-version", "0.6.43").assert_outcomes(passed=1)
    assert not cache.exists()


def test_every_pytest_run_loads_the_plugin_so_it_imports_nothing() -> None:
    code = "import sys, owui_sync.pytest_plugin; print([m for m in sys.modules if 'sandbox' in m or m == 'httpx'])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "[]\n"
