"""The engine run inside the test's own process, on a real server: as `cli.plan` and `cli.apply` do it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import yaml

from owui_sync.apply.context import RunContext, StackLock, Unlocked
from owui_sync.apply.lock import locked
from owui_sync.apply.outcome import Event, Outcome
from owui_sync.client.connect import Server, connect, connect_read_only
from owui_sync.client.writer import Writer
from owui_sync.manifest.desired import Desired
from owui_sync.manifest.load import load
from owui_sync.pipeline import apply_plan, make_plan
from owui_sync.plan.options import Options
from owui_sync.plan.safety import Threshold
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Plan
from owui_sync.sandbox import Sandbox

Result = TypeVar("Result")
ALL = Threshold(100, percent=True)


def _silent(event: Event) -> None:
    """Listens to nothing."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One stack on one server."""

    sandbox: Sandbox
    folder: Path
    stack: str
    options: Options = field(default_factory=Options)

    @property
    def server(self) -> Server:
        """The server with its token."""
        return Server(url=self.sandbox.url, token=self.sandbox.token)

    def connect(self) -> AbstractAsyncContextManager[Writer]:
        """A client that writes."""
        return connect(self.server)

    def write(self, *documents: Mapping[str, Any]) -> list[Path]:
        """Writes manifests of the stack, one file each, and nothing else into the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.glob("*.yaml"):
            old.unlink()
        paths = [self.folder / f"{number}.yaml" for number in range(len(documents))]
        for path, document in zip(paths, documents, strict=True):
            text = yaml.dump({"version": 1, **document}, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
            path.write_text(text, encoding="utf-8", newline="")
        return paths

    def desired(self, *documents: Mapping[str, Any]) -> Desired:
        """What manifests with these sections ask for."""
        self.write(*documents)
        return load([self.folder], stack=self.stack, root=self.folder)

    def run(self, work: Callable[[Writer], Awaitable[Result]]) -> Result:
        """Does something with a client that writes."""

        async def main() -> Result:
            async with self.connect() as writer:
                return await work(writer)

        return asyncio.run(main())

    def plan(self, *documents: Mapping[str, Any]) -> Plan:
        """The plan of manifests with these sections."""

        async def main() -> Plan:
            async with connect_read_only(self.server) as reader:
                return (await make_plan(self.desired(*documents), reader, self.options, ALL))[0]

        return asyncio.run(main())

    def apply(self, *documents: Mapping[str, Any], parallelism: int = 4) -> Outcome:
        """Applies manifests with these sections under the stack's lock."""

        async def work(writer: Writer) -> Outcome:
            async with locked(writer, self.stack, 30) as lock:
                planned = await make_plan(self.desired(*documents), writer, self.options, ALL)
                return await carry_out(writer, *planned, parallelism, lock)

        return self.run(work)


async def carry_out(
    writer: Writer, plan: Plan, snapshot: Snapshot, parallelism: int = 4, lock: StackLock | None = None
) -> Outcome:
    """Makes the changes of a plan; nobody listens and nobody stops it."""
    return await apply_plan(plan, snapshot, RunContext(writer, parallelism, lock=lock or Unlocked()), _silent)


def engine_for(sandbox: Sandbox, folder: Path, name: str) -> Engine:
    """An engine with a stack of its own, whatever else runs on that server."""
    return Engine(sandbox, folder, f"{name[:30].strip('-')}-{uuid4().hex[:8]}")
