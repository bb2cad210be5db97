"""The way from the words of `owui-sync fleet` to `fleet.run_fleet`, and back to a report and an exit code."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from owui_sync.cli.fleet_options import InstanceOptions, PlaceOptions, SettingsOptions
from owui_sync.cli.fleet_reports import read_report, show
from owui_sync.cli.options import current_reporter, current_settings
from owui_sync.cli.planning import Planning
from owui_sync.cli.receivers import telling_of_fleet
from owui_sync.errors import Diagnostic, Interrupted, ManifestError, OwuiSyncError, UsageError
from owui_sync.fleet import formats, plans, report
from owui_sync.fleet.executors import Executing
from owui_sync.fleet.instance import Fleet, Instance
from owui_sync.fleet.load import find_fleet, load_fleet
from owui_sync.fleet.manifests import read_manifests
from owui_sync.fleet.outputs import OutputFiles
from owui_sync.fleet.prepare import (
    Fingerprints,
    all_at_once,
    changed_since,
    left_of,
    spec_of,
    waves_of,
)
from owui_sync.fleet.report import FleetReport
from owui_sync.fleet.run_fleet import FleetRun, Listener
from owui_sync.fleet.unit import Command, InstanceReport, Settings
from owui_sync.fleet.wave import Share
from owui_sync.manifest.fingerprint import ManifestFingerprint
from owui_sync.manifest.tags.environment import MissingSecret, read_secret
from owui_sync.plan.file.document import PROBLEM
from owui_sync.report.out import say
from owui_sync.report.settings import ReportFile
from owui_sync.report.visible import visible
from owui_sync.values import Json
from owui_sync.wording import counted, listed_briefly

if TYPE_CHECKING:
    from owui_sync.report.reporters import Reporter

_CHECKPOINT = 10.0
"""Seconds between two writings of the reports while a run goes on."""


def load(file: Path | None, instances: InstanceOptions, reporter: Reporter) -> tuple[Fleet, list[Instance]]:
    """Return the fleet and the chosen instances. Raises OwuiSyncError."""
    fleet = load_fleet(find_fleet(file))
    chosen, warnings = instances.of(fleet)
    reporter.warn(warnings)
    return fleet, chosen


def check_manifests(
    fleet: Fleet, chosen: Sequence[Instance], var: Sequence[str], allow_missing_secrets: bool
) -> tuple[Json, OwuiSyncError | None]:
    """Read the manifests of every instance; return the document, and an error with all that is wrong."""
    options = SettingsOptions(tuple(var), (), False, None, 4, None, None, False)
    settings, prints, outputs = options.settings(fleet.root), Fingerprints(), OutputFiles()
    wrong: dict[str, list[Diagnostic]] = {}
    for instance in chosen:
        try:
            spec = spec_of(instance, Command.PLAN, settings, prints)
            secret = _known_or_name if allow_missing_secrets else read_secret
            outputs.claim(instance.name, read_manifests(spec, secret))
        except OwuiSyncError as error:
            wrong[instance.name] = list(error.problems)
    alike: dict[Diagnostic, list[str]] = {}
    for name, found in wrong.items():
        for each in found:
            alike.setdefault(each, []).append(name)
    problems = [
        Diagnostic(f"{listed_briefly(names, 3)}: {each.message}", each.where, each.hint)
        for each, names in alike.items()
    ]
    document = {
        "format": 1,
        "valid": not problems,
        "instances": len(chosen),
        "problems": [{"instance": name, **PROBLEM.dump(each)} for name, found in wrong.items() for each in found],
    }
    return document, ManifestError.of(problems) if problems else None


def _known_or_name(name: str) -> str:
    try:
        return read_secret(name)
    except MissingSecret:
        return name


def look(
    command: Command,
    file: Path | None,
    *,
    instances: InstanceOptions,
    place: PlaceOptions,
    options: SettingsOptions,
    format: str,
    planning: Planning | None = None,
    detailed: bool,
    plans: Path | None = None,
) -> int:
    """Plan, or look at, all chosen instances; show the report and return the exit code."""
    files, reporter = current_settings().reports, current_reporter()
    fleet, chosen = load(file, instances, reporter)
    with telling_of_fleet(reporter, fleet, command) as ended:
        work = _Work(fleet, options.settings(fleet.root, planning), place, reporter, instances.shard, files, plans)
        document = work.do(command, chosen, all_at_once(chosen)).document()
        show(document, format)
        return ended(document, report.exit_code(document, detailed=detailed))


@dataclass(frozen=True, slots=True)
class Applying:
    """`fleet apply`, with the words of its command line."""

    instances: InstanceOptions
    place: PlaceOptions
    planning: Planning
    options: SettingsOptions
    limit: Share | None
    ask: Callable[[str], None] | None
    lock_timeout: float
    resume: Path | None
    plans: Path | None
    no_wait: bool
    format: str

    def run(self, file: Path | None) -> int:
        """Apply; show the report and return the exit code."""
        files, reporter = current_settings().reports, current_reporter()
        fleet, chosen = load(file, self.instances, reporter)
        with telling_of_fleet(reporter, fleet, Command.APPLY) as ended:
            settings = self.options.settings(fleet.root, self.planning, self.lock_timeout)
            work = _Work(fleet, settings, self.place, reporter, self.instances.shard, files)
            document = self._apply(work, chosen)
            show(document, self.format)
            return ended(document, report.exit_code(document))

    def _apply(self, work: _Work, chosen: Sequence[Instance]) -> Json:
        """Ask, apply what is left to do, and return the report."""
        found = FleetReport(Command.APPLY, self.instances.shard)
        if self.resume:
            earlier = read_report(self.resume)
            work.reporter.warn(changed_since(earlier, chosen, work.fingerprints))
            chosen = left_of(chosen, earlier, str(self.resume))
            report.carry_over(found, earlier)
        saved = plans.read(self.plans, [each.name for each in chosen]) if self.plans else {}
        expected = self._ask(work, chosen) if self.ask and chosen and not saved else {}
        if self.ask and saved:
            self.ask(f"Apply the {len(saved)} saved plans of {self.plans}?")
        waves = waves_of(work.fleet, chosen, self.limit)
        work.do(Command.APPLY, chosen, waves, found, saved=saved, expected=expected, bakes=not self.no_wait)
        return found.document()

    def _ask(self, work: _Work, chosen: Sequence[Instance]) -> dict[str, str]:
        """Plan, show, and ask; return the review digest of each instance's plan, which the apply has to find again."""
        planned = replace(work, files=()).do(Command.PLAN, chosen, all_at_once(chosen)).document()
        say(formats.FORMATS["text"](planned), err=True)
        if planned["interrupted"]:
            raise Interrupted("interrupted; nothing was changed")
        if self.ask is not None and planned["totals"]["changed"]:
            self.ask(f"Apply to {counted(planned['totals']['changed'], 'instance')}?")
        return {name: each.get("review_digest", "") for name, each in planned["instances"].items()}


