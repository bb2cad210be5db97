"""A thousand instances: plan without changes, plan with the same three changes everywhere, apply; and a loop of runs.

python -m tests.bench.fleet [COUNT] [LATENCY]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from owui_sync import sandbox
from tests.support.many_fleet import ManyFleet, Measured, many_fleet
from tests.support.recording import record

_LOOP = 10


def _tell(what: str, done: Measured) -> None:
    last = done.out.strip().rpartition("\n")[2]
    load = os.getloadavg()[0]
    figures = f"{done.seconds:7.1f} s  {done.cpu:6.1f} s cpu  {done.memory:5.0f} MB  load {load:.1f}"
    print(f"{what:<36} {figures}  exit {done.code}  {last}", flush=True)


def _loop(fleet: ManyFleet, count: int) -> None:
    start = time.perf_counter()
    for number in range(_LOOP):
        url = f"http://127.0.0.1:{fleet.port}/loop-{number}"
        process = fleet.start("plan", "before", "--url", url, "--token", fleet.env["FLEET_TOKEN"])
        process.communicate()
        assert process.returncode == 0
    one = (time.perf_counter() - start) / _LOOP
    print(f"{'loop of single runs':<36} {one:.2f} s each, {one * count:.0f} s for {count}", flush=True)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    latency = float(sys.argv[2]) if len(sys.argv) > 2 else 0.05
    with tempfile.TemporaryDirectory() as place:
        box = sandbox.up(name="bench-fleet")
        try:
            recording = record(box, Path(place))
        finally:
            sandbox.down("bench-fleet")
        measure(recording, count, latency)


def measure(recording: Path, count: int, latency: float) -> None:
    names = [f"school-{number:04}" for number in range(count)]
    with many_fleet(recording, latency) as fleet:
        fleet.write(names, "before")
        for at_once in (16, 64):
            plan = fleet.measure("fleet", "plan", "-q", "--instances-at-once", str(at_once))
            _tell(f"plan, unchanged, {at_once} at once", plan)
        fleet.write(names, "after")
        _tell("plan, 3 changes each, 32 at once", fleet.measure("fleet", "plan", "-q", "--instances-at-once", "32"))
        words = ("fleet", "apply", "-q", "--yes", "--instances-at-once", "32")
        _tell("apply, 32 at once", fleet.measure(*words))
        _tell("apply again, 32 at once", fleet.measure(*words))
        _loop(fleet, count)


if __name__ == "__main__":
    main()
