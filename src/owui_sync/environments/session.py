"""Plans, applies and jobs on a throwaway server, told to nobody but the caller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from owui_sync.apply.outcome import Status
from owui_sync.client.api import files
from owui_sync.client.connect import Server, connect_read_only
from owui_sync.client.writer import Writer
from owui_sync.environments.stand_ins import equipped, missing
from owui_sync.errors import Diagnostic, OwuiSyncError
from owui_sync.manifest.desired import Desired
from owui_sync.observe.inventory import read_stacks
from owui_sync.pipeline import make_plan, run
from owui_sync.plan.options import Options
from owui_sync.plan.safety import Threshold
from owui_sync.plan.types import Plan
from owui_sync.run.options import RunOptions
from owui_sync.run.result import RunResult
from owui_sync.run.silent import SilentReporter
from owui_sync.run.sources import JobsSource, ManifestSource
from owui_sync.sandbox import Sandbox
from owui_sync.sandbox.state import find

EVERYTHING = Threshold(100, percent=True)
"""On a throwaway server everything may be deleted."""

_LOCK_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Session:
    """The work on one throwaway server.

    Args:
        sandbox: the server.
        options: how to plan.
    """

    sandbox: Sandbox
    options: Options

    @property
    def server(self) -> Server:
        """How to talk to it."""
        return Server(url=self.sandbox.url, token=self.sandbox.token)

    @property
    def services(self) -> str | None:
        """Where stubs answer for other services; None where the server may reach those."""
        record = find(self.sandbox.name)
        return None if record and record.setup.live_endpoints else self.sandbox.provider_url

    async def plan(self, desired: Desired, threshold: Threshold | None = EVERYTHING) -> Plan:
        """Return what an apply of the manifests, as they are, would do; no jobs.

        Raises:
            UnsafePlan: the plan deletes more than the threshold; None is the default one.
        """
        async with connect_read_only(self.server) as reader:
            plan, _ = await make_plan(
                equipped(desired, self.services), reader, replace(self.options, jobs=False), threshold
            )
            return plan

    async def apply(self, desired: Desired, *, jobs: bool = False) -> RunResult:
        """Apply manifests with stand-ins for what only the live server has; due jobs run after it with `jobs`."""
        needed = missing(desired, self.options.selection, self.services)
        if needed.entries:
            result = await self._run(_UnownedSource(needed, Options(jobs=False), EVERYTHING))
            if result.exit_code:
                return result
        options = replace(self.options, jobs=jobs, claim=True)
        return await self._run(ManifestSource(equipped(desired, self.services), options, EVERYTHING))

    async def apply_whole(self, desired: Desired) -> RunResult:
        """Apply manifests as `apply` does, without jobs.

        Raises:
            OwuiSyncError: something was not applied; with everything that went wrong.
        """
        result = await self.apply(desired)
        if result.exit_code:
            raise OwuiSyncError.of(failures(result))
        return result

    def expecting(self, desired: Desired) -> list[str]:
        """Return the selected jobs that expect something of their answer; none where jobs are left out."""
        if not self.options.jobs:
            return []
        return [name for name, job in desired.jobs.items() if job.expect and job.address in self.options.selection]

    async def run_jobs(self, desired: Desired, names: Sequence[str]) -> RunResult:
        """Run these jobs and those that they need."""
        return await self._run(JobsSource(equipped(desired, self.services), names, self.options.selection))

    async def _run(self, source: ManifestSource) -> RunResult:
        return await run(source, RunOptions(self.server, _LOCK_SECONDS, self.server.connections), SilentReporter())


def failures(result: RunResult) -> list[Diagnostic]:
    """Return what went wrong in a run, a problem for each change and job that failed."""
    found = [
        Diagnostic(with_address(each.change.address, each.error.detail), each.error.request, each.error.hint)
        for each in result.outcome.results
        if each.error and each.status is not Status.SKIPPED
    ]
    if skipped := result.outcome.count(Status.SKIPPED):
        found.append(Diagnostic(f"{skipped} changes were skipped because of it"))
    if lost := result.outcome.unrecorded:
        found.append(Diagnostic(f"the inventory could not be kept: {lost.detail}", lost.request, lost.hint))
    return found + [
        Diagnostic(with_address(job.due.job.address, job.error.detail), job.error.request, job.error.hint)
        for job in result.jobs
        if job.error
    ]


def with_address(address: str, detail: str) -> str:
    """Return what went wrong with an object, which is named once."""
    return detail if detail.startswith(f"{address}:") else f"{address}: {detail}"


class _UnownedSource(ManifestSource):
    """Manifests whose objects belong to no stack afterwards, as those that people make on the page."""

    async def finish(self, writer: Writer) -> None:
        """Forget who made the objects."""
        stacks, _ = await read_stacks(writer)
        for row in stacks.get(self.stack, []):
            await files.delete(writer, row["id"])
