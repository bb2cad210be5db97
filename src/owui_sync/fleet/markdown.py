"""The report of a fleet for a comment on a pull request: groups of equal plans first, and never too long to post."""

from __future__ import annotations

from collections.abc import Callable

from owui_sync.fleet.text import (
    failed_of,
    group_lines,
    group_title,
    named,
    not_started_of,
    totals_words,
    warnings_of,
)
from owui_sync.report.markdown import LIMIT
from owui_sync.report.markdown_fit import Piece, Section, fitted, size
from owui_sync.report.markdown_parts import code, details, fence, html_words, words
from owui_sync.report.visible import visible
from owui_sync.values import Json
from owui_sync.wording import counted

_DESTROYING = ("delete", "replace")


def report_markdown(document: Json) -> str:
    """Return a report in at most `report.markdown.LIMIT` characters."""
    shard = f", shard {document['shard']}" if document["shard"] else ""
    total = counted(document["totals"]["instances"], "instance")
    head = f"## owui-sync fleet {document['command']}{shard}\n\n**{total}**: {totals_words(document)}"
    groups = sorted(document["groups"], key=lambda group: not _destroys(group))
    stopped = [wave for wave in document["waves"] if wave["stopped"]]
    sections = [
        Section("Failed", [_failure(names, each) for names, each in failed_of(document)]),
        Section("Stopped", [Piece(f"* wave {code(wave['name'])}: {words(wave['stopped'])}") for wave in stopped]),
        Section("Equal changes", [_group(group) for group in groups]),
        Section("Not started", [_left(reason, names) for reason, names in not_started_of(document).items()]),
        Section("Warnings", [_left(text, names) for text, names in warnings_of(document).items()]),
    ]
    return f"{head}\n\n{fitted(sections, LIMIT - size(head))}".rstrip() + "\n"


def _destroys(group: Json) -> bool:
    return any(change["action"] in _DESTROYING for change in group["changes"])


def _group(group: Json) -> Piece:
    deletes = sum(change["action"] in _DESTROYING for change in group["changes"])
    title = group_title(group) + (f", {deletes} of them deletes or replaces something" if deletes else "")

    def full() -> str:
        return details(html_words(title), f"{code(named(group['instances']))}\n\n{fence(group_lines(group))}")

    return Piece(f"* {title}", full)


def _failure(names: list[str], each: Json) -> Piece:
    problems = each.get("error", {}).get("problems", ())
    first = f": {words(problems[0]['message'])}" if problems else ""
    many = f" ({counted(len(names), 'instance')})" if len(names) > 1 else ""
    short = f"* {code(named(names))}{many} {each['status']}, exit code {each['exit']}{first}"
    return Piece(short, _problems(names, problems) if len(problems) > 1 else None)


def _problems(names: list[str], problems: list[Json]) -> Callable[[], str]:
    def full() -> str:
        lines = [visible(": ".join(filter(None, (each.get("where"), each["message"])))) for each in problems]
        return f"* {code(named(names))}\n\n{fence(lines)}"

    return full


def _left(reason: str, names: list[str]) -> Piece:
    return Piece(f"* {counted(len(names), 'instance')}: {words(reason)} ({code(named(names))})")
