"""A fleet of many recorded servers, and commands on it as a user would type them."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.project import Ran, run_here

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Measured:
    """A command that ended: exit code, output, wall and processor seconds, the most memory in MB."""

    code: int
    out: str
    err: str
    seconds: float
    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class ManyFleet:
    """A folder with `fleet.yaml`, `before` and `after`, and the port of its servers."""

    folder: Path
    port: int

    @property
    def env(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in {"PATH", "HOME", "TMPDIR"} or name.startswith("DASK_")
        }
        return {**kept, "FLEET_TOKEN": "sk-0123456789abcdef"}

    def write(self, names: Sequence[str], layers: str, more: str = "", own: dict[str, str] | None = None) -> Path:
        """Write the fleet; `own` are layers of single instances."""
        lines = [
            "version: 1",
            "defaults:",
            "  token_env: FLEET_TOKEN",
            f'  url: !sub "http://127.0.0.1:{self.port}/${{name}}"',
            f"  layers: [{layers}]",
            "instances:",
        ]
        for number, name in enumerate(names):
            layer = f"layers: [{own[name]}], " if own and name in own else ""
            lines.append(f"  {name}: {{{layer}labels: {{ring: r{number % 10}}}}}")
        path = self.folder / "fleet.yaml"
        path.write_text("\n".join(lines) + f"\n{more}", encoding="utf-8")
        return path

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start `owui-sync` with these words."""
        return subprocess.Popen(
            [sys.executable, "-m", "owui_sync", *words],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> Ran:
        """Run `owui-sync` with these words to its end, in this process."""
        return run_here(self.folder, self.env, *words)

    def measure(self, *words: str) -> Measured:
        """Run `owui-sync` with these words to its end, in a process of its own."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", _MEASURE, sys.executable, "-m", "owui_sync", *words],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        out, err = process.communicate()
        seconds = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        err, _, last = err.rpartition("MEMORY ")
        return Measured(process.returncode, out, err, seconds, cpu, int(last) / 1000)

    def seen(self) -> dict[str, list[Any]]:
        """Return name -> the number of requests of a server, and each write to one of its objects."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_seen") as answer:
            seen: dict[str, list[Any]] = json.load(answer)
        return seen


_MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print("MEMORY", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


@contextmanager
def many_fleet(recording: Path, latency: float = 0.0, silent: str = "", locked: str = "") -> Iterator[ManyFleet]:
    """Start the servers of a recording, whose folder becomes that of the fleet."""
    words = ["--latency", str(latency), "--silent", silent, "--locked", locked]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.many_servers", str(recording), *words],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield ManyFleet(recording.parent, int(process.stdout.readline()))
    finally:
        process.terminate()
        process.communicate()