@dataclass(frozen=True, slots=True)
class _Work:
    """What all runs of one command line have in common."""

    fleet: Fleet
    settings: Settings
    place: PlaceOptions
    reporter: Reporter
    shard: str | None
    files: Sequence[ReportFile]
    plans: Path | None = None
    fingerprints: Fingerprints = field(default_factory=Fingerprints)

    def do(
        self,
        command: Command,
        chosen: Sequence[Instance],
        waves: Any,
        found: FleetReport | None = None,
        *,
        saved: dict[str, Json] | None = None,
        expected: dict[str, str] | None = None,
        bakes: bool = True,
    ) -> FleetReport:
        """Do the work; return the report, which is also written to the files of `--report`."""
        if self.place.executor.startswith("dask:") and (saved or self.plans):
            raise UsageError("saved plans name files of this machine: use --plans with another executor than dask")
        found = found or FleetReport(command, self.shard)
        found.manifests |= {prints.digest: prints.commit for each in chosen if (prints := self._fingerprint(each))}
        specs = {
            each.name: replace(
                spec_of(each, command, self.settings, self.fingerprints),
                saved=(saved or {}).get(each.name),
                saves=self.plans is not None,
                expected=(expected or {}).get(each.name),
            )
            for each in chosen
        }
        listener = Listener(self.reporter.notify, self._finished, self._checkpoint(found))
        executing = Executing(self.place.executor, self.place.send_secrets)
        run = FleetRun(specs, waves, found, listener, executing, self.place.instances_at_once, bakes)
        asyncio.run(run.run())
        self._write(found)
        return found

    def _fingerprint(self, instance: Instance) -> ManifestFingerprint:
        return self.fingerprints.of(instance.target.layers)

    def _finished(self, one: InstanceReport, number: int, of: int) -> None:
        if one.plan is not None and self.plans is not None:
            plans.write(self.plans, one.name, one.plan)
        problem = f": {visible(one.problems[0]['message'])}" if one.problems else ""
        fared = counted(len(one.changes), "change") if one.is_done else one.status.value
        self.reporter.notify(f"[{number}/{of}] {one.name}: {fared}{problem} ({one.seconds:.1f} s)")

    def _checkpoint(self, found: FleetReport) -> Callable[[], None]:
        last = time.monotonic()

        def write() -> None:
            nonlocal last
            if time.monotonic() - last > _CHECKPOINT:
                self._write(replace(found, interrupted=True))
                last = time.monotonic()

        return write

    def _write(self, found: FleetReport) -> None:
        formats.write(found.document(), self.files)
