"""Whether a saved plan says anything that manifests could not: its objects, their keys, fields, values, and its jobs.

A plan comes from elsewhere, and its digests prove nothing to who can make them again. So what is applied of it is held
against the same schema as a manifest. Values that come from files and secrets are left to `owui_sync.plan.file.reads`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from owui_sync.address import Address, FieldPath
from owui_sync.errors import Diagnostic, OwuiSyncError
from owui_sync.kinds import KINDS
from owui_sync.kinds.areas import AreaKind
from owui_sync.kinds.base import Kind
from owui_sync.kinds.unflatten import unflatten
from owui_sync.manifest.entry_problems import entry_problems, job_problems
from owui_sync.manifest.files.target_paths import place
from owui_sync.manifest.yaml.nodes import INVALID
from owui_sync.manifest.yaml.value_problem import ValueProblem
from owui_sync.plan.file.inputs import AGAIN
from owui_sync.plan.types import Action, Cause
from owui_sync.values import Json, same

_UNKNOWN = ("$secret", "$join", "$file", "$image")
"""Marks of values that a plan does not hold."""


def check_vocabulary(document: Json) -> None:
    """Raise OwuiSyncError with all that no manifest could say; `document` is valid against the schema of plans."""
    checks = (_changes, _twice, _addresses, _jobs, _circles)
    found = [wrong for check in checks for wrong in check(document)]
    if found:
        raise OwuiSyncError.of(
            Diagnostic(f"this saved plan is damaged: {where}: {message}", source, AGAIN)
            for where, message, source in found
        )


_Wrong = tuple[str, str, str | None]
"""Where in the document, what is wrong, and where in the manifests that stands."""


def _changes(document: Json) -> Iterator[_Wrong]:
    for number, change in enumerate(document["changes"]):
        at, kind = f"$.changes[{number}]", KINDS[change["kind"]]
        odd = [*_key_problems(change, kind)]
        for message in (*odd, *_shape_problems(change)):
            yield at, message, change["source"]
        for part in () if odd else ("fields", "rewritten"):  # A value is checked as a part of its object.
            for index, field in enumerate(change.get(part, ())):
                for message in _value_problems(change, kind, field):
                    yield f"{at}.{part}[{index}]", message, change["source"]


def _key_problems(change: Json, kind: Kind) -> Iterator[str]:
    """Yield what is wrong with a key. Models that only a rule names may be called anything on the server."""
    key = change["key"]
    if kind.lifecycle.singleton and key != kind.key["const"]:
        yield f"there is no {kind.name} {key!r}"
    elif not key or kind.normal_key(key) != key:
        yield f"{key!r} is no key of a {kind.name}"
    elif change["action"] != Action.DELETE and not _is_by_rule(change):
        yield from entry_problems(kind, key, {})


def _is_by_rule(change: Json) -> bool:
    """Return whether a change is only about the access of a model, as `access_rules` make it or take it back."""
    is_access = change["kind"] == "model" and {field["path"] for field in change["fields"]} <= {"access"}
    return is_access and ((change["record"] or {}).get("partial", False) or change["source"] is None)


def _shape_problems(change: Json) -> Iterator[str]:
    """Yield what does not fit together in a change."""
    is_new = change["action"] == Action.CREATE
    if is_new != (change["id"] is None):
        yield "an object that is made has no id yet" if is_new else "an object that is there has an id"
    if change["action"] == Action.DELETE and change["fields"]:
        yield "an object that is deleted gets no values"
    if change["source"] is None and any(field["cause"] != Cause.RESET for field in change["fields"]):
        yield "what no manifest names gets nothing but its defaults"
    if change["moved_from"] == "":
        yield "the key that an object had is not empty"


def _value_problems(change: Json, kind: Kind, field: Json) -> Iterable[str]:
    path, key = field["path"], change["key"]
    if "after" in field.get("absent", ()) or (field.get("secret") and "value" not in field):
        return ()
    value = field.get("value", field["after"])
    if same(value, kind.default(path, key)) or (value is None and isinstance(kind, AreaKind)):
        return ()  # Where it goes back to what it was at first; only a server knows that of all settings.
    if field["cause"] == Cause.RESET and isinstance(value, bool):
        return ()  # The same, for permissions.
    return _of_item(kind, path, value) or entry_problems(kind, _named(kind, change), _fields(kind, path, value))


def _named(kind: Kind, change: Json) -> str:
    return str(kind.key["examples"][0] if _is_by_rule(change) else change["key"])


def _fields(kind: Kind, path: str, value: Any) -> dict[str, Any]:
    """Return field -> value of the one value at a path, as manifests write it."""
    field = kind.field(path)
    known = _known(value)
    if field.split is None:
        return unflatten(kind, {path: known})
    if path == field.name:
        return {field.name: [] if isinstance(value, list) else known}
    name, leaf = FieldPath.parse(path)
    return {name: [{**_needed(kind, name), leaf.rpartition(".")[2]: known} if field.secret else known]}


def _needed(kind: Kind, name: str) -> dict[str, Any]:
    """Return an item of a list with all that it must have, of which nothing is known."""
    return dict.fromkeys(kind.field(name).schema["items"]["required"], INVALID)


def _of_item(kind: Kind, path: str, value: Any) -> list[str]:
    """Return what is wrong with the names of the items of a list, where they have paths of their own."""
    field = kind.field(path)
    if field.split is None or path != field.name or not isinstance(value, list):
        return []
    return [] if all(isinstance(item, str) for item in value) else [f"`{path}` names items that are no texts"]


def _known(value: Any) -> Any:
    """Return a value as a manifest writes it; `INVALID`, of which nothing is known, for what the plan does not hold."""
    if isinstance(value, list):
        # So many files that only their form is looked at, and that only once.
        return [{"path": "file"}] if value and all(map(_is_file, value)) else [_known(item) for item in value]
    if not isinstance(value, dict):
        return value
    if any(mark in value for mark in _UNKNOWN):
        return INVALID
    inner = value.get("$value", value)
    return {key: _known(item) for key, item in inner.items()} if isinstance(inner, dict) else INVALID


def _is_file(value: Any) -> bool:
    """Return whether a value is a file to be uploaded, at a place where there can be one."""
    if not isinstance(value, dict) or not isinstance(at := value.get("$upload"), str):
        return False
    try:
        return place("", at) == at
    except ValueProblem:
        return False


def _twice(document: Json) -> Iterator[_Wrong]:
    """Yield objects that would be written twice; only to delete several of one name is nothing odd."""
    seen: set[str] = set()
    for number, change in enumerate(document["changes"]):
        address = str(Address(change["kind"], change["key"]))
        if change["action"] != Action.DELETE and address in seen:
            yield f"$.changes[{number}]", f"{address} is written twice", change["source"]
        seen |= set() if change["action"] == Action.DELETE else {address}


def _addresses(document: Json) -> Iterator[_Wrong]:
    for part in ("unchanged", "awaited"):
        for number, text in enumerate(document[part]):
            if message := _no_address(text):
                yield f"$.{part}[{number}]", message, None
    for text in document["settled"]:
        if message := _no_address(text):
            yield f"$.settled[{text!r}]", message, None


def _no_address(text: str) -> str | None:
    kind, key = Address.parse(text)
    return None if kind in KINDS and key and KINDS[kind].normal_key(key) == key else f"{text!r} is no address"


def _jobs(document: Json) -> Iterator[_Wrong]:
    for number, job in enumerate(document["jobs"]):
        for message in job_problems(job["name"], job["type"], _written(job)):
            yield f"$.jobs[{number}]", message, job["source"]


def _written(job: Json) -> dict[str, Any]:
    """Return a job as a manifest writes it: without what it need not write."""
    spec = {
        key: ["file"] if key in ("files", "images") and isinstance(value, list) and all(map(_is_file, value)) else value
        for key, value in job["written"]["spec"].items()
    }
    said = {key: value for key, value in job["written"].items() if key != "spec" and value not in (None, [], {}, 0)}
    if said.get("title") == job["name"]:
        del said["title"]
    return {**_known(said), job["type"]: _known(spec)}


def _circles(document: Json) -> Iterator[_Wrong]:
    changes: dict[str, set[str]] = {}
    for change in document["changes"]:
        address = str(Address(change["kind"], change["key"]))
        changes.setdefault(address, set()).update(one for one in change["depends_on"] if one != address)
    jobs = {job["name"]: set(job["written"]["needs"]) for job in document["jobs"]}
    for part, graph in (("changes", changes), ("jobs", jobs)):
        if circle := _circle(graph):
            yield f"$.{part}", f"they need each other in a circle: {' -> '.join(circle)}", None


def _circle(graph: Mapping[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter({name: needs & graph.keys() for name, needs in graph.items()}).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []
