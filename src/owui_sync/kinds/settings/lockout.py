"""Changes of settings after which somebody no longer gets in, this tool included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from owui_sync.kinds.credential import Credential

NEEDED: Final = ("/api/v1", "/openai", "/ollama", "/api/models", "/api/events", "/api/config", "/api/version")
"""Paths that this tool uses with an API key; an allowed path stands for all below it."""

_KEYS = "ENABLE_API_KEYS"
_RESTRICTED = "ENABLE_API_KEYS_ENDPOINT_RESTRICTIONS"
_ALLOWED = "API_KEYS_ALLOWED_ENDPOINTS"
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SHORT = 3600
"""Seconds: a sign-in that lasts less is over before people have finished their work."""

_WAYS = {
    "ENABLE_LDAP": "whoever signs in with LDAP no longer can",
    "ENABLE_OAUTH": "whoever signs in with single sign-on no longer can",
    "ENABLE_LOGIN_FORM": "the page no longer shows the form for e-mail and password",
}


def is_door(path: str) -> bool:
    """Return whether a field of an area decides who gets in, and how."""
    return path in (_KEYS, _RESTRICTED, _ALLOWED, "ENABLE_MFA", "JWT_EXPIRES_IN", *_WAYS) or path.startswith("MFA_")


def dangers(values: Mapping[str, Any], now: Mapping[str, Any], token: Credential) -> Iterator[tuple[str, str]]:
    """Yield path and reason of each change that locks somebody out.

    Args:
        values: path -> value of the fields that change.
        now: path -> value on the server.
    """
    then = {**now, **values}
    if values.get(_KEYS) is False and token.is_key:
        yield _KEYS, "the API key that is used here stops working"
    if token.is_key and values.keys() & {_RESTRICTED, _ALLOWED} and then.get(_RESTRICTED):
        missing = _missing(str(then.get(_ALLOWED) or ""))
        if missing:
            path = _ALLOWED if _ALLOWED in values else _RESTRICTED
            yield path, f"the API key that is used here may no longer use {', '.join(missing)}"
    if values.get("ENABLE_MFA"):
        yield "ENABLE_MFA", "it ends all sessions, and a password alone no longer signs in"
    for path in values:
        if path.startswith("MFA_"):
            yield path, "it ends all sessions"
        elif path in _WAYS and values[path] is False:
            yield path, _WAYS[path]
    if "JWT_EXPIRES_IN" in values and _is_short(str(values["JWT_EXPIRES_IN"])):
        yield "JWT_EXPIRES_IN", "a sign-in would last less than an hour"


def _missing(allowed: str) -> list[str]:
    paths = [path.strip().rstrip("/") for path in allowed.split(",") if path.strip()]
    return [need for need in NEEDED if not any(need == path or need.startswith(f"{path}/") for path in paths)]


def _is_short(text: str) -> bool:
    found = re.fullmatch(r"([0-9.]+)(ms|s|m|h|d|w)", text)
    return found is not None and float(found[1]) * _SECONDS[found[2]] < _SHORT
