"""How a plan is to be made: what it is about, and what a person allows it to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from owui_sync.manifest.desired import Desired, Job
from owui_sync.resolve.jobs import needed
from owui_sync.resolve.select import Selection


@dataclass(frozen=True, slots=True)
class Options:
    """How to plan.

    Args:
        selection: deletes and writes are limited to it.
        take_over: objects of other stacks become ours.
        delete: without it nothing is deleted.
        message: for the server's histories.
        orphaned: why an object that no manifest names any more is deleted.
        jobs: without it no job runs.
        claim: the manifests may name none of the objects that the stack owns.
        allow_lockout: the plan may take the rights of the token's own or the first administrator, or close a way in.
        drift_only: only what somebody changed on the server; no job runs.
        asked: jobs that a person wants run now; then no others are run but those that they need.
    """

    selection: Selection = field(default_factory=Selection)
    take_over: bool = False
    delete: bool = True
    message: str = ""
    orphaned: str = "no longer in the manifests"
    jobs: bool = True
    asked: tuple[str, ...] = ()
    claim: bool = False
    allow_lockout: bool = False
    drift_only: bool = False

    def jobs_of(self, desired: Desired) -> dict[str, Job]:
        """Return the jobs that the run is about."""
        if self.asked:
            return needed(self.asked, desired.jobs)
        runs = self.jobs and not self.drift_only
        return {name: job for name, job in desired.jobs.items() if runs and job.address in self.selection}
