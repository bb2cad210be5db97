"""Names and ids of objects: how a manifest names what the server knows by its id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

Reference = tuple[str, str]
"""Kind and key of an object that a value names, such as `("group", "Support")`."""

BY_ID = "id:"
"""Before the id of an object, where its name does not say which one is meant."""

UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_BY_ID = re.compile(f"{BY_ID}({UUID})")
_ONLY_HERE = re.compile(f"[a-z]+:{UUID}")


def by_id(name: str) -> str | None:
    """Return the id in `id:ID`; None for a name.

    Only what looks like an id of the server counts: a name may have a colon.
    """
    found = _BY_ID.fullmatch(name)
    return found[1] if found else None


def only_here(name: str) -> bool:
    """Return whether a name in a manifest is an id with what it is of, which means something on one server only."""
    return _ONLY_HERE.fullmatch(name) is not None


class IdIndex:
    """Which key has which id on the server, by kind; grows while an apply creates objects.

    A name that several objects have (the server allows that for groups and knowledge bases) resolves to no id until
    `pin` says which one is meant. `id:ID` always means the one object that has this id.
    """

    def __init__(self) -> None:
        self._ids: dict[str, dict[str, list[str]]] = {}
        self._keys: dict[str, dict[str, str]] = {}
        self.members: Mapping[str, list[str]] | None = None
        """Group id -> ids of its direct members, when the plan needed them."""
        self.unnamed: dict[str, list[str]] = {}
        """Kind -> what people see of objects that no key can name."""
        self.switched_off: set[str] = set()
        """Kinds that the server has switched off, so that it shows none of the objects that there are."""

    def add(self, kind: str, key: str, id: str) -> None:
        """Make an object known."""
        ids = self._ids.setdefault(kind, {}).setdefault(key, [])
        if id not in ids:
            ids.append(id)
        self._keys.setdefault(kind, {})[id] = key

    def pin(self, kind: str, key: str, id: str) -> None:
        """From now on `key` means the object `id` and no other."""
        self._ids.setdefault(kind, {})[key] = [id]
        self._keys.setdefault(kind, {})[id] = key

    def renamed(self, moves: Iterable[tuple[str, str, str]]) -> IdIndex:
        """Return the same names, but some objects have another key: kind, old key and new key of each."""
        names = IdIndex()
        names._ids = {kind: {key: list(ids) for key, ids in known.items()} for kind, known in self._ids.items()}
        names._keys = {kind: dict(keys) for kind, keys in self._keys.items()}
        names.members, names.unnamed, names.switched_off = self.members, self.unnamed, self.switched_off
        for kind, old, new in moves:
            for id in names._ids.get(kind, {}).pop(old, []):
                names.add(kind, new, id)
        return names

    def ids(self, kind: str, key: str) -> tuple[str, ...]:
        """Return all ids behind a key: none, one, or several where names are not unique."""
        if id := by_id(key):
            return (id,) if id in self._keys.get(kind, {}) else ()
        return tuple(self._ids.get(kind, {}).get(key, ()))

    def id(self, kind: str, key: str) -> str:
        """Return the id behind a key. Raises KeyError when there is none or more than one."""
        found = self.ids(kind, key)
        if len(found) != 1:
            raise KeyError(f"{kind}/{key}")
        return found[0]

    def key(self, kind: str, id: str) -> str | None:
        """Return the key of an object, or None when nothing is known by that id."""
        return self._keys.get(kind, {}).get(id)

    def called(self, kind: str, id: str) -> str:
        """Return how a manifest names the object with this id.

        That is its key, or `id:ID` where several objects have that key.

        The latter is so for twins, for what has no name, and for what is not there any more: a reference keeps the id
        of an object that was deleted, and one that was made again under its name is another one.
        """
        key = self.key(kind, id)
        return key if key and self.ids(kind, key) == (id,) else f"{BY_ID}{id}"

    def has(self, kind: str) -> bool:
        """Return whether anything of a kind is known. There always is a user, so for users: whether they were read."""
        return bool(self._ids.get(kind))

    def keys(self, kind: str) -> list[str]:
        """Return all known keys of a kind."""
        return list(self._ids.get(kind, {}))
