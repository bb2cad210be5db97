"""Where the plan of one instance of many comes from: its manifests, or a saved plan; and how it is made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.errors import StalePlan
from owui_sync.fleet.changes import digests_of
from owui_sync.fleet.manifests import manifests_of, read_manifests
from owui_sync.fleet.outputs import OutputFiles
from owui_sync.fleet.unit import Command, InstanceSpec
from owui_sync.manifest.desired import Desired
from owui_sync.manifest.plan_inputs import plan_sources
from owui_sync.plan.file.load import load_plan
from owui_sync.plan.file.reads import check_reads
from owui_sync.plan.options import Options
from owui_sync.plan.types import Plan
from owui_sync.resolve.select import Selection
from owui_sync.run.interfaces import PlanSource
from owui_sync.run.sources import FileSource, ManifestSource, Prepared
from owui_sync.values import Json

_outputs = OutputFiles()


def source_of(spec: InstanceSpec, met: list[Reader]) -> PlanSource:
    """Return where the plan of an apply comes from; `met` gets the client. Raises OwuiSyncError."""
    if spec.saved is not None:
        return FileSource(_saved(spec, spec.saved))
    return ReviewedSource(_writing(spec), plan_options(spec), spec.settings.threshold, spec.expected, met)


def plan_options(spec: InstanceSpec) -> Options:
    """Return how to plan an instance: its selection is narrowed by that of the command line. Raises UsageError."""
    settings, target = spec.settings, spec.target
    within = Selection.parse(target.only, target.exclude)
    drift_only = spec.command is Command.DRIFT
    return replace(
        settings.options,
        drift_only=drift_only,
        selection=Selection.parse(settings.only, settings.exclude, within=within),
    )


def _writing(spec: InstanceSpec) -> Desired:
    """Return the manifests of an instance whose jobs write no file that those of another one in this process wrote."""
    desired = manifests_of(spec)
    if spec.settings.options.jobs:
        _outputs.claim(spec.name, desired)
    return desired


@dataclass(frozen=True)
class ReviewedSource(ManifestSource):
    """A plan that is made now, and has to be the one that a person has seen.

    Args:
        expected: its review digest; None where nobody has seen one.
        met: gets the client, so that its requests are counted also where the run fails.
    """

    expected: str | None = None
    met: list[Reader] = field(default_factory=list)

    async def prepare(self, writer: Writer) -> Prepared:
        """Make the plan. Raises StalePlan if it is another one."""
        self.met.append(writer)
        prepared = await super().prepare(writer)
        if self.expected is not None and digests_of(prepared[0])[1] != self.expected:
            raise StalePlan("the plan is not the one that was shown: the server changed since", hint="plan again")
        return prepared


def _saved(spec: InstanceSpec, document: Json) -> Plan:
    """Return a saved plan of this instance. Raises StalePlan if its manifests are not those that are here."""

    def check(plan: Json) -> None:
        if plan["manifests"]["digest"] != spec.manifests.digest:
            raise StalePlan("the manifests are not those that this plan was made of", hint="make the plans again")
        check_reads(plan, read_manifests(spec, lambda name: name))

    return load_plan(document, plan_sources(), check)
