"""Saved plans: what is checked before one is believed, and back from its changes to the plan's."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from owui_sync import __version__
from owui_sync.errors import Diagnostic, OwuiSyncError, StalePlan
from owui_sync.kinds import KINDS
from owui_sync.manifest.fingerprint import ManifestFingerprint
from owui_sync.plan.types import Action, Cause, Change, FieldChange, InventoryEntry
from owui_sync.report.words import shortened
from owui_sync.values import ABSENT, Json, Position, Sources, decode, digest

FORMAT = 1
"""Version of the documents."""

_AGAIN = "make it again with `owui-sync plan --out FILE`"

Wanted = TypeVar("Wanted")
Had = TypeVar("Had")


def checked(document: object) -> Json:
    """The document, when it is a plan that this version can read. Raises OwuiSyncError otherwise."""
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
    if document["digest"] != digest_of(document):
        raise StalePlan("this plan was changed after it was made: its digest is another", hint=_AGAIN)
    return document


def digest_of(document: Json) -> str:
    """What a plan's `digest` has to be: sha256 of all the rest of it."""
    return f"sha256:{digest({key: value for key, value in document.items() if key != 'digest'})}"


def unsaved(address: str, path: str, where: str | None) -> Diagnostic:
    """The problem of a secret value that a saved plan cannot hold."""
    return Diagnostic(
        f"{address}: {path} is secret but written in clear, so a saved plan does not hold it",
        where,
        "write it with !secret, or apply the manifests instead of a saved plan",
    )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


def _validate(document: Json) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    from owui_sync.report.schema import document_schema

    if error := best_match(Draft202012Validator(document_schema("plan")).iter_errors(document)):
        raise damaged(error.json_path, shortened(error.message))
    for place, kind, paths in _named(document):
        if kind not in KINDS:
            raise damaged(place, f"there is no kind {shortened(kind)!r}")
        known = {field.name for field in KINDS[kind].fields}
        if unknown := next((path for path in paths if path.partition(".")[0] not in known), None):
            raise damaged(place, f"a {kind} has no field {shortened(unknown)!r}")


def damaged(place: str, message: str) -> OwuiSyncError:
    """The error for a plan that is none at `place`."""
    return OwuiSyncError(f"this saved plan is damaged: {place}: {message}", hint=_AGAIN)


def _named(document: Json) -> Iterator[tuple[str, str, list[str]]]:
    """Place, kind and paths of fields of everything in a plan that stands for an object."""
    for number, change in enumerate(document["changes"]):
        paths = [field["path"] for field in (*change["fields"], *change.get("rewritten", ()))]
        yield f"$.changes[{number}]", change["kind"], paths + list((change["record"] or {}).get("fields", ()))
    for address, record in document["settled"].items():
        yield f"$.settled[{address!r}]", address.partition("/")[0], list((record or {}).get("fields", ()))


class Collector:
    """Decodes values and goes on after an error, so that all of them are told at once."""

    def __init__(self, sources: Sources) -> None:
        secret, file = self._noting(sources.secret, ""), self._noting(sources.file, "")
        self._sources = Sources(secret, file, self._noting(sources.upload, io.BytesIO))
        self._problems: list[Diagnostic] = []
        self._stale = False

    def value(self, saved: Any) -> Any:
        """The value behind what the plan holds."""
        try:
            return decode(saved, self._sources)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise damaged("a value", "it names no secret and no file in a way that is known") from None

    def note(self, *problems: Diagnostic) -> None:
        """Something that `raise_all` has to tell."""
        self._problems += problems

    def raise_all(self) -> None:
        """Raises one error for all: `StalePlan` as soon as one is."""
        if self._problems:
            raise (StalePlan if self._stale else OwuiSyncError).of(self._problems)

    def _noting(self, get: Callable[[Wanted], Had], nothing: Had) -> Callable[[Wanted], Had]:
        def get_or_note(wanted: Wanted) -> Had:
            try:
                return get(wanted)
            except OwuiSyncError as error:
                self.note(*error.problems)
                self._stale = self._stale or isinstance(error, StalePlan)
                return nothing

        return get_or_note


def read_change(saved: Json, collector: Collector) -> Change:
    """A change of a saved plan; what is missing for its values is noted in `collector`."""
    return Change(
        action=Action(saved["action"]),
        kind=saved["kind"],
        key=saved["key"],
        id=saved["id"],
        source=position(saved["source"]) if saved["source"] else None,
        fields=tuple(_field(each, saved, collector) for each in saved["fields"]),
        rewritten=tuple(_field(each, saved, collector) for each in saved.get("rewritten", ())),
        precondition=saved["precondition"],
        depends_on=tuple(saved["depends_on"]),
        reason=saved["reason"],
        record=read_record(saved["record"]),
        moved_from=saved["moved_from"],
        taken_from=saved["taken_from"],
        claim=saved["claim"],
    )


def _field(saved: Json, change: Json, collector: Collector) -> FieldChange:
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


def position(saved: str) -> Position:
    """The place in a manifest that a document names."""
    file, line, column = saved.rsplit(":", 2)
    return Position(file, int(line), int(column))


def read_identity(saved: Json) -> ManifestFingerprint:
    """The manifests that a saved plan was made of."""
    return ManifestFingerprint(saved["commit"], saved["digest"], tuple(saved["paths"]))


def read_record(saved: Json | None) -> InventoryEntry | None:
    """An inventory record of a saved plan."""
    return None if saved is None else InventoryEntry(**saved)
