"""Files of knowledge bases: uploads beside `oikb`, many files, many kills, and a large file.

    python -m tests.bench.knowledge [oikb] [scale] [kills] [memory]

Without words all four are run, one after the other, on a sandbox of their own; `oikb` comes from the package registry
into a virtual environment that is removed again. All requests go through the same counting proxy.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import httpx

from owui_sync.sandbox import Sandbox, down, up
from tests.bench.table import show
from tests.support.documents import Documents
from tests.support.project import Project, changes
from tests.support.proxy import Proxy, proxied

OIKB = "oikb==0.6.0"
_MB = 1 << 20


def beside_oikb(sandbox: Sandbox, folder: Path) -> None:
    """150 small files into an empty base, then again without changes; oikb one at a time (its default) and four."""
    command = _installed(folder)
    rows: list[Sequence[str]] = [("", "first run", "requests", "files there", "no change", "requests")]
    rows.append(("owui-sync", *_ours(sandbox, folder)))
    for workers in ("1", "4"):
        rows.append((f"{OIKB}, {workers} at a time", *_theirs(sandbox, folder, command, workers)))
    show("150 small files", rows)


def _ours(sandbox: Sandbox, folder: Path) -> list[str]:
    documents = Documents(_project(sandbox, folder, "ours"), 150)
    documents.write()
    with proxied(sandbox) as (seen, proxy):
        project = replace(documents.project, sandbox=seen)
        return [*_timed(proxy, project.apply), str(len(documents.held())), *_timed(proxy, project.plan)]


def _theirs(sandbox: Sandbox, folder: Path, command: Path, workers: str) -> list[str]:
    documents = Documents(_project(sandbox, folder, f"theirs-{workers}"), 150)
    documents.write()
    body = {"name": documents.name, "description": "", "access_grants": []}
    id = documents.project.api("POST", "/api/v1/knowledge/create", body)["id"]

    def sync() -> None:
        words = ["sync", "docs", "--kb-id", id, "--url", seen.url, "--token", seen.token, "--concurrency", workers]
        subprocess.run([command, *words], cwd=documents.project.folder, capture_output=True, check=False)

    with proxied(sandbox) as (seen, proxy):
        return [*_timed(proxy, sync), str(len(documents.held())), *_timed(proxy, sync)]


def _timed(proxy: Proxy, work: Callable[[], object]) -> tuple[str, str]:
    before, start = len(proxy.seen), time.perf_counter()
    work()
    return f"{time.perf_counter() - start:.1f} s", str(len(proxy.seen) - before)


def _installed(folder: Path) -> Path:
    venv.create(folder / "venv", with_pip=True)
    subprocess.run([folder / "venv/bin/pip", "install", "--quiet", OIKB], check=True, stderr=subprocess.DEVNULL)
    return folder / "venv/bin/oikb"


def scale(sandbox: Sandbox, folder: Path) -> None:
    """2,000 files in 200 folders: apply, plan without changes, one changed file; then the plan of 20,000."""
    documents = Documents(_project(sandbox, folder, "scale"), 2000, folders=200)
    documents.write()
    rows = [("", "seconds", "requests", "peak memory")]
    rows.append(("apply of 2,000 files", *_measured(documents.project, "apply", ".", "--yes")))
    documents.are_complete()
    rows.append(("plan without changes", *_measured(documents.project, "plan", ".")))
    (documents.project.folder / "docs" / documents.place(7)).write_text(f"changed {documents.name}")
    rows.append(("apply of one changed file", *_measured(documents.project, "apply", ".", "--yes")))
    assert changes(documents.project.plan()) == {}
    many = Documents(_project(sandbox, folder, "many"), 20_000, folders=500)
    many.write()
    rows.append(("plan of 20,000 new files", *_measured(many.project, "plan", ".")))
    rows.append(("the same again", *_measured(many.project, "plan", ".")))
    show("Many files", rows)


def memory(sandbox: Sandbox, folder: Path) -> None:
    """A file of 500 MB until the server has it; what the server then makes of such bytes takes it an hour."""
    project = _project(sandbox, folder, "memory")
    (project.folder / "docs").mkdir()
    with (project.folder / "docs/large.bin").open("wb") as file:
        for _ in range(500):
            file.write(os.urandom(_MB))
    project.write("knowledge:\n  Large: {files: [{path: docs}]}\n")
    start, process = time.perf_counter(), project.start("apply", ".", "--yes")
    headers, url = {"Authorization": f"Bearer {sandbox.token}"}, f"{sandbox.url}/api/v1/files/search"
    while httpx.get(url, params={"filename": "large.bin"}, headers=headers, timeout=60).status_code != 200:
        assert process.poll() is None, process.communicate()
        time.sleep(0.5)
    taken = time.perf_counter() - start
    status = Path(f"/proc/{process.pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    process.kill()
    process.communicate()
    show("A file of 500 MB", [("until the server had it", f"{taken:.1f} s"), ("peak memory", f"{peak // 1024} MB")])


def kills(sandbox: Sandbox, folder: Path) -> None:
    """300 files, killed at ten random moments of their upload, then run to the end."""
    documents = Documents(_project(sandbox, folder, "kills"), 300)
    documents.write()
    documents.apply_killed(10, seed=10)
    documents.project.apply()
    documents.are_complete()
    show("300 files, killed ten times", [("on the server", "300"), ("doubles and orphans", "0")])


def _project(sandbox: Sandbox, folder: Path, name: str) -> Project:
    (folder / name).mkdir()
    return Project(folder / name, sandbox, name)


def _measured(project: Project, *words: str, code: int = 0) -> tuple[str, str, str]:
    """Seconds, requests and peak memory of a command in a process of its own."""
    with proxied(project.sandbox) as (seen, proxy):
        start = time.perf_counter()
        process = replace(project, sandbox=seen).start(*words)
        _, status, usage = os.wait4(process.pid, 0)
        taken = time.perf_counter() - start
        assert os.waitstatus_to_exitcode(status) == code, process.communicate()
    return f"{taken:.1f} s", str(len(proxy.seen)), f"{usage.ru_maxrss / 1024:.0f} MB"


PARTS: dict[str, Callable[[Sandbox, Path], None]] = {
    "oikb": beside_oikb,
    "scale": scale,
    "kills": kills,
    "memory": memory,
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sandbox = up(name="bench-knowledge", first_port=19180, owner=os.getpid())
        try:
            for part in sys.argv[1:] or PARTS:
                PARTS[part](sandbox, Path(folder))
        finally:
            down("bench-knowledge")
