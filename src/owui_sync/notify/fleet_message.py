"""What a message says of a run over a fleet: how many instances fared how, and which of them failed.

There is one message for a run, made of its report; as in `notify.message`, no value and no text of an error is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from owui_sync.notify.message import MOST, head, run_url, told
from owui_sync.report.run_report import REASONS
from owui_sync.report.visible import visible
from owui_sync.values import Json
from owui_sync.wording import counted

_DIFFERENCES = 2
_INTERRUPTED = 130
_FAILED = ("failed", "unreachable")


@dataclass(frozen=True, slots=True)
class FleetEnd:
    """How a run over a fleet ended.

    Args:
        command: `plan`, `apply` or `drift`.
        fleet: the name of its file.
        exit_code: what the command ends with.
        document: its report; None if it ended before there was one.
        totals: how many instances fared how, in words.
        seconds: wall time.
        ended_at: seconds since 1970.
    """

    command: str
    fleet: str
    exit_code: int
    document: Json | None = None
    totals: str = ""
    seconds: float = 0.0
    ended_at: float = 0.0

    @property
    def reason(self) -> str:
        """Why it failed, in one word; empty when it did not."""
        return REASONS.get(self.exit_code, "")

    @property
    def instances(self) -> Mapping[str, Json]:
        """Name -> what the report says of an instance, of those that this run saw to."""
        found = self.document["instances"] if self.document else {}
        return {name: each for name, each in found.items() if not each.get("earlier")}

    @property
    def drifted(self) -> Sequence[str]:
        """The instances on which somebody changed an object."""
        if self.document is None:
            return ()
        found = [
            name
            for group in self.document["groups"]
            if self.command == "drift" or any(map(_is_drift, group["changes"]))
            for name in group["instances"]
        ]
        return [name for name in found if name in self.instances]

    @property
    def is_changed(self) -> bool:
        """Whether an instance was changed, or may have been changed in part."""
        return self.command == "apply" and any(
            each["status"] == "changed" or each["exit"] in (3, 6) for each in self.instances.values()
        )


def fleet_events(end: FleetEnd) -> tuple[str, ...]:
    """Return what happened, the worst first: `failed`, `drift`, `applied`; empty if there is nothing to tell."""
    is_given_up = end.exit_code == _INTERRUPTED and end.document is None
    found = {
        "failed": end.exit_code not in (0, _DIFFERENCES) and not is_given_up,
        "drift": bool(end.drifted),
        "applied": end.is_changed,
    }
    return tuple(event for event, happened in found.items() if happened)


def fleet_message(end: FleetEnd, environ: Mapping[str, str]) -> Json:
    """Return the message as receivers of the format `json` get it.

    Args:
        environ: names the run of a pipeline; see `run_url`.
    """
    document, failed = end.document, _failed(end)
    return {
        **head(f"fleet {end.command}", fleet_events(end), end),
        "fleet": end.fleet,
        "shard": document["shard"] if document else None,
        "totals": {**document["totals"], "drifted": len(end.drifted)} if document else None,
        "waves": document["waves"] if document else [],
        "failed": failed[:MOST],
        "more": max(0, len(failed) - MOST),
        "run": run_url(environ),
        "text": _text(end),
    }


def _failed(end: FleetEnd) -> list[Json]:
    return [
        {"instance": name, "status": each["status"], "reason": REASONS.get(each["exit"], "error")}
        for name, each in end.instances.items()
        if each["status"] in _FAILED
    ]


def _is_drift(change: Json) -> bool:
    return any(field.get("cause") == "drift" for field in change.get("fields", ()))


def _text(end: FleetEnd) -> str:
    """Return what happened and how much of it, in two or three lines."""
    shard = f", shard {end.document['shard']}" if end.document and end.document["shard"] else ""
    lines = [f"owui-sync fleet {end.command} {told(fleet_events(end), end)}: {end.fleet}{shard}"]
    if end.document:
        lines.append(f"{counted(end.document['totals']['instances'], 'instance')}: {end.totals}")
        stopped = next((wave for wave in end.document["waves"] if wave["stopped"]), None)
        if stopped:
            started = f"{stopped['started']:,} of {stopped['size']:,} started, {stopped['failed']:,} failed"
            lines.append(f"Stopped in wave {stopped['name']}: {started}.")
    return "\n".join(map(visible, lines))
