"""Which values become files of their own: long texts, texts of several lines, and pictures."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from owui_sync.export.entry import ExportedEntry
from owui_sync.export.entry_names import EntryNames, safe
from owui_sync.export.tag import Tag
from owui_sync.kinds import KINDS
from owui_sync.kinds.fields import Field
from owui_sync.kinds.files.holder import files_field
from owui_sync.manifest.tags.images import data_url
from owui_sync.manifest.yaml.value_problem import ValueProblem

LONG = 120
"""Characters of a text that still stands in the manifest: about a line."""

_BREAKS = re.compile("[\n\r\u0085\u2028\u2029]")
_PICTURE = re.compile(r"data:image/(\w+)[\w.+-]*;base64,")


@dataclass(frozen=True, slots=True)
class FileSection:
    """The files beside the manifest of one section, in a folder of the section's name.

    Args:
        folder: its name.
        files: path from the manifest -> content; filled by `place`.
    """

    folder: str
    files: dict[str, bytes] = field(default_factory=dict)
    _names: EntryNames = field(default_factory=EntryNames)

    def place(self, item: ExportedEntry) -> dict[str, Any]:
        """Return the fields of an entry, with a `Tag` for each value that went into a file."""
        fields = {each.name: each for each in KINDS[item.kind].fields}
        placed = {name: self._field(item, fields.get(name), value) for name, value in item.fields.items()}
        files = files_field(KINDS[item.kind])
        return placed | {files: item.tree.sources()} if files and item.tree else placed

    def _field(self, item: ExportedEntry, field: Field | None, value: Any) -> Any:
        """Return a value with its texts in files; names of other objects stay where they are read."""
        if field is None or field.refers is not None:
            return _plain(value)
        return self._value(value, _stem(item, field), field.file_ending)

    def _value(self, value: Any, stem: str, ending: str) -> Any:
        if isinstance(value, Mapping):
            return {key: self._value(item, f"{stem}.{safe(key)}", ending) for key, item in sorted(value.items())}
        if isinstance(value, list):
            return [self._value(item, f"{stem}.{number}", ending) for number, item in enumerate(value, 1)]
        return self._text(value, stem, ending) if isinstance(value, str) else value

    def _text(self, text: str, stem: str, ending: str) -> Any:
        if picture := _picture(text):
            of_picture, data = picture
            return Tag("image", self._file(stem, of_picture, data))
        if len(text) > LONG or _BREAKS.search(text):
            return Tag("file", self._file(stem, ending, text.encode()))
        return text

    def _file(self, stem: str, ending: str, data: bytes) -> str:
        path = f"{self.folder}/{self._names.take(stem, ending)}"
        self.files[path] = data
        return path


def _stem(item: ExportedEntry, field: Field) -> str:
    """Return the file's name: the key for what makes the object (a prompt's content), else the key and the field."""
    return safe(item.key) if field.required else f"{safe(item.key)}.{safe(field.name)}"


def _plain(value: Any) -> Any:
    return {key: _plain(item) for key, item in sorted(value.items())} if isinstance(value, Mapping) else value


def _picture(text: str) -> tuple[str, bytes] | None:
    """Return the ending and bytes of a picture in a URL, if `!image` makes the very same URL of them."""
    found = _PICTURE.match(text)
    if not found:
        return None
    try:
        data = base64.b64decode(text[found.end() :], validate=True)
        return (f".{found[1]}", data) if data_url(data) == text else None
    except (binascii.Error, ValueError, ValueProblem):
        return None
