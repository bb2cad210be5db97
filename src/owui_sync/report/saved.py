"""Saved plans: back from the document to the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from owui_sync import __version__
from owui_sync.errors import OwuiSyncError, Problem, StalePlan
from owui_sync.plan.types import Action, Cause, Change, FieldChange, Plan, Record, Server
from owui_sync.report.json import FORMAT, unsaved
from owui_sync.report.words import shortened
from owui_sync.values import ABSENT, Json, Position, Sources, decode

_AGAIN = "make it again with `owui-sync plan --out FILE`"

Wanted = TypeVar("Wanted")


def load_plan(document: object, sources: Sources) -> Plan:
    """The plan behind a saved document.

    Args:
        document: the parsed JSON.
        sources: gives secrets and contents of files again; its errors are collected and raised together.

    Raises:
        StalePlan: a file is not what it was.
        OwuiSyncError: it is no plan, or one that this version cannot read; a secret is not set, or was not saved.
    """
    plan = _checked(document)
    collector = _Collector(sources)
    changes = tuple(_change(each, collector) for each in plan["changes"])
    collector.raise_all()
    return Plan(
        stack=plan["stack"],
        server=Server(**plan["server"]),
        changes=changes,
        unchanged=tuple(plan["unchanged"]),
        settled={address: _record(record) for address, record in plan["settled"].items()},
        want=frozenset(plan["want"]),
        owned=plan["owned"],
        warnings=tuple(plan["warnings"]),
        message=plan["message"],
        requests=plan["requests"],
        created_at=plan["created_at"],
        tool=plan["tool"],
    )


def _checked(document: object) -> Json:
    """The document, when it is a plan that this version can read."""
    if not isinstance(document, dict) or "format" not in document or "changes" not in document:
        raise OwuiSyncError("this is not a saved plan", hint=_AGAIN)
    if document["format"] != FORMAT:
        message = f"this plan has format {document['format']!r}; owui-sync {__version__} reads format {FORMAT}"
        raise OwuiSyncError(message, hint=_AGAIN)
    if _version(str(document.get("tool"))) > _version(__version__):
        message = f"this plan was made by owui-sync {document['tool']}; this is {__version__}"
        raise OwuiSyncError(message, hint="upgrade owui-sync, or make the plan again with this version")
    if "interrupted" in document:
        raise OwuiSyncError("this is the result of an apply, not a saved plan", hint=_AGAIN)
    _validate(document)
    return document


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


def _validate(document: Json) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    from owui_sync.report.schema import document_schema

    if error := best_match(Draft202012Validator(document_schema("plan")).iter_errors(document)):
        raise OwuiSyncError(f"this saved plan is damaged: {error.json_path}: {shortened(error.message)}", hint=_AGAIN)


class _Collector:
    """Decodes values and goes on after an error, so that all of them are told at once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = Sources(self._noting(sources.secret), self._noting(sources.file))
        self._problems: list[Problem] = []
        self._stale = False

    def value(self, saved: Any) -> Any:
        """The value behind what the plan holds."""
        return decode(saved, self._sources)

    def note(self, *problems: Problem) -> None:
        """Something that `raise_all` has to tell."""
        self._problems += problems

    def raise_all(self) -> None:
        """Raises one error for all: `StalePlan` as soon as one is."""
        if self._problems:
            raise (StalePlan if self._stale else OwuiSyncError).of(self._problems)

    def _noting(self, get: Callable[[Wanted], str]) -> Callable[[Wanted], str]:
        def get_or_note(wanted: Wanted) -> str:
            try:
                return get(wanted)
            except OwuiSyncError as error:
                self.note(*error.problems)
                self._stale = self._stale or isinstance(error, StalePlan)
                return ""

        return get_or_note


def _change(saved: Json, collector: _Collector) -> Change:
    return Change(
        action=Action(saved["action"]),
        kind=saved["kind"],
        key=saved["key"],
        id=saved["id"],
        source=_position(saved["source"]),
        fields=tuple(_field(each, saved, collector) for each in saved["fields"]),
        precondition=saved["precondition"],
        depends_on=tuple(saved["depends_on"]),
        reason=saved["reason"],
        record=_record(saved["record"]),
    )


def _field(saved: Json, change: Json, collector: _Collector) -> FieldChange:
    absent, secret = saved.get("absent", ()), saved.get("secret", False)
    after = ABSENT
    if "value" in saved:
        after = collector.value(saved["value"])
    elif secret and "after" not in absent:
        collector.note(unsaved(f"{change['kind']}/{change['key']}", saved["path"], change["source"]))
    elif "after" not in absent:
        after = saved["after"]
    before = ABSENT if secret or "before" in absent else saved["before"]
    return FieldChange(saved["path"], before, after, Cause(saved["cause"]), secret)


def _position(saved: str | None) -> Position | None:
    if saved is None:
        return None
    file, line, column = saved.rsplit(":", 2)
    return Position(file, int(line), int(column))


def _record(saved: Json | None) -> Record | None:
    return None if saved is None else Record(**saved)
