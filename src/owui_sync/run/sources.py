"""Where the plan of a run comes from: manifests, a file, nothing at all (`destroy`), or a choice of jobs (`run`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from owui_sync.client.api import files
from owui_sync.client.writer import Writer
from owui_sync.manifest.desired import Desired
from owui_sync.observe.inventory import read_inventory, read_stacks
from owui_sync.pipeline import check_plan, make_plan
from owui_sync.plan.options import Options
from owui_sync.plan.refusals import check_whole
from owui_sync.plan.safety import Threshold
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Plan
from owui_sync.resolve.select import Selection

Prepared = tuple[Plan, Snapshot, Sequence[str]]


@dataclass(frozen=True)
class ManifestSource:
    """A plan that is made now.

    Args:
        desired: the manifests.
        options: how to plan.
        threshold: how much may be deleted; None: the default.
    """

    desired: Desired
    options: Options
    threshold: Threshold | None = None
    shows_plan = True

    @property
    def stack(self) -> str:
        """The stack of the manifests."""
        return self.desired.stack

    async def prepare(self, writer: Writer) -> Prepared:
        """Make the plan."""
        plan, snapshot = await make_plan(self.desired, writer, self.options, self.threshold)
        return plan, snapshot, (*map(str, self.desired.warnings), *plan.warnings)

    async def finish(self, writer: Writer) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class FileSource:
    """A saved plan, which is applied exactly as it was shown."""

    plan: Plan
    shows_plan = True

    @property
    def stack(self) -> str:
        """The stack of the plan."""
        return self.plan.stack

    async def prepare(self, writer: Writer) -> Prepared:
        """Return the plan. Raises StalePlan if the server has changed what it touches."""
        return self.plan, await check_plan(check_whole(self.plan), writer), self.plan.warnings

    async def finish(self, writer: Writer) -> None:
        """Do nothing."""


class DestroySource(ManifestSource):
    """The plan to delete all that a stack owns, or all of it that is selected."""

    def __init__(self, stack: str, selection: Selection) -> None:
        options = Options(selection, orphaned=f"owned by stack {stack}", claim=True)
        super().__init__(Desired(stack, {}), options, Threshold(100, percent=True))

    async def finish(self, writer: Writer) -> None:
        """Delete the inventory if the stack owns nothing any more; one that cannot be read stays."""
        stacks, _ = await read_stacks(writer)
        inventory, damage = await read_inventory(writer, self.stack, stacks.get(self.stack, []))
        if not inventory.records and not damage:
            for id in inventory.files:
                await files.delete(writer, id)


class JobsSource(ManifestSource):
    """A plan of these jobs and the ones that they need, without any changes."""

    shows_plan = False

    def __init__(self, desired: Desired, jobs: Sequence[str], selection: Selection) -> None:
        super().__init__(desired, Options(selection, delete=False, asked=tuple(jobs), allow_lockout=True))

    async def prepare(self, writer: Writer) -> Prepared:
        """Make the plan; the warnings say when the server differs from the manifests."""
        plan, snapshot, warnings = await super().prepare(writer)
        return replace(plan, changes=(), settled={}), snapshot, (*warnings, *_pending(len(plan.changes)))


def _pending(count: int) -> list[str]:
    many = "1 change is" if count == 1 else f"{count} changes are"
    return [f"the server differs from the manifests: {many} not applied"] if count else []
