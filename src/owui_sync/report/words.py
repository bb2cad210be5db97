"""Values in few words, on one line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from owui_sync.plan.stored_files import is_file, is_files
from owui_sync.report.visible import spell, visible
from owui_sync.values import ABSENT, SourcedText
from owui_sync.wording import counted, shortened

NONE = "(none)"
SECRET = "(secret)"
ARROW = " -> "

_LONG = 60
"""Characters; a longer text is shown by its size or by what differs."""
_ITEMS = 8
"""So many items of a list are shown."""

_DATA_URL = re.compile(r"data:([\w.+/-]+);base64,")


def size(count: int) -> str:
    """Return a number of bytes: `812 B`, `3.4 kB`, `1.2 MB`."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 999_950 else f"{count / 1e6:.1f} MB"


def is_nothing(value: Any) -> bool:
    """Return whether there is no value."""
    return value is ABSENT or value is None


def is_image(value: Any) -> bool:
    """Return whether it is the content of a file in a URL, as `!image` makes it."""
    return isinstance(value, str) and _DATA_URL.match(value) is not None


def is_text(value: Any) -> bool:
    """Return whether it is a string that is better shown by what differs than as a whole: long, or from a file."""
    if not isinstance(value, str) or is_image(value):
        return False
    return isinstance(value, SourcedText) or "\n" in value or len(value) > _LONG


def words(value: Any, path: str = "") -> str:
    """Return a value on one line: texts and images by their size, `access` in words, long lists by their first items.

    Args:
        value: anything but a secret.
        path: the field that it belongs to; its last part says whether it is `access`.
    """
    if is_nothing(value):
        return NONE
    if isinstance(value, SourcedText):
        return f"{visible(value.source.path)} ({_content(value)})"
    if is_image(value):
        return f"(image, {_content(value)})"
    if is_text(value):
        return f"(text, {_content(value)})"
    if is_access(path, value):
        return _access(value)
    if is_files(value):
        total = size(sum(file["size"] for file in value))
        return f"{counted(len(value), 'file')}, {total}: {_list([file['path'] for file in value])}"
    return _list(value) if isinstance(value, list | tuple) else shortened(spell(named(value)))


def named(value: Any) -> Any:
    """Return `value` with what came from a file replaced by the file's name, and pictures by their size."""
    if isinstance(value, SourcedText):
        return f"!{value.source.tag} {value.source.path}"
    if is_image(value):
        return f"({_content(value)})"
    if is_file(value):
        return f"{value['path']} ({str(value['sha256'])[:8]})"
    if isinstance(value, Mapping):
        return {key: named(item) for key, item in value.items()}
    return [named(item) for item in value] if isinstance(value, list | tuple) else value


def line_count(text: str) -> int:
    """Return lines of a text; one that does not end with a line feed counts too."""
    return text.count("\n") + (not text.endswith("\n") and text != "")


def _content(text: str) -> str:
    if found := _DATA_URL.match(text):
        kind = found[1].rpartition("/")[2].partition("+")[0].upper()
        return f"{kind}, {size((len(text) - found.end()) * 3 // 4 - text.count('=', -2))}"
    return f"{counted(line_count(text), 'line')}, {size(len(text.encode('utf-8', 'surrogatepass')))}"


def _list(items: Any) -> str:
    shown = [shortened(spell(named(item))) for item in items[:_ITEMS]]
    if len(items) > _ITEMS:
        shown.append(f"… {len(items) - _ITEMS:,} more")
    return f"[{', '.join(shown)}]"


def is_access(path: str, value: Any) -> bool:
    """Return whether a value says who may do what."""
    if path.rpartition(".")[2] != "access":
        return False
    return value in ("public", "private") or (
        isinstance(value, Mapping) and set(value) <= {"read", "write", "write_only"}
    )


def access_items(value: Any) -> list[str]:
    """Return one line for each grant of an access value, such as `read: group Support`."""
    if not isinstance(value, Mapping):
        return ["read: everyone"] if value == "public" else []
    return [f"{permission}: {who}" for permission, allowed in value.items() for who in _principals(allowed)]


def _principals(allowed: Any) -> list[str]:
    if not isinstance(allowed, Mapping):
        return [visible(str(allowed))]
    return [f"{kind.removesuffix('s')} {visible(name)}" for kind, names in allowed.items() for name in names]


def _access(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    return "; ".join(f"{permission}: {_who(allowed)}" for permission, allowed in value.items())


def _who(allowed: Any) -> str:
    if not isinstance(allowed, Mapping):
        return visible(str(allowed))
    return ", ".join(f"{kind} {', '.join(map(visible, names))}" for kind, names in allowed.items())
