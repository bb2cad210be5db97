"""Saved plans: what is checked before one is believed, and the way back to the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from owui_sync import __version__
from owui_sync.address import Address
from owui_sync.errors import Diagnostic, OwuiSyncError, StalePlan
from owui_sync.kinds import KINDS
from owui_sync.manifest.fingerprint import ManifestFingerprint
from owui_sync.plan.file.change import fields_in
from owui_sync.plan.file.digests import is_intact
from owui_sync.plan.file.document import FORMAT, MANIFESTS, PLAN
from owui_sync.plan.file.inputs import AGAIN, Inputs, damaged, unsaved
from owui_sync.plan.file.schema import schema_of
from owui_sync.plan.file.vocabulary import check_vocabulary
from owui_sync.plan.inventory import is_known
from owui_sync.plan.types import Plan
from owui_sync.values import Json, Sources
from owui_sync.wording import shortened


def load_plan(document: object, sources: Sources, check: Callable[[Json], None] | None = None) -> Plan:
    """Return the plan behind a saved document.

    Args:
        document: the parsed JSON.
        check: gets the document once its form is known to be right, before anything is read from `sources`. A plan
            that is to be applied must then say nothing that manifests could not. None for a plan that is only shown,
            which may also be one of two servers.
        sources: gives secrets and contents of files again; its errors are collected and raised together.

    Raises:
        StalePlan: a file is not what it was.
        OwuiSyncError: it is no plan, or one that this version cannot read; a secret is not set, or was not saved.
    """
    checked = check_document(document)
    if check is not None:
        check(checked)
        check_vocabulary(checked)
    inputs = Inputs(sources)
    plan: Plan = PLAN.load(checked, inputs)
    inputs.note(*_unsaved_secrets(checked))
    inputs.raise_all()
    return plan


def check_document(document: object) -> Json:
    """Return the document if it is a plan that this version can read. Raises OwuiSyncError otherwise."""
    if not isinstance(document, dict) or "format" not in document or "changes" not in document:
        raise OwuiSyncError("this is not a saved plan", hint=AGAIN)
    if document["format"] != FORMAT:
        message = f"this plan has format {document['format']!r}; owui-sync {__version__} reads format {FORMAT}"
        raise OwuiSyncError(message, hint=AGAIN)
    if _version(str(document.get("tool"))) > _version(__version__):
        message = f"this plan was made by owui-sync {document['tool']}; this is {__version__}"
        raise OwuiSyncError(message, hint="upgrade owui-sync, or make the plan again with this version")
    if "interrupted" in document:
        raise OwuiSyncError("this is the result of an apply, not a saved plan", hint=AGAIN)
    _validate(document)
    if not is_intact(document):
        raise StalePlan("this plan was edited after it was made: its checksum does not match", hint=AGAIN)
    return document


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


def _validate(document: Json) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    if error := best_match(Draft202012Validator(schema_of(PLAN)).iter_errors(document)):
        raise damaged(error.json_path, shortened(error.message))
    for place, kind, paths in _named(document):
        if kind not in KINDS:
            raise damaged(place, f"there is no kind {shortened(kind)!r}")
        if unknown := next((path for path in paths if not is_known(KINDS[kind], path)), None):
            raise damaged(place, f"a {kind} has no field {shortened(unknown)!r}")


def _named(document: Json) -> Iterator[tuple[str, str, list[str]]]:
    """Yield place, kind and paths of fields of everything in a plan that stands for an object."""
    for number, change in enumerate(document["changes"]):
        paths = [field["path"] for field in fields_in(change)]
        yield f"$.changes[{number}]", change["kind"], paths + list((change["record"] or {}).get("fields", ()))
    for address, record in document["settled"].items():
        yield f"$.settled[{address!r}]", Address.parse(address).kind, list((record or {}).get("fields", ()))


def _unsaved_secrets(document: Json) -> Iterator[Diagnostic]:
    for change in document["changes"]:
        for field in fields_in(change):
            if field.get("secret") and "value" not in field and "after" not in field.get("absent", ()):
                yield unsaved(str(Address(change["kind"], change["key"])), field["path"], change["source"])


def manifests_of(document: Json) -> ManifestFingerprint:
    """Return which manifests a checked document was made of."""
    found: ManifestFingerprint = MANIFESTS.load(document["manifests"], Inputs(Sources(str, lambda source: source.path)))
    return found
