"""The keys of a change, and of what the inventory says of an object."""

from __future__ import annotations

from owui_sync.plan.file.field import SAVED_FIELD, SHOWN_FIELD
from owui_sync.plan.file.table import (
    Key,
    Record,
    choice,
    flag,
    maybe,
    maybe_one,
    maybe_position,
    optional,
    several,
    text,
    texts,
    texts_by_name,
)
from owui_sync.plan.types import Action, Change, InventoryEntry
from owui_sync.values import Json

INVENTORY_ENTRY = Record(
    "record",
    "What the inventory remembers of an object.",
    (
        Key("id", text("Id on the server; empty while a creation is on its way.")),
        Key("fields", texts_by_name("Path -> fingerprint of the value last applied.")),
        Key("keep", flag("Never delete it.")),
        Key("partial", flag("Only covered by `access_rules`.")),
        Key("marker", text("The server's mark of the state in which it had these values.")),
        Key(
            "adopted", maybe("boolean", "Whether it was there before the stack took it; null where that is not known.")
        ),
        optional("owner", text("Id of the user whose it is, for kinds whose objects nobody else sees.")),
    ),
    InventoryEntry,
)


def _keys(field: Record) -> tuple[Key, ...]:
    return (
        Key("action", choice(Action, "What happens to the object.")),
        Key("kind", text("Singular name of its kind, such as `model`.")),
        Key("key", text("Its key in the manifests.")),
        Key("id", maybe("string", "Its id on the server; null when it does not exist yet.")),
        Key("source", maybe_position("`file:line:column` of its entry; null when no manifest names it.")),
        Key("reason", text("One short sentence for a person, or empty.")),
        Key("fields", several(field, "What differs.")),
        Key("precondition", text("`absent`, or a digest of the object as the plan saw it.")),
        Key("depends_on", texts("Addresses of changes that come first.")),
        Key("moved_from", maybe("string", "The key on the server, where a move changes it.")),
        optional(
            "rewritten",
            several(field, "Of an object that is deleted and made anew: what is written again as it was."),
        ),
    )


SHOWN_KEYS = _keys(SHOWN_FIELD)
"""What a reader sees of a change."""

SAVED_CHANGE = Record(
    "plannedChange",
    "What happens to one object.",
    (
        *_keys(SAVED_FIELD),
        Key("record", maybe_one(INVENTORY_ENTRY, "null forgets the object.")),
        Key("claim", text("Digest of what the inventory said of the object.")),
        Key("taken_from", maybe("string", "The stack that owned the object until now.")),
    ),
    Change,
)


def fields_in(change: Json) -> list[Json]:
    """Return all fields of a saved change: what differs, and what a replaced object gets again as it was."""
    return [*change["fields"], *change.get("rewritten", ())]
