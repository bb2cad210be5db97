"""Files -> layers -> one mapping: nothing is said twice in a layer, a higher layer changes what a lower one says.

The lists that all layers write together are not merged here: see `joined`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from owui_sync.manifest.files.reading import manifests_in, project_root, read_manifest, shown
from owui_sync.manifest.joined import KEYS as JOINED
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema.build import ANCHORS, TOP_LEVEL, VERSION
from owui_sync.manifest.schema.violations import unknown_key
from owui_sync.manifest.schema.wording import value_words
from owui_sync.manifest.yaml.nodes import LocatedMap, Origin
from owui_sync.manifest.yaml.value_problem import ValueProblem
from owui_sync.values import Position
from owui_sync.wording import did_you_mean

_SAME_EVERYWHERE = ("version", "stack")
"""Keys that several files may write, as long as they write the same."""


def read(
    paths: Sequence[Path], root: Path | None, problems: Diagnostics, files: list[str]
) -> tuple[LocatedMap, list[list[LocatedMap]]]:
    """Read the layers and lay them on each other.

    Args:
        root: folder of the configuration, see `files.project_root`.
        files: gets the files that were read, as messages show them.

    Returns:
        All sections merged, but for the lists that layers write together, and the documents of each layer.
    """
    result = LocatedMap(Position("", 1, 1))
    layers = [_documents(path, root, problems, files) for path in paths]
    for documents in layers:
        layer = _combined(documents, problems)
        if layer is None:
            continue
        _check_stack(result, layer, problems)
        result = _merged(result, layer, problems, top=True)
    return result, layers


def _documents(layer: Path, root: Path | None, problems: Diagnostics, files: list[str]) -> list[LocatedMap]:
    try:
        found = manifests_in(layer)
    except ValueProblem as wrong:
        problems.add(wrong.message, None, wrong.hint)
        problems.lost_file = True
        return []
    project = project_root(layer, root)
    documents = []
    for path in found:
        origin = Origin(path.absolute(), shown(path), project)
        files.append(origin.shown)
        document = read_manifest(origin, problems)
        if document is not None and not document:
            problems.add("the file is empty", document.at, f"begin with `version: {VERSION}`, or delete it")
            problems.lost_file = True
        elif document is not None:
            documents.append(_checked(document, problems))
    return documents


def _checked(document: LocatedMap, problems: Diagnostics) -> LocatedMap:
    """Return the document without keys at its top that only hold anchors or mean nothing.

    Every file states its version.
    """
    version = document.get("version")
    if "version" not in document:
        problems.add("`version` is missing", document.at, f"begin the file with `version: {VERSION}`")
    elif type(version) is not int or version != VERSION:
        message = f"`version` must be {VERSION}, not {value_words(version)}"
        problems.add(message, document.values_at["version"], "this owui-sync knows no other")
    for key in [key for key in document if key not in TOP_LEVEL]:
        if not key.startswith(ANCHORS):
            message, hint = unknown_key(key, TOP_LEVEL, ())
            problems.add(message, document.keys_at[key], hint)
        document.drop(key)
    return document


def _combined(documents: list[LocatedMap], problems: Diagnostics) -> LocatedMap | None:
    """Return all files of a layer as one; what is written twice is a problem."""
    if not documents:
        return None
    result = LocatedMap(documents[0].at)
    for key in dict.fromkeys(key for document in documents for key in document if key not in JOINED):
        writers = [document for document in documents if key in document]
        result.take(key, writers[0])
        if key in _SAME_EVERYWHERE:
            _check_same(key, writers, problems)
        elif len(writers) > 1:
            result[key] = _joined(key, writers, problems)
    return result


def _check_same(key: str, writers: list[LocatedMap], problems: Diagnostics) -> None:
    """Report two stacks; `version` was checked in each file."""
    for other in writers[1:]:
        if key == "stack" and other[key] != writers[0][key]:
            _differs(writers[0], other, problems)


def _joined(key: str, writers: list[LocatedMap], problems: Diagnostics) -> Any:
    """Return a top-level key that several files of a layer have: the entries of all of them."""
    first = writers[0][key]
    result = LocatedMap(writers[0].values_at[key])
    for writer in writers:
        section = writer[key]
        if not isinstance(section, LocatedMap) or not isinstance(first, LocatedMap):
            if writer is not writers[0]:
                _twice(key, writers[0].keys_at[key], writer.keys_at[key], problems)
            continue
        for name in section:
            if name in result:
                _twice(f"{key}.{name}", result.keys_at[name], section.keys_at[name], problems)
            else:
                result.take(name, section)
    return result if isinstance(first, LocatedMap) else first


def _twice(name: str, first: Position, second: Position, problems: Diagnostics) -> None:
    message = f"`{name}` is written twice in one layer, first at {first}"
    problems.add(message, second, "keep one of the two, or make the second file a layer of its own")


def _check_stack(lower: LocatedMap, upper: LocatedMap, problems: Diagnostics) -> None:
    if "stack" in lower and "stack" in upper and lower["stack"] != upper["stack"]:
        _differs(lower, upper, problems)


def _differs(first: LocatedMap, second: LocatedMap, problems: Diagnostics) -> None:
    one, other = first["stack"], second["stack"]
    message = f"the stack is {value_words(other)} here, but {value_words(one)} at {first.values_at['stack']}"
    close = isinstance(one, str) and isinstance(other, str) and did_you_mean(other, [one])
    problems.add(message, second.values_at["stack"], close or "all manifests of a run belong to one stack")


def _merged(
    lower: LocatedMap, upper: LocatedMap, problems: Diagnostics, *, top: bool = False, name: str = ""
) -> LocatedMap:
    """Lay `upper` on `lower`: mappings key by key, anything else replaced, `null` takes away."""
    result = LocatedMap(upper.at if top else lower.at)
    for key in lower:
        result.take(key, lower)
    for key, value in upper.items():
        inner = f"{name}.{key}" if name else key
        if value is None:
            _remove(result, key, inner, upper.keys_at[key], problems)
        elif isinstance(value, LocatedMap):
            below = lower.get(key)
            here = _merged(
                below if isinstance(below, LocatedMap) else LocatedMap(value.at), value, problems, name=inner
            )
            result.put(key, here, *_places(lower if isinstance(below, LocatedMap) else upper, key))
        else:
            result.take(key, upper)
    return result


def _places(written: LocatedMap, key: str) -> tuple[Position, Position]:
    return written.keys_at[key], written.values_at[key]


def _remove(result: LocatedMap, key: str, name: str, at: Position, problems: Diagnostics) -> None:
    if key in result:
        result.drop(key)
    elif not problems.lost_file:
        hint = (
            did_you_mean(key, result)
            or "write {} for an entry with nothing in it; null removes what a lower layer says"
        )
        problems.add(f"there is no `{name}` in a lower layer that null could remove", at, hint)
