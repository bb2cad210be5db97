"""Plan and apply of 20 groups, 200 prompts and 100 models, against a bare loop of the same requests.

    python -m tests.bench.reconcile [ROUNDS]

The loop of the apply only makes the objects; the first line beside it is the apply's own making of them with its two
writes of the inventory, the second one has lock and plan in it too. Everything runs in this process on a sandbox of
its own; rounds of both sides alternate.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import yaml

from owui_sync.apply.lock import locked
from owui_sync.client.connect import connect_read_only
from owui_sync.client.writer import Writer
from owui_sync.manifest.desired import Desired
from owui_sync.pipeline import make_plan
from owui_sync.sandbox import Sandbox, down, up
from tests.bench.replay import Loop, Request, recorded
from tests.bench.table import seconds, show
from tests.support.engine import ALL, Engine, carry_out
from tests.support.school import school

AIM = 1.3


class Bench:
    """One sandbox and one manifest of ordinary size."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.engine = Engine(sandbox, folder, "bench")
        text = school(groups=20, prompts=200, models=100, member=sandbox.admin_email)
        self.empty, self.desired = self.engine.desired({}), self.engine.desired(yaml.safe_load(text))
        self.token = sandbox.token

    async def reconcile(self, writer: Writer, desired: Desired) -> None:
        """Plans and applies."""
        planned = await make_plan(desired, writer, self.engine.options, ALL)
        assert (await carry_out(writer, *planned)).complete

    async def clear(self) -> None:
        """Deletes what was applied, or what somebody made by the same names."""
        async with self.engine.connect() as writer:
            await self.reconcile(writer, self.desired)
            await self.reconcile(writer, self.empty)

    async def plan(self) -> float:
        """Seconds that a plan without changes takes, connection included."""
        start = time.perf_counter()
        async with connect_read_only(self.engine.server) as reader:
            plan, _ = await make_plan(self.desired, reader, self.engine.options, ALL)
        assert plan.empty
        return time.perf_counter() - start

    async def apply(self) -> tuple[float, float]:
        """Seconds that an apply to an empty server takes, and that its changes alone take."""
        start = time.perf_counter()
        async with self.engine.connect() as writer, locked(writer, self.engine.stack, 10):
            planned = await make_plan(self.desired, writer, self.engine.options, ALL)
            began = time.perf_counter()
            assert (await carry_out(writer, *planned)).complete
            ended = time.perf_counter()
        return time.perf_counter() - start, ended - began


async def bench_plan(bench: Bench, rounds: int) -> list[str]:
    """The row of the plan; the stack is applied."""
    async with recorded(bench.engine.server) as (writer, recorder):
        await make_plan(bench.desired, writer, bench.engine.options, ALL)
    ours, bare = [], []
    for _ in range(rounds):
        ours.append(await bench.plan())
        async with Loop(bench.token) as loop:
            await loop.send(recorder.seen)
            bare.append(loop.took)
    return row("plan without changes", len(recorder.seen), ours, bare)


async def bench_apply(bench: Bench, rounds: int) -> list[list[str]]:
    """The rows of the apply: its changes against the loop, and the whole."""
    requests, groups = await recorded_apply(bench)
    changes, whole, bare = [], [], []
    for _ in range(rounds):
        total, took = await bench.apply()
        whole.append(total)
        changes.append(took)
        await bench.clear()
        bare.append(await bare_apply(bench, requests, groups))
        await bench.clear()
    return [
        row("apply, its changes", len(requests), changes, bare),
        row("apply, with lock and plan", len(requests), whole, bare),
    ]


async def recorded_apply(bench: Bench) -> tuple[list[Request], dict[str, str]]:
    """The requests that make the objects on an empty server, and the ids of the groups by name."""
    async with recorded(bench.engine.server) as (writer, recorder):
        planned = await make_plan(bench.desired, writer, bench.engine.options, ALL)
        recorder.seen.clear()
        await carry_out(writer, *planned)
        requests = [request for request in recorder.seen if "/files/" not in request[1]]
        groups = {row["name"]: row["id"] for row in await writer.get("/api/v1/groups/")}
    await bench.clear()
    return requests, groups


async def bare_apply(bench: Bench, requests: list[Request], groups: dict[str, str]) -> float:
    """Makes the same objects: the groups first, because the other requests name their ids."""
    first = [request for request in requests if request[1].endswith("/groups/create")]
    async with Loop(bench.token) as loop:
        ids = {groups[made["name"]]: made["id"] for made in await loop.send(first)}
        await loop.send([renamed(request, ids) for request in requests if request not in first])
        return loop.took


def renamed(request: Request, ids: dict[str, str]) -> Request:
    """The request with the ids that the groups have this time."""
    method, url, body, kind = request
    for old, new in ids.items():
        url, body = url.replace(old, new), body.replace(old.encode(), new.encode())
    return method, url, body, kind


def row(name: str, requests: int, ours: list[float], bare: list[float]) -> list[str]:
    """One line of the table; the ratio is the median of the rounds' ratios."""
    ratio = median(one / other for one, other in zip(ours, bare, strict=True))
    verdict = "ok" if ratio <= AIM else f"above {AIM}"
    return [name, str(requests), seconds(ours), seconds(bare), f"{ratio:.2f}", verdict]


async def run(sandbox: Sandbox, folder: Path, rounds: int) -> None:
    """Prints the table."""
    bench = Bench(sandbox, folder)
    rows = await bench_apply(bench, max(3, rounds // 3))
    await bench.apply()
    rows.insert(0, await bench_plan(bench, rounds))
    head = ["20 groups, 200 prompts, 100 models", "requests", "owui-sync", "bare loop", "ratio", f"aim {AIM}"]
    show(f"Medians of {rounds} rounds (apply: {max(3, rounds // 3)})", [head, *rows])


def main() -> None:
    """Starts a sandbox, measures, stops it."""
    sandbox = up(name="bench", first_port=19080, owner=os.getpid())
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(run(sandbox, Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else 9))
    finally:
        down("bench")


if __name__ == "__main__":
    main()
