"""The report of a fleet: how each instance fared, and which of them have the very same changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from owui_sync import __version__
from owui_sync.errors import Diagnostic, OwuiSyncError
from owui_sync.fleet.rollout import WaveResult
from owui_sync.fleet.unit import DONE, Command, InstanceReport, Status
from owui_sync.plan.file.document import PROBLEM
from owui_sync.values import Json

FORMAT = 1
"""Version of the document."""

_KEPT = ("url", "stack", "version", "manifests", "digest", "review_digest")


@dataclass(slots=True)
class FleetReport:
    """Collects the reports of instances, and keeps equal changes once.

    Args:
        command: what was done.
        shard: the part of the fleet, as `1/4`; None for all of it.
        manifests: digest of each set of layers -> the commit that it is of.
        instances: name -> what the document says of the instance.
        groups: review digest -> its changes and summary.
        waves: what came of the waves.
        interrupted: the user stopped the run.
    """

    command: Command
    shard: str | None = None
    manifests: dict[str, str | None] = field(default_factory=dict)
    instances: dict[str, Json] = field(default_factory=dict)
    groups: dict[str, Json] = field(default_factory=dict)
    waves: list[Json] = field(default_factory=list)
    interrupted: bool = False

    def add(self, report: InstanceReport) -> None:
        """Take the report of an instance; a later one of the same instance replaces it."""
        shown: Json = {"status": report.status.value, "exit": report.exit}
        shown |= {name: getattr(report, name) for name in _KEPT if getattr(report, name)}
        shown |= {"seconds": report.seconds, "requests": report.requests, "summary": dict(report.summary)}
        if report.runs > 1:
            shown["runs"] = report.runs
        if report.baked is not None:
            shown["baked"] = report.baked
        if report.last is not None:
            shown["last"] = report.last
        if report.problems:
            shown["error"] = {**report.problems[0], "problems": list(report.problems)}
        if report.warnings:
            shown["warnings"] = list(report.warnings)
        self.instances[report.name] = shown
        if report.review_digest:
            group = {"summary": dict(report.summary), "changes": list(report.changes)}
            self.groups.setdefault(report.review_digest, group)

    def leave_out(self, names: Iterable[str], reason: str) -> None:
        """Say of instances that they were not started."""
        for name in names:
            error = PROBLEM.dump(Diagnostic(reason, hint="continue with --resume"))
            self.instances[name] = {
                "status": Status.NOT_STARTED.value,
                "exit": None,
                "seconds": 0.0,
                "requests": 0,
                "summary": {},
                "error": {**error, "problems": [error]},
            }

    def end_waves(self, results: Sequence[WaveResult]) -> None:
        """Take what came of the waves."""
        for result in results:
            self.waves.append(
                {
                    "name": result.name,
                    "size": result.size,
                    "started": len(result.started),
                    "failed": len(result.failed),
                    "stopped": result.stop or None,
                }
            )
            self.leave_out(result.not_started, result.stop)

    def document(self) -> Json:
        """Return the document: `report` of `fleet.schema.json`."""
        return {
            "format": FORMAT,
            "tool": __version__,
            "command": self.command.value,
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "shard": self.shard,
            "interrupted": self.interrupted,
            "manifests": self.manifests,
            "totals": totals(self.instances),
            "waves": self.waves,
            "groups": grouped(self.instances, self.groups),
            "instances": dict(sorted(self.instances.items())),
        }


def totals(instances: Mapping[str, Json]) -> Json:
    """Count the instances by their status, and their requests."""
    statuses = [each["status"] for each in instances.values()]
    counts = {status.value: statuses.count(status.value) for status in Status}
    return {"instances": len(statuses), **counts, "requests": sum(each["requests"] for each in instances.values())}


def grouped(instances: Mapping[str, Json], groups: Mapping[str, Json]) -> list[Json]:
    """Return the instances with equal changes together, the largest group first."""
    members: dict[str, list[str]] = {}
    for name, each in sorted(instances.items()):
        if digest := each.get("review_digest"):
            members.setdefault(digest, []).append(name)
    ordered = sorted(members, key=lambda digest: (-len(members[digest]), members[digest][0]))
    return [{"review_digest": digest, "instances": members[digest], **groups[digest]} for digest in ordered]


def exit_code(document: Json, *, detailed: bool = False) -> int:
    """Return the exit code of the command: 130, 3, 2 (only `detailed`) or 0."""
    counts = document["totals"]
    if document["interrupted"]:
        return 130
    if counts["failed"] or counts["unreachable"] or counts["not_started"]:
        return 3
    if any(wave["stopped"] for wave in document["waves"]):
        return 3
    return 2 if detailed and counts["changed"] else 0


def parse_report(document: Any, name: str) -> Json:
    """Return the document, when it is a report of a fleet that this version can read. Raises OwuiSyncError."""
    if not isinstance(document, dict) or "instances" not in document or "groups" not in document:
        raise OwuiSyncError(f"{name} is not the report of a fleet", hint="write one with --report json=FILE")
    if document.get("format") != FORMAT:
        raise OwuiSyncError(f"{name} has format {document.get('format')!r}; this version reads format {FORMAT}")
    instances, groups = document["instances"], document["groups"]
    known = {status.value for status in Status}
    if not isinstance(instances, dict) or not isinstance(groups, list):
        raise OwuiSyncError(f"{name} is damaged")
    if any(not isinstance(each, dict) or each.get("status") not in known for each in instances.values()):
        raise OwuiSyncError(f"{name} is damaged: an instance has no known status")
    return document


def merge(documents: Sequence[Json]) -> Json:
    """Return one report for those of several shards, or of a run and of the ones that resumed it: the later counts."""
    report = FleetReport(Command(documents[-1]["command"]))
    for document in sorted(documents, key=lambda each: str(each["created_at"])):
        if document["command"] != report.command:
            raise OwuiSyncError(f"these are reports of {document['command']} and of {report.command}")
        report.instances |= document["instances"]
        report.groups |= _by_digest(document)
        report.manifests |= document["manifests"]
        report.waves += [{**wave, "shard": document["shard"]} for wave in document["waves"]]
        report.interrupted = report.interrupted or document["interrupted"]
    return report.document()


def carry_over(report: FleetReport, earlier: Json) -> None:
    """Take from an earlier report what was done then and is not done again."""
    for name, each in earlier["instances"].items():
        if each["status"] in DONE:
            report.instances[name] = {**each, "earlier": True}
    report.groups |= _by_digest(earlier)


def _by_digest(document: Json) -> dict[str, Json]:
    return {
        group["review_digest"]: {"summary": group["summary"], "changes": group["changes"]}
        for group in document["groups"]
    }
