"""What a copy asks for, adapted to what the destination has. Pure.

An export leaves out what is at its default, which says nothing of a destination that has another value. And nothing
there is deleted or demoted unasked.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from owui_sync.address import Address
from owui_sync.clone.comparison import is_known
from owui_sync.clone.secrets import sealed
from owui_sync.errors import Diagnostic
from owui_sync.kinds import KINDS
from owui_sync.kinds.files.holder import files_field
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import AbsentEntry, Desired, Entry
from owui_sync.plan.difference import current, default, is_hidden
from owui_sync.plan.snapshot import Snapshot
from owui_sync.resolve.select import Selection
from owui_sync.values import ABSENT, Position, Secret, SourcedText, same

_ROLES = ("pending", "user", "admin")
"""From the least to the most."""

_PASSWORD_BYTES = 32
_NOWHERE = Position("the source", 1, 1)
"""Where an entry stands that no manifest of the source has."""


@dataclass(frozen=True, slots=True)
class Adaptation:
    """Both servers, and what may happen to the destination.

    Args:
        source: in full, as far as it is selected.
        destination: in full, as far as the source has the same objects.
        selection: what is copied.
        create_users: make missing accounts, with passwords that nobody gets to know.
        delete: delete what only the destination has; lists lose what the source does not have.
        copy_secrets: secrets are copied too.
        warnings: filled with what stays as it is.
    """

    source: Snapshot
    destination: Snapshot
    selection: Selection
    create_users: bool = False
    delete: bool = False
    copy_secrets: bool = False
    warnings: list[Diagnostic] = field(default_factory=list)

    def adapted(self, desired: Desired) -> Desired:
        """Return what to ask for, of the manifests of the source."""
        entries = {address: self._entry(entry) for address, entry in {**desired.entries, **self._more(desired)}.items()}
        kept = {address: entry for address, entry in entries.items() if entry.values or address in desired.entries}
        absent = self._surplus() if self.delete else ()
        warnings = (*desired.warnings, *dict.fromkeys(self.warnings))
        return replace(desired, entries=kept, absent=absent, warnings=warnings)

    def _more(self, desired: Desired) -> dict[str, Entry]:
        """Return empty entries for what every server has and the source has all at its default."""
        return {
            address: Entry(lives[0].kind, lives[0].key, {}, _NOWHERE)
            for address, lives in self.source.objects.items()
            if address in self.selection
            and address not in desired.entries
            and KINDS[lives[0].kind].is_permanent(lives[0].key)
        }

    def _entry(self, entry: Entry) -> Entry:
        entry = replace(entry, values={path: _text(value) for path, value in entry.values.items()})
        entry = self._known(entry)
        live = _only(self.destination, entry.address)
        if live is None:
            return _new_account(entry) if self.create_users and entry.kind == "user" else entry
        ours = _only(self.source, entry.address)
        if ours and not entry.partial:
            entry = self._completed(entry, ours, live)
        return self._with_role(self._joined(entry, live), live)

    def _known(self, entry: Entry) -> Entry:
        """Return the entry without what means nothing on the destination, and would be refused there as a mistake."""
        kind, names = KINDS[entry.kind], self.destination.names
        kept = {path: value for path, value in entry.values.items() if kind.is_known(path, names)}
        for path in (path for path in entry.values if path not in kept):
            self._warn(f"{entry.address}: `{path}` is not copied: it means nothing there")
        return replace(entry, values=kept)

    def _completed(self, entry: Entry, ours: ObservedResource, live: ObservedResource) -> Entry:
        """Return the entry with what is at its default on the source and at another value on the destination."""
        values: dict[str, Any] = dict(entry.values)
        for path in dict.fromkeys((*ours.values, *live.values)):
            before, after = current(live, path), current(ours, path)
            left_out = path in values or entry.leaves_alone(path) or not same(after, default(ours, path))
            known = is_known(path, ours, live, (self.source, self.destination))
            if left_out or same(before, after) or not known:
                continue
            hidden = is_hidden(ours.kind, ours.key, path, ours.values)
            if _is_sayable(ours, path, after) and (self.copy_secrets or not hidden):
                values[path] = sealed(after, path) if hidden else after
            elif KINDS[entry.kind].field(path).split is None or path == KINDS[entry.kind].field(path).name:
                self._warn(f"{entry.address}: `{path}` stays as it is there: it is at its default on the source")
        return replace(entry, values=values)

    def _with_role(self, entry: Entry, live: ObservedResource) -> Entry:
        """Return the entry of an account without a role that would take rights away."""
        if entry.kind != "user" or "role" not in entry.values:
            return entry
        wanted, there = entry.values["role"], live.values["role"]
        if _ROLES.index(wanted) >= _ROLES.index(there):
            return entry
        self._warn(f"{entry.address} stays `{there}` there: it is `{wanted}` on the source")
        rest = {path: value for path, value in entry.values.items() if path != "role"}
        return replace(entry, values=rest, unmanaged=entry.unmanaged | {"role"})

    def _joined(self, entry: Entry, live: ObservedResource) -> Entry:
        """Return the entry with what the destination has more in lists of accounts and of items with own fields."""
        values = dict(entry.values)
        for path, value in entry.values.items():
            there = live.values.get(path)
            if not _is_joined(entry.kind, path, there) or not isinstance(value, list | tuple):
                continue
            more = [item for item in there or () if item not in value and self._is_kept(entry, path, item)]
            if more:
                values[path] = KINDS[entry.kind].field(path).normalise([*value, *more])
                self._warn(f"{entry.address}: `{path}` keeps {', '.join(map(str, more))}")
        return replace(entry, values=values)

    def _is_kept(self, entry: Entry, path: str, item: Any) -> bool:
        """Return whether an item of a list stays: of those with own fields, `--delete` takes what a copy made."""
        if not self.delete:
            return True
        record = self.destination.inventory.records.get(entry.address)
        made = record is not None and f"{path}.{item}" in record.fields
        return KINDS[entry.kind].field(path).split is not None and not made

    def _surplus(self) -> tuple[AbsentEntry, ...]:
        """Return what only the destination has and can be deleted: no accounts, and nothing that every server has.

        A kind of which the source shows nothing may be switched off there: what the destination has of it stays.
        """
        known = {Address.parse(address).kind for address in self.source.objects}
        gone = [
            Address.parse(address)
            for address in self.destination.objects
            if address in self.selection and address not in self.source.objects
        ]
        gone = [address for address in gone if _is_content(*address)]
        for kind in dict.fromkeys(kind for kind, _ in gone if kind not in known):
            self._warn(f"no {kind} is deleted: the source shows none, and may have them switched off")
        return tuple(AbsentEntry(kind, key, _NOWHERE) for kind, key in gone if kind in known)

    def _warn(self, message: str) -> None:
        self.warnings.append(Diagnostic(message))


def is_empty(destination: Snapshot) -> bool:
    """Return whether a server has nothing but accounts and what every server has."""
    return not any(_is_content(*Address.parse(address)) for address in destination.objects)


def _is_content(kind: str, key: str) -> bool:
    return kind != "user" and not KINDS[kind].is_permanent(key)


def _only(snapshot: Snapshot, address: str) -> ObservedResource | None:
    """Return the object of that name, if there is just one."""
    lives = snapshot.objects.get(address, ())
    return lives[0] if len(lives) == 1 else None


def _new_account(entry: Entry) -> Entry:
    password = Secret(secrets.token_urlsafe(_PASSWORD_BYTES), {"$secret": "password"})
    return replace(entry, values={**entry.values, "password": password})


def _is_sayable(live: ObservedResource, path: str, value: Any) -> bool:
    """Return whether a value of the source can be asked for as it is."""
    kind = KINDS[live.kind]
    whole = kind.field(path).split is None and path != files_field(kind)
    return whole and value is not ABSENT and value is not None


def _is_joined(kind: str, path: str, there: Any) -> bool:
    field = KINDS[kind].field(path)
    names_accounts = any(name == "user" for name, _ in field.references(there))
    return isinstance(there, list | tuple) and path == field.name and (field.split is not None or names_accounts)


def _text(value: Any) -> Any:
    """Return the value without the names of the files of its texts: these are gone when the command ends."""
    if isinstance(value, SourcedText):
        return str(value)
    if type(value) is dict:
        return {key: _text(item) for key, item in value.items()}
    if isinstance(value, Mapping):
        return value
    return [_text(item) for item in value] if type(value) is list else value
