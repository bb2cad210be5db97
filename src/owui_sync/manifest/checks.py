"""What is wrong with an entry by itself beyond its schema, with the place where it is written."""

from __future__ import annotations

from collections.abc import Mapping

from owui_sync.kinds import KINDS
from owui_sync.kinds.base import Finding
from owui_sync.manifest.desired import Entry
from owui_sync.manifest.problems import Diagnostics
from owui_sync.values import Position, SourcedText


def check(entries: Mapping[str, Entry], problems: Diagnostics, warnings: Diagnostics) -> None:
    """Add what the kinds find (see `Kind.check`), and warn of entries that only fit an object that exists already."""
    for entry in entries.values():
        for finding in KINDS[entry.kind].check(entry.key, entry.values):
            found = warnings if finding.doubtful else problems
            message, at = _placed(entry, finding)
            found.add(f"`{entry.address}`: {message}", at, finding.hint)
    _warn_of_incomplete(entries, warnings)


def _placed(entry: Entry, finding: Finding) -> tuple[str, Position]:
    """Return the message and its place: in the file that a text is from, else where the text is written."""
    value, at = entry.values.get(finding.path), entry.where(finding.path)
    if not finding.line:
        return finding.message, at
    if isinstance(value, SourcedText):
        return finding.message, Position(value.source.path, finding.line, finding.column)
    return finding.message + (f" (line {finding.line} of the text)" if finding.line > 1 else ""), at


def _warn_of_incomplete(entries: Mapping[str, Entry], warnings: Diagnostics) -> None:
    for entry in entries.values():
        for name in KINDS[entry.kind].missing(entry.key, entry.values):
            message = f"{entry.kind} `{entry.key}` has no `{name}`: it can be changed, but not created"
            warnings.add(message, entry.source, f"fine if the server has it already; otherwise write `{name}`")
