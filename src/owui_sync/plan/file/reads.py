"""What a saved plan makes the machine that applies it read or write, and whether its manifests ask for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from owui_sync.address import Address
from owui_sync.errors import Diagnostic, StalePlan
from owui_sync.kinds import KINDS
from owui_sync.manifest.desired import Desired
from owui_sync.plan.deferred import can_be_deferred, without
from owui_sync.plan.file.change import fields_in
from owui_sync.plan.file.job import WRITTEN
from owui_sync.plan.rules import expand
from owui_sync.plan.types import Action, Cause
from owui_sync.values import ABSENT, SERVER_DEFAULT, Json, encode, same

_HINT = "make the plan again, with the options (--var, --target and so on) that it is applied with"


def reads(document: Json) -> list[str]:
    """Return the secrets and files that a plan names, in words, each once; with the files that its jobs write."""
    fields = (field for change in document["changes"] for field in fields_in(change))
    values = [field["value"] for field in fields if "value" in field]
    written = [job["written"] for job in document["jobs"]]
    files = [f"the file `{job['output']['file']}`" for job in written if "file" in (job.get("output") or ())]
    return list(dict.fromkeys([*_named([*values, *written]), *files]))


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _named(item)
    elif isinstance(value, dict):
        if "$secret" in value:
            yield f"the secret `{value['$secret']}`"
        for key in ("$file", "$image", "from"):
            if key == "from" and "$upload" not in value:
                continue
            if key in value:
                yield f"the file `{value[key]}`"
        for item in value.values():
            yield from _named(item)


def check_reads(document: Json, desired: Desired) -> None:
    """Raise StalePlan unless the manifests say all that the plan writes.

    It is not enough that they name the same files and secrets: a plan that is edited beside a secret, such as at the
    address that a key is sent to, gives it away all the same.
    """
    problems = [*_other_values(document, desired), *_other_jobs(document, desired)]
    if problems:
        raise StalePlan.of(problems)


def _other_values(document: Json, desired: Desired) -> Iterator[Diagnostic]:
    models = [change["key"] for change in document["changes"] if change["kind"] == "model"]
    entries = expand(desired.entries, desired.rules, models)
    awaited = {address for address in document["awaited"] if address in entries and can_be_deferred(entries[address])}
    for change in document["changes"]:
        if change["action"] == Action.DELETE:
            continue
        address = str(Address(change["kind"], change["key"]))
        entry = entries.get(address)
        values = without(entry, awaited).values if entry else {}
        for field in fields_in(change):
            if not _is_asked_for(change, field, values):
                message = f"{address}: the plan has another `{field['path']}` than the manifests"
                yield Diagnostic(message, change["source"], _HINT)


def _is_asked_for(change: Json, field: Json, values: Mapping[str, Any]) -> bool:
    path = field["path"]
    if field["cause"] == Cause.RESET:
        return path not in values and _is_default(change, field)
    if path not in values:
        return False
    if values[path] is SERVER_DEFAULT:
        return _is_default(change, field)
    planned = field.get("value", field["after"])
    if field.get("secret") and "value" not in field:
        return True  # It was not saved, which whoever reads the plan will say.
    if "after" in field.get("absent", ()) or values[path] is ABSENT:
        return "after" in field.get("absent", ()) and values[path] is ABSENT
    return _is_within(planned, encode(values[path]))


def _is_default(change: Json, field: Json) -> bool:
    """Return whether a field goes back to what it was at first.

    For permissions only the server knows, and for names that are not the key; `owui_sync.apply.preconditions` asks it.
    """
    after = ABSENT if "after" in field.get("absent", ()) else field.get("value", field["after"])
    if isinstance(after, bool) or (
        isinstance(after, str) and KINDS[change["kind"]].field(field["path"]).defaults_to_key
    ):
        return True
    return same(after, KINDS[change["kind"]].default(field["path"], change["key"]))


def _other_jobs(document: Json, desired: Desired) -> Iterator[Diagnostic]:
    for job in document["jobs"]:
        known = desired.jobs.get(job["name"])
        if known is None or known.type != job["type"] or not _is_within(job["written"], WRITTEN.dump(known)):
            yield Diagnostic(f"job/{job['name']}: the plan has another one than the manifests", job["source"], _HINT)


def _is_within(planned: Any, written: Any) -> bool:
    """Return whether a value of a plan is the written one; of files to be uploaded it may have some.

    Digests of files are left to who reads the files: there a message can name the one that changed.
    """
    planned, written = _without_digests(planned), _without_digests(written)
    if isinstance(planned, list) and isinstance(written, list) and all(map(_is_upload, planned)):
        return all(any(same(item, other) for other in written) for item in planned)
    return same(planned, written)


def _is_upload(value: Any) -> bool:
    return isinstance(value, dict) and "$upload" in value


def _without_digests(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_without_digests(item) for item in value]
    if not isinstance(value, dict):
        return value
    is_file = any(mark in value for mark in ("$file", "$image", "from")) and "sha256" in value
    return {key: _without_digests(item) for key, item in value.items() if not (is_file and key in ("sha256", "size"))}
