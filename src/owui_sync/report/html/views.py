"""What the page shows of changes and jobs: plain texts, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from owui_sync.apply.outcome import Failure, Result, Status
from owui_sync.jobs.outcome import JobResult
from owui_sync.plan.types import Action, Change, DueJob, FieldChange
from owui_sync.report.difference import Marked
from owui_sync.report.fields import both_sides, cause_words, difference_of
from owui_sync.report.html.budget import Budget
from owui_sync.report.html.links import Link
from owui_sync.report.html.text_rows import TextRow, text_rows
from owui_sync.report.outcome_lines import duration
from owui_sync.report.visible import visible, visible_lines
from owui_sync.report.words import NONE, SECRET, is_image, is_nothing, is_text, words
from owui_sync.values import SourcedText
from owui_sync.wording import counted

_LIMIT = 2_000
"""Characters of a line that are shown."""
_PICTURES = ("data:image/png;", "data:image/jpeg;", "data:image/gif;", "data:image/webp;")
"""Only pixels: a drawing could hold scripts and links."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a change.

    Args:
        path: its name.
        cause: why it differs, in words; empty for a new object.
        summary: what kind of difference it is, or the one value that there is.
        before: the value on the server; None where a table or a list tells it.
        after: the value to be written; None likewise.
        rows: of the difference of two texts.
        items: marked lines of the difference of two lists or mappings.
        pictures: what each picture is, and its data URL.
    """

    path: str
    cause: str = ""
    summary: str = ""
    before: str | None = None
    after: str | None = None
    rows: tuple[TextRow, ...] = ()
    items: tuple[Marked, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ErrorView:
    """Why something failed: what to read, line by line, and what to do."""

    lines: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change.

    Args:
        address: names it, also in links.
        kind: for the filter.
        symbol: the mark of its action.
        action: what happens to the object.
        what: the same in more words.
        causes: of its fields, for the filter.
        source: the place in the manifests, or empty.
        link: to that place, or None.
        depends_on: addresses of changes that come first.
        status: how it ended, or empty.
        seconds: how long it took, in words, or empty.
    """

    address: str
    kind: str
    symbol: str
    action: str
    what: str
    causes: tuple[str, ...]
    source: str
    link: str | None
    depends_on: tuple[str, ...]
    fields: tuple[FieldView, ...]
    status: str = ""
    seconds: str = ""
    error: ErrorView | None = None


@dataclass(frozen=True, slots=True)
class JobView:
    """One job, and what came of it where it ran."""

    address: str
    what: str
    status: str = ""
    seconds: str = ""
    chat_url: str = ""
    answer: str = ""
    checks: tuple[tuple[bool, str], ...] = ()
    notes: tuple[str, ...] = ()
    error: ErrorView | None = None


def change_view(change: Change, link: Link, budget: Budget) -> ChangeView:
    """Return what the page shows of a change."""
    return ChangeView(
        address=visible(change.address),
        kind=change.kind,
        symbol=change.action.symbol,
        action=change.action.value,
        what=visible(_what(change)),
        causes=tuple(dict.fromkeys(each.cause.value for each in change.fields)),
        source=visible(str(change.source)) if change.source else "",
        link=link(change.source) if change.source else None,
        depends_on=tuple(map(visible, change.depends_on)),
        fields=tuple(_field(change, each, budget) for each in change.fields),
    )


def result_view(result: Result, link: Link, budget: Budget) -> ChangeView:
    """Return what the page shows of a change that was tried."""
    view = change_view(result.change, link, budget)
    status = "incomplete" if result.partial else result.status.value
    seconds = duration(result.seconds) if result.status is not Status.SKIPPED else ""
    return replace(view, status=status, seconds=seconds, error=error_view(result.error))


def due_view(due: DueJob) -> JobView:
    """Return what the page shows of a job that is due."""
    return JobView(visible(due.job.address), visible(due.reason))


def job_view(result: JobResult) -> JobView:
    """Return what the page shows of a job that ran."""
    return JobView(
        address=visible(result.due.job.address),
        what=visible(result.due.reason),
        status=result.status.value,
        seconds=duration(result.seconds),
        chat_url=visible(result.chat_url) if result.chat_url.startswith(("https://", "http://")) else "",
        answer=visible_lines(result.answered.text),
        checks=tuple((each.met, visible(f"{each.check}: {each.wanted} {each.reason}")) for each in result.verdicts),
        notes=tuple(map(visible, result.answered.notes)),
        error=error_view(result.error or result.unrecorded),
    )


def error_view(error: Failure | None) -> ErrorView | None:
    """Return why something failed; None for what did not."""
    if error is None:
        return None
    request = [f"{error.request} -> {error.status or 'no answer'}"] if error.request else []
    lines = (*map(visible, request), *visible_lines(error.detail).split("\n"))
    return ErrorView(tuple(lines), visible(error.hint or ""))


def _what(change: Change) -> str:
    fields = counted(len(change.fields), "field") if change.fields else ""
    return ", ".join(filter(None, (fields, change.reason)))


def _field(change: Change, one: FieldChange, budget: Budget) -> FieldView:
    is_new = change.action is Action.CREATE
    view = FieldView(visible(one.path), "" if is_new else cause_words(change, one))
    if one.is_hidden:
        return replace(view, summary=SECRET if is_new else "(secret, changed)")
    sides = (one.after,) if is_new else (one.before, one.after)
    if pictures := _pictures(sides, budget):
        return replace(view, summary=words(one.after, one.path), pictures=pictures)
    if _are_texts(one):
        return _text(view, one, is_new, budget)
    if is_new:
        return replace(view, after=words(one.after, one.path))
    if difference := difference_of(one, _LIMIT):
        lines = budget.lines(difference.lines)
        return replace(view, summary=f"({difference.summary})", items=lines)
    before, after = both_sides(one)
    return replace(view, before=before, after=after)


def _are_texts(one: FieldChange) -> bool:
    sides = (one.before, one.after)
    return any(map(is_text, sides)) and all(is_nothing(side) or isinstance(side, str) for side in sides)


def _text(view: FieldView, one: FieldChange, is_new: bool, budget: Budget) -> FieldView:
    before, after = ("" if is_nothing(side) else str(side) for side in (one.before, one.after))
    rows = budget.rows(text_rows(before, after), is_new)
    name = f"text of {visible(one.after.source.path)}" if isinstance(one.after, SourcedText) else "text"
    sides = words(one.after, one.path) if not name.startswith("text of") and not after else ""
    return replace(view, summary=f"({name}){f', then {NONE}' if sides == NONE else ''}", rows=rows)


def _pictures(sides: Sequence[Any], budget: Budget) -> tuple[tuple[str, str], ...]:
    if not any(is_image(side) for side in sides):
        return ()
    names = ("picture",) if len(sides) == 1 else ("before", "after")
    return tuple(
        (name, side)
        for name, side in zip(names, sides, strict=True)
        if is_image(side) and str(side).startswith(_PICTURES) and budget.takes(len(side))
    )
