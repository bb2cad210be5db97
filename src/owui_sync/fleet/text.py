"""The report of a fleet for people: equal changes once with the instances that have them, then what failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from owui_sync.fleet.unit import Status
from owui_sync.plan.types import Action
from owui_sync.report.lines import Line
from owui_sync.report.plan_lines import STYLES
from owui_sync.report.visible import visible
from owui_sync.report.words import ARROW, NONE, SECRET, words
from owui_sync.values import Json, digest
from owui_sync.wording import counted, listed_briefly

NAMES = 12
"""So many names of instances are written out."""
FIELDS = 8
"""So many fields of a change are written out."""
CAUSES = {"manifest": "changed in the manifest", "drift": "drifted on the server", "reset": "no longer written"}


def report_lines(document: Json, *, brief: bool = False) -> Iterator[Line]:
    """Return the lines of a report; a brief one has what failed, and the totals."""
    total = document["totals"]["instances"]
    if not brief:
        shard = f" · shard {document['shard']}" if document["shard"] else ""
        yield Line((), ((f"owui-sync {document['tool']} · fleet {document['command']}{shard}", "bold"),))
        yield Line()
        for group in document["groups"]:
            yield from _group(group)
    yield from _failed(document)
    yield from () if brief else _warnings(document)
    yield from _waves(document)
    yield Line((), ((f"{counted(total, 'instance')}: ", "bold"), (totals_words(document), "")))


def totals_words(document: Json) -> str:
    """Return how many instances fared how, and the requests."""
    counts = document["totals"]
    changed = (
        "changed" if document["command"] == "apply" else "drifted" if document["command"] == "drift" else "to change"
    )
    names = {Status.CHANGED: changed, Status.NOT_STARTED: "not started"}
    parts = [f"{counts[each]:,} {names.get(each, each.value)}" for each in Status if counts[each]]
    return f"{', '.join(parts) or 'none'}. {counted(counts['requests'], 'request')}."


def named(names: Sequence[str]) -> str:
    """Return the first names of many, and how many more there are."""
    return listed_briefly(list(map(visible, names)), NAMES)


def change_words(change: Json) -> str:
    """Return the address of a change, and why it is made."""
    address = visible(f"{change['kind']}/{change['key']}")
    moved = f" (was {visible(change['moved_from'])})" if change.get("moved_from") else ""
    return f"{address}{moved}" + (f"  {visible(change['reason'])}" if change.get("reason") else "")


def symbol_of(change: Json) -> str:
    """Return the mark in front of a change."""
    return ">" if change["action"] == "run" else Action(change["action"]).symbol


def field_words(change: Json) -> list[str]:
    """Return a line for each field of a change, and for those that are left out."""
    if change["action"] in ("delete", "run"):
        return []
    lines = [_field(field, change["action"]) for field in change["fields"][:FIELDS]]
    left = len(change["fields"]) - FIELDS
    return [*lines, *([f"… {counted(left, 'more field')}"] if left > 0 else [])]


def _field(field: Json, action: str) -> str:
    after = _side(field, "after")
    if action == "create":
        return f"{visible(field['path'])}  {after}"
    cause = CAUSES.get(field["cause"], field["cause"])
    return f"{visible(field['path'])}  {_side(field, 'before')}{ARROW}{after}  ({cause})"


def _side(field: Json, side: str) -> str:
    if side in field.get("absent", ()):
        return NONE
    value: Any = field[side]
    if isinstance(value, dict) and value.get("secret") is True:
        return SECRET
    if isinstance(value, dict) and set(value) == {"file", "sha256", "size"}:
        return f"(file {visible(value['file'])})"
    return words(value, field["path"])


def group_title(group: Json) -> str:
    """Return how many instances have how many changes in common."""
    members, changes = group["instances"], group["changes"]
    same = "the same " if len(members) > 1 else ""
    return f"{counted(len(members), 'instance')}: {same}{counted(len(changes), 'change')}"


def group_lines(group: Json) -> list[str]:
    """Return the changes of a group with their fields, as plain lines."""
    lines = []
    for change in group["changes"]:
        lines.append(f"{symbol_of(change)} {change_words(change)}")
        lines += [f"    {words}" for words in field_words(change)]
    return lines


def _group(group: Json) -> Iterator[Line]:
    yield Line((), ((group_title(group), "bold"), (f"  {named(group['instances'])}", "dim")))
    for change in group["changes"]:
        style = STYLES.get(Action(change["action"]), "") if change["action"] != "run" else "magenta"
        yield Line(((f"{symbol_of(change)} ", style),), ((change_words(change), style),), 2)
        for text in field_words(change):
            yield Line((), ((text, ""),), 6)
    yield Line()


def failed_of(document: Json) -> list[tuple[list[str], Json]]:
    """Return the instances that failed or could not be reached; those that failed alike stand together."""
    statuses = (Status.FAILED.value, Status.UNREACHABLE.value)
    alike: dict[str, tuple[list[str], Json]] = {}
    for name, each in document["instances"].items():
        if each["status"] in statuses:
            key = digest([each["status"], each["exit"], each.get("runs"), each.get("error")])
            alike.setdefault(key, ([], each))[0].append(name)
    return list(alike.values())


def problem_words(problem: Json) -> str:
    """Return a problem on one line: where, what, and what to do next."""
    return ": ".join(filter(None, (problem["where"], problem["message"], problem["hint"])))


def not_started_of(document: Json) -> dict[str, list[str]]:
    """Return reason -> the instances that were not started for it."""
    reasons: dict[str, list[str]] = {}
    for name, each in document["instances"].items():
        if each["status"] == Status.NOT_STARTED.value:
            reasons.setdefault(each["error"]["message"], []).append(name)
    return reasons


def _failed(document: Json) -> Iterator[Line]:
    for names, each in failed_of(document):
        runs = f", started {each['runs']} times" if each.get("runs", 1) > 1 else ""
        lead = (("x ", "bold red"),)
        many = f"{counted(len(names), 'instance')} " if len(names) > 1 else ""
        what = f"  {many}{each['status']}, exit code {each['exit']}{runs}"
        yield Line(lead, ((", ".join(map(visible, names)), "bold red"), (what, "red")))
        for problem in each.get("error", {}).get("problems", ()):
            where = f"{visible(problem['where'])}: " if problem.get("where") else ""
            yield Line((), ((f"{where}{visible(problem['message'])}", ""),), 4)
            if problem.get("hint"):
                yield Line((), ((visible(problem["hint"]), "dim"),), 6)
        yield Line()
    for reason, names in not_started_of(document).items():
        yield Line(((f"{counted(len(names), 'instance')} not started: ", "yellow"),), ((visible(reason), ""),))
        yield Line((), ((named(names), "dim"),), 4)
        yield Line()


def warnings_of(document: Json) -> dict[str, list[str]]:
    """Return warning -> the instances that have it."""
    warnings: dict[str, list[str]] = {}
    for name, each in document["instances"].items():
        for warning in each.get("warnings", ()):
            warnings.setdefault(warning, []).append(name)
    return warnings


def _warnings(document: Json) -> Iterator[Line]:
    warnings = warnings_of(document)
    for warning, names in warnings.items():
        lead = (("warning: ", "yellow"),)
        yield Line(lead, ((visible(warning), ""), (f"  ({named(names)})", "dim")))
    if warnings:
        yield Line()


def _waves(document: Json) -> Iterator[Line]:
    if document["command"] != "apply" or not document["waves"]:
        return
    for wave in document["waves"]:
        shard = f" (shard {wave['shard']})" if wave.get("shard") else ""
        text = f"{wave['started']:,} of {wave['size']:,} started, {wave['failed']:,} failed"
        stopped = f"; stopped: {visible(wave['stopped'])}" if wave["stopped"] else ""
        yield Line(((f"wave {visible(wave['name'])}{shard}: ", "bold"),), ((text + stopped, ""),))
    yield Line()


def status_lines(document: Json) -> Iterator[Line]:
    """Return the lines of `fleet status`: one for each instance."""
    width = max((len(name) for name in document["instances"]), default=0) + 2
    for name, each in document["instances"].items():
        yield Line(((visible(name).ljust(width), "bold"),), ((_status_words(each), ""),))
    yield Line()
    yield Line(
        (), ((f"{counted(document['totals']['instances'], 'instance')}. ", "bold"), (_status_totals(document), ""))
    )


def _status_words(each: Json) -> str:
    last = each.get("last")
    if last is None:
        return f"{each['status']}: {visible(each['error']['message'])}"
    version = f"Open WebUI {visible(each.get('version', '?'))}"
    if last["at"] is None:
        return f"never applied  {version}"
    jobs = [f"{visible(job)} {record['state']}" for job, record in last["jobs"].items() if record["state"] != "done"]
    parts = [f"{last['at']}", counted(last["objects"], "object"), f"stack {visible(each['stack'])}", version]
    parts += [f"jobs: {', '.join(jobs)}"] if jobs else []
    parts += [f"locked by {visible(last['locked_by'])}"] if last["locked_by"] else []
    return "  ".join(parts)


def _status_totals(document: Json) -> str:
    failed = sum(len(names) for names, _ in failed_of(document))
    never = sum(each.get("last", {}).get("at", "") is None for each in document["instances"].values())
    parts = [f"{never:,} never applied" if never else "", f"{failed:,} could not be read" if failed else ""]
    return ", ".join(filter(None, parts))
