"""What hangs on a model or a folder for its chats to draw on: knowledge bases, and single files and notes.

A manifest names knowledge bases. `file:ID` and `note:ID` keep what somebody attached in the web page; they are not
attached by this tool, as ids mean something on one server only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from owui_sync.kinds.fields import texts, unordered
from owui_sync.kinds.names import UUID, IdIndex, Reference
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row
from owui_sync.values import has_secret

_SINGLE = re.compile(f"(file|note):({UUID})")


def refers(value: Any) -> list[Reference]:
    """Return the knowledge bases that a written value names."""
    items = value if isinstance(value, list | tuple) else [value]
    return [("knowledge", item) for item in items if isinstance(item, str) and not _SINGLE.fullmatch(item)]


FIELD = texts(
    "knowledge",
    "Names of knowledge bases that every chat with it may draw on. `id:ID` is the one with that id, "
    "for two of one name. `file:ID` and `note:ID` keep what somebody attached in the web page.",
    "Handbook",
    refers=refers,
    reads=frozenset({"knowledge"}),
)
"""The `knowledge` field, for every kind whose chats draw on some."""


def read(items: Iterable[Row] | None, names: IdIndex) -> list[str]:
    """Return what hangs on an object, in the manifest's words."""
    found: list[str] = unordered([_word(item, names) for item in items or ()])
    return found


def _word(item: Row, names: IdIndex) -> str:
    """Return an item as a manifest names it.

    One that a manifest cannot name (a text, say) is shown by its type and its name.
    """
    kind, id = item.get("type", "collection"), item.get("id")
    if kind == "collection" and id:
        return names.called("knowledge", id)
    return f"{kind}:{id or item.get('name') or '?'}"


def put(wanted: Iterable[str], there: Iterable[Row] | None, names: IdIndex) -> list[Row]:
    """Return the items to write: what hangs there already stays as it is."""
    known = {_word(item, names): item for item in there or ()}
    return [known.get(word) or _item(word, names) for word in wanted]


def _item(word: str, names: IdIndex) -> Row:
    if single := _SINGLE.fullmatch(word):
        return {"type": single[1], "id": single[2], "name": single[2]}
    id = names.id("knowledge", word)
    return {"type": "collection", "id": id, "name": names.key("knowledge", id) or word}


def problems(values: Mapping[str, Any], live: ObservedResource | None) -> Iterator[tuple[str, str, str | None]]:
    """Complains of files and notes that do not hang on the object yet, as `Kind.problems` does."""
    wanted = values.get("knowledge")
    if not wanted or has_secret(wanted) or (live and "knowledge" in live.unknown):
        return
    there = live.values.get("knowledge", ()) if live else ()
    for word in wanted:
        if _SINGLE.fullmatch(word) and word not in there:
            message = f"`{word}` does not hang on it on this server, and single files and notes are not attached"
            yield "knowledge", message, "attach it in the web page, or put its text into a knowledge base"
