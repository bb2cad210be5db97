"""Headers that are sent with every request, for what stands before a server."""

from __future__ import annotations

import re

from owui_sync.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OWN = ("authorization", "connection", "content-length", "content-type", "host", "transfer-encoding")
"""Headers that this client sets."""


def is_name(text: str) -> bool:
    """Return whether a header may have this name."""
    return bool(_NAME.fullmatch(text))


def is_value(text: str) -> bool:
    """Return whether HTTP can carry this as the value of a header."""
    return all(" " <= char <= "~" for char in text)


def check_header(name: str, value: str, source: str) -> tuple[str, str]:
    """Return the name and the value of a header, as they are sent.

    Args:
        source: what messages call the place that it comes from; no message repeats the value.

    Raises:
        UsageError: HTTP cannot carry it, or this client sets it itself.
    """
    value = value.strip()
    if not is_name(name):
        raise UsageError(f"{source}: {name!r} is no name of a header", hint="write it as NAME=VALUE")
    if name.lower() in _OWN:
        token = "give the token with OWUI_TOKEN" if name.lower() == "authorization" else "leave it out"
        raise UsageError(f"{source}: {name} is set by owui-sync itself", hint=token)
    if not value or not is_value(value):
        raise UsageError(f"{source}: the value of {name} is empty, or holds characters that no header has")
    return name, value
