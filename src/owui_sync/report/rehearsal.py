"""The report of `owui-sync rehearse`: one page that says what to do before and after an upgrade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from owui_sync.environments.rehearsal import RehearsalReport
from owui_sync.environments.upgrade import ComparedAnswer, KeptObject, MigratedField
from owui_sync.jobs.outcome import JobResult
from owui_sync.plan.types import Action
from owui_sync.report.checks import check_lines, check_sections, checks_suite
from owui_sync.report.junit import document
from owui_sync.report.lines import Line
from owui_sync.report.markdown import LIMIT
from owui_sync.report.markdown_fit import Piece, Section, fitted, size
from owui_sync.report.markdown_parts import code, details, fence, html_code
from owui_sync.report.outcome_lines import duration
from owui_sync.report.visible import visible, visible_lines
from owui_sync.report.words import ARROW, SECRET, words
from owui_sync.wording import counted, shortened

_SAID = 200
"""Characters of an answer that are shown."""
_NAMED = 12
"""Objects that the text names in a line."""


def rehearsal_lines(report: RehearsalReport, width: int) -> Iterator[Line]:
    """Yield the report for people: what is no longer possible, what was changed, what is kept; then what to do."""
    from_to = f"Open WebUI {report.former or '?'}{ARROW}{report.version}"
    yield Line((), (("owui-sync rehearse", "bold"), (f" · {from_to} · stack {visible(report.stack or '?')}", "")))
    yield Line()
    if report.is_complete:
        yield from _impossible(report)
        yield from _changed(report)
        yield from _kept(report.kept)
        yield from _answers(report.answers)
        yield from _notes(report.notes)
    yield from check_lines(report.checks)
    yield Line()
    for number, (line, is_bad) in enumerate(advice(report)):
        yield Line((), ((line, ("bold red" if is_bad else "bold green") if number == 0 else ""),))


def advice(report: RehearsalReport) -> Iterator[tuple[str, bool]]:
    """Yield the verdict and then what to do, each a sentence, with whether it is bad news."""
    changes = len({field.address for field in report.fields} | {each.address for each in report.objects})
    if not report.is_complete:
        yield "The rehearsal did not come to its end: nothing can be said about the upgrade.", True
    elif report.impossible:
        yield (
            f"{counted(len(report.impossible), 'thing')} that the manifests ask for {_do(report)} not work any more.",
            True,
        )
        yield "Change the manifests before the upgrade, as it is said above, and rehearse again.", True
    elif not changes:
        yield "The upgrade changes nothing of what the manifests manage.", False
    else:
        yield f"The upgrade changes {counted(changes, 'object')}, and an apply brings everything back.", False
        yield (
            "After the upgrade, run `owui-sync plan` and `owui-sync apply`, before people notice the difference.",
            False,
        )
    if any(answer.is_worse for answer in report.answers):
        yield "Some jobs do not answer as expected any more: see above.", True


def _do(report: RehearsalReport) -> str:
    return "does" if len(report.impossible) == 1 else "do"


def _impossible(report: RehearsalReport) -> Iterator[Line]:
    yield _title(f"No longer possible in {report.version}", len(report.impossible), "bold red")
    for what in report.impossible:
        first, *rest = visible_lines(what.reason.message).split("\n")
        yield Line((("x ", "bold red"),), ((first, ""),), 2)
        yield from (Line((), ((line, ""),), 6) for line in rest)
        if what.reason.where:
            yield Line((("at ", "dim"),), ((visible(what.reason.where), ""),), 6)
        if what.reason.hint:
            yield Line((("help: ", "cyan"),), ((visible(what.reason.hint), ""),), 6)
    yield Line()


def _changed(report: RehearsalReport) -> Iterator[Line]:
    yield _title("Changed by the migration", len(report.fields) + len(report.objects), "bold yellow")
    for each in report.objects:
        yield Line((("! ", "yellow"),), ((f"{visible(each.address)}  ", "bold"), (_object(each.action), "")), 2)
    for address, fields in groupby(report.fields, key=lambda field: field.address):
        yield Line((("~ ", "yellow"),), ((visible(address), "bold"),), 2)
        for field in fields:
            yield Line(((f"{visible(field.field.path)}  ", ""),), ((_values(field), ""),), 6)
    yield Line()


def _kept(kept: Sequence[KeptObject]) -> Iterator[Line]:
    fields = sum(each.fields for each in kept)
    yield _title(f"Kept, with {counted(fields, 'field')}", len(kept), "bold green")
    names = [visible(each.address) for each in kept[:_NAMED]]
    names += [f"… {len(kept) - _NAMED:,} more"] if len(kept) > _NAMED else []
    if names:
        yield Line((("= ", "green"),), ((", ".join(names), ""),), 2)
    yield Line()


def _answers(compared: Sequence[ComparedAnswer]) -> Iterator[Line]:
    if not compared:
        return
    yield _title("Jobs before and after", len(compared), "bold")
    for each in compared:
        mark = ("= ", "green") if each.is_same else ("x ", "bold red") if each.is_worse else ("~ ", "yellow")
        yield Line((mark,), ((f"job/{visible(each.name)}  ", "bold"), (_compared(each), "")), 2)
        if not each.is_same:
            for when, result in (("before", each.before), ("after", each.after)):
                yield Line(((f"{when:<8}", "dim"),), ((visible(_said(result)), ""),), 6)
    yield Line()


def _said(result: JobResult | None) -> str:
    if result is None:
        return "did not run"
    return shortened(" ".join((result.error.detail if result.error else result.answered.text).split()), _SAID)


def _notes(notes: Sequence[str]) -> Iterator[Line]:
    if notes:
        yield _title("Said by the plan on the new version only", len(notes), "bold")
        yield from (Line((("- ", ""),), ((visible(note), ""),), 2) for note in notes)
        yield Line()


def _title(text: str, count: int, style: str) -> Line:
    return Line((), ((text, style if count else "dim"), (f": {count:,}", "" if count else "dim")))


def _object(action: Action) -> str:
    if action is Action.CREATE:
        return "is not there any more: an apply creates it again"
    if action is Action.ADOPT:
        return "has another id on the new version: an apply adopts it"
    return f"is there in another way: an apply would {action} it"


def _values(field: MigratedField) -> str:
    change = field.field
    if change.is_hidden:
        return SECRET
    now, wanted = words(change.before, change.path), words(change.after, change.path)
    kept = "an apply brings it back" if field.settled else "an apply does not bring it back"
    return f"{wanted}{ARROW}{now}   {kept}"


def _compared(each: ComparedAnswer) -> str:
    if each.is_same:
        return "same answer"
    return "went well before, and does not now" if each.is_worse else "another answer"


def rehearsal_markdown(report: RehearsalReport) -> str:
    """Return the report for a comment or an issue, short enough for one."""
    text = f"## owui-sync rehearse: Open WebUI {code(report.former or '?')} to {code(report.version)}, stack "
    text += f"{code(report.stack or '?')}\n\n"
    text += "\n".join(f"**{line}**" if number == 0 else line for number, (line, _) in enumerate(advice(report)))
    text += f"\n\nOn a throwaway server, in {duration(report.seconds)}.\n"
    fields = [(address, list(some)) for address, some in groupby(report.fields, key=lambda field: field.address)]
    sections = [
        Section(
            f"No longer possible in {report.version}",
            [Piece(f"- {code(' '.join(str(what.reason).split()))}") for what in report.impossible],
        ),
        Section(
            "Changed by the migration",
            [
                *(Piece(f"- {code(each.address)} {_object(each.action)}") for each in report.objects),
                *(_fields(*each) for each in fields),
            ],
        ),
        Section("Jobs before and after", [_answer(each) for each in report.answers]),
        Section("Kept", [Piece(f"- {code(each.address)}, {counted(each.fields, 'field')}") for each in report.kept]),
        Section("Said by the plan on the new version only", [Piece(f"- {code(note)}") for note in report.notes]),
    ]
    failed, steps = check_sections(report.checks)
    body = fitted([failed, *(sections if report.is_complete else []), steps], LIMIT - size(text) - 2)
    return f"{text}\n{body}\n"


def _fields(address: str, fields: Sequence[MigratedField]) -> Piece:
    short = f"- {code(address)}, {counted(len(fields), 'field')}"
    lines = [f"{visible(field.field.path)}  {visible(_values(field))}" for field in fields]
    return Piece(short, lambda: details(f"{html_code(address)} {counted(len(fields), 'field')}", fence(lines)))


def _answer(each: ComparedAnswer) -> Piece:
    return Piece(f"- {code(f'job/{each.name}')} {_compared(each)}")


def rehearsal_junit(report: RehearsalReport) -> str:
    """Return the steps as JUnit XML."""
    return document([checks_suite("owui-sync rehearse", report.checks)])
