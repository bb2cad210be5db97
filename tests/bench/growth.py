"""How a fleet grows: a plan without changes of 10 to 10,000 instances, and other ways to do the same work.

python -m tests.bench.growth [SIZE ...] [--compare SIZE] [--latency SECONDS] [--svg FILE]

The servers are one process that answers as a real server did when `tests/fleet/recording.json` was made. Prints two
tables in Markdown; the plot is of the first one. Memory is that of the largest process. Dask needs the extra `dask`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.plot import Line, log_log
from tests.support.many_fleet import ManyFleet, many_fleet
from tests.support.recording import write_manifests

_RECORDING = Path(__file__).parents[1] / "fleet" / "recording.json"
_SIZES = (10, 100, 1000, 10_000)
_SINGLE_RUNS = 10
"""How many runs of a loop are measured; the others take as long."""
_AT_ONCE = "64"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a way to plan a fleet took.

    Args:
        way: what was done.
        size: instances.
        seconds: wall time.
        cpu: processor seconds of owui-sync, without its servers and the workers of Dask.
        memory: MB of its largest process.
        requests: that the servers got.
        load: of the machine at the end, whatever else it does included.
    """

    way: str
    size: int
    seconds: float
    cpu: float
    memory: float
    requests: int
    load: float


def _requests(fleet: ManyFleet) -> int:
    return sum(count for count, *_ in fleet.seen().values())


def _planned(fleet: ManyFleet, way: str, size: int, *words: str) -> Figures:
    """Plan the fleet, and see that every instance was planned."""
    before = _requests(fleet)
    done = fleet.measure("fleet", "plan", "--format", "json", "-q", "--instances-at-once", _AT_ONCE, *words)
    assert done.code == 0, done.err
    assert json.loads(done.out)["totals"]["unchanged"] == size
    load = os.getloadavg()[0]
    return Figures(way, size, done.seconds, done.cpu, done.memory, _requests(fleet) - before, load)


def _looped(fleet: ManyFleet, size: int) -> Figures:
    """Plan some instances with a command each, and reckon what all of them take."""
    before, done = _requests(fleet), []
    for number in range(_SINGLE_RUNS):
        words = ("--url", f"http://127.0.0.1:{fleet.port}/loop-{number}", "--token", fleet.env["FLEET_TOKEN"])
        done.append(fleet.measure("plan", "before", "-q", *words))
        assert done[-1].code == 0, done[-1].err
    times = size / _SINGLE_RUNS
    return Figures(
        "a loop of single runs (from 10)",
        size,
        sum(each.seconds for each in done) * times,
        sum(each.cpu for each in done) * times,
        max(each.memory for each in done),
        round((_requests(fleet) - before) * times),
        os.getloadavg()[0],
    )


@contextmanager
def _dask(fleet: ManyFleet) -> Iterator[str]:
    """Start a scheduler with two workers on this machine, and give its address."""
    program, file = str(Path(sys.executable).with_name("dask")), fleet.folder / "scheduler.json"
    scheduler = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    workers = ["worker", "--scheduler-file", str(file), "--nworkers", "2", "--nthreads", "8", "--no-dashboard"]
    env = {**fleet.env, "DASK_TEMPORARY_DIRECTORY": str(fleet.folder)}
    null = subprocess.DEVNULL
    started = [subprocess.Popen([program, *words], env=env, stdout=null, stderr=null) for words in (scheduler, workers)]
    try:
        while not file.exists() or not file.read_text():
            time.sleep(0.1)
        address = f"dask:{json.loads(file.read_text())['address']}"
        while "has no workers" in fleet.measure("fleet", "plan", "--executor", address, "--instance", "f-00000").err:
            time.sleep(1)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def _write(fleet: ManyFleet, size: int) -> None:
    fleet.write([f"f-{number:05}" for number in range(size)], "before")


def grown(fleet: ManyFleet, sizes: Iterable[int]) -> list[Figures]:
    """Measure a plan in one process for each size."""
    found = []
    for size in sizes:
        _write(fleet, size)
        found.append(_planned(fleet, "one process", size))
        print(_row(found[-1]), file=sys.stderr, flush=True)
    return found


def compared(fleet: ManyFleet, size: int) -> list[Figures]:
    """Measure each way to plan a fleet of that size."""
    _write(fleet, size)
    found = [_looped(fleet, size), _planned(fleet, "one process", size)]
    found.append(_planned(fleet, "`--executor processes:2`", size, "--executor", "processes:2"))
    with _dask(fleet) as address:
        found.append(_planned(fleet, "Dask, two workers of 8 threads", size, "--executor", address))
    return found


def _row(each: Figures) -> str:
    cells = (f"{each.seconds:.1f}", f"{each.cpu:.1f}", f"{each.memory:.0f}", f"{each.requests:,}", f"{each.load:.0f}")
    return f"| {each.way} | {each.size:,} | {' | '.join(cells)} |"


def _table(rows: Iterable[Figures]) -> str:
    head = "| way | instances | seconds | processor seconds | MB | requests | load |\n|---|--:|--:|--:|--:|--:|--:|"
    return "\n".join([head, *map(_row, rows)])


def main() -> None:
    """Read the command line, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=_SIZES)
    parser.add_argument("--compare", type=int, default=1000, help="size of the fleet that each way plans; 0: none")
    parser.add_argument("--latency", type=float, default=0.05, help="seconds before a server answers")
    parser.add_argument("--svg", type=Path, help="where to write the plot")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        recording = Path(shutil.copy(_RECORDING, place))
        write_manifests(Path(place))
        with many_fleet(recording, given.latency) as fleet:
            rows = grown(fleet, given.sizes)
            print(_table(rows), flush=True)
            if given.compare:
                print(f"\n{_table(compared(fleet, given.compare))}")
    if given.svg:
        lines = [
            Line("seconds", [(each.size, each.seconds) for each in rows]),
            Line("processor seconds", [(each.size, each.cpu) for each in rows]),
            Line("MB", [(each.size, each.memory) for each in rows]),
            Line("requests", [(each.size, each.requests) for each in rows]),
        ]
        given.svg.write_text(log_log("A plan without changes, by instances", lines), encoding="utf-8")


if __name__ == "__main__":
    main()
