"""What a client can be made with, checked by type and meaning; no message repeats a value that may be a secret."""

from __future__ import annotations

import http.cookiejar
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypedDict, get_type_hints

import httpx

from owui_sync.client.call_time import check_timeout
from owui_sync.client.errors import WrongType, WrongValue
from owui_sync.client.facade.values import shown, taken
from owui_sync.client.headers import is_name, is_value
from owui_sync.client.http_options import HttpOptions

OF_HTTPX = {each.name for each in fields(HttpOptions)} - {"client"}
"""Options that are passed on to httpx as they are."""

_Transport = httpx.AsyncBaseTransport | httpx.BaseTransport | None


class HttpxOptions(TypedDict, total=False):
    """The options of httpx that a client takes, as type checkers and editors see them, and as they are checked."""

    headers: Mapping[str, str] | Sequence[tuple[str, str]] | httpx.Headers | None
    proxy: str | httpx.URL | httpx.Proxy | None
    verify: bool | str | Path | ssl.SSLContext | None
    cert: str | Path | Sequence[str | Path] | None
    cookies: Mapping[str, str] | Sequence[tuple[str, str]] | httpx.Cookies | http.cookiejar.CookieJar | None
    event_hooks: Mapping[str, Sequence[Callable[..., Any]]] | None
    http2: bool | None
    http_client: httpx.AsyncClient | httpx.Client | None
    limits: httpx.Limits | None
    mounts: Mapping[str, _Transport] | None
    transport: _Transport
    trust_env: bool | None


KNOWN = sorted(HttpxOptions.__annotations__)
"""Options of httpx that a client takes."""

_TYPES: dict[str, Any] = {
    **get_type_hints(HttpxOptions),
    "base_url": str,
    "token": str,
    "default_model_id": str | None,
    "task_model": str | None,
    "answer_timeout": float,
    "timeout": float | httpx.Timeout | None,
    "raise_on_error": bool,
    "rate": float | None,
    "connections": int,
    "ca_bundle": str | Path | None,
    "insecure": bool,
}
_SECRETS = ("base_url", "token", "proxy")

_HANDS_OFF = (*OF_HTTPX, "ca_bundle", "proxy", "verify")
"""What a client of the program decides for itself."""


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a client as they are used.

    Args:
        given: those that were given, by name; options of httpx that are None are left out.

    Raises:
        WrongType: an argument of a wrong type, or an option that is not known.
        WrongValue: an argument that means nothing, or two that contradict each other.
    """
    options = {name: _CHECKS.get(name, _typed)(name, value) for name, value in given.items()}
    for name, value in options.items():
        if name in _MEANINGS and value is not None:
            _MEANINGS[name](name, value)
    _check_together(options)
    return options


def check_known(names: Sequence[str]) -> None:
    """Raise WrongType if one of these is no option of httpx that a client takes."""
    if unknown := sorted(set(names) - set(KNOWN)):
        near = [found for name in unknown for found in get_close_matches(name, KNOWN, 1)]
        hint = f"did you mean {' or '.join(near)}?" if near else None
        raise WrongType(f"unknown options {', '.join(unknown)}; of httpx's there are {', '.join(KNOWN)}", hint=hint)


def _typed(name: str, value: Any) -> Any:
    return taken(value, _TYPES[name], name, secret=name in _SECRETS)


def _check_together(options: Mapping[str, Any]) -> None:
    """Raise WrongValue for options of which one would not count."""
    given = [name for name, value in options.items() if value is not None]
    if "http_client" in given and (idle := [name for name in _HANDS_OFF if name in given]):
        raise WrongValue(f"{' and '.join(sorted(idle))} cannot go with http_client", hint="set it where that is made")
    verify = options.get("verify", True)
    if "ca_bundle" in given and verify is not True:
        raise WrongValue("verify and ca_bundle say both what to trust", hint="pass one of them")
    if options.get("insecure") and "verify" in given and verify is not False:
        raise WrongValue("insecure trusts everybody, and verify does not", hint="pass one of them")


def headers_of(name: str, value: Any) -> httpx.Headers:
    """Return headers as they are sent.

    Raises:
        WrongType: they are not by their names, or one of them is no text.
        WrongValue: HTTP cannot carry one of them.
    """
    pairs = _pairs(name, value)
    for header, text in pairs:
        if not is_name(header):
            raise WrongValue(f"{name} has a name that no header has: {shown(header)}")
        if not is_value(text):
            raise WrongValue(f"the value of {header} in {name} has characters that no header has")
    return httpx.Headers(pairs)


def _headers(name: str, value: Any) -> httpx.Headers:
    headers = headers_of(name, value)
    if "authorization" in headers:
        raise WrongValue(f"{name} has Authorization, which holds the token", hint="pass that as `token`")
    return headers


def _cookies(name: str, value: Any) -> Any:
    if isinstance(value, httpx.Cookies | http.cookiejar.CookieJar):
        return value
    pairs = _pairs(name, value)
    for cookie, text in pairs:
        if not (is_name(cookie) and is_value(text) and ";" not in text):
            raise WrongValue(f"{name} has a cookie that cannot be sent: {shown(cookie)}")
    return httpx.Cookies(pairs)


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:
    """Return the names and values of a mapping, or of a list of pairs."""
    if isinstance(value, httpx.Headers):
        value = value.multi_items()
    entries = list(value.items()) if isinstance(value, Mapping) else value
    if not isinstance(entries, list | tuple) or not all(
        isinstance(one, list | tuple) and len(one) == 2 for one in entries
    ):
        raise WrongType(f"{name} has to be a mapping, not {type(value).__name__}", hint='such as {"name": "value"}')
    return [
        (_word(key, f"a name in {name}"), _word(text, f"the value of {shown(key)} in {name}")) for key, text in entries
    ]


def _word(value: Any, name: str) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return str(taken(text, str, name, secret=True))


def _certificate(name: str, value: Any) -> Any:
    parts = tuple(value) if isinstance(value, list | tuple) else (value,)
    if not 1 <= len(parts) <= 3:
        raise WrongType(f"{name} has to be a path, or two with perhaps a password, not {len(parts)} values")
    paths = [str(taken(part, str | Path, f"a path in {name}")) for part in parts[:2]]
    for path in paths:
        if not Path(path).is_file():
            raise WrongValue(
                f"{name}: there is no certificate {path!r}", hint="give the path of a PEM file that exists"
            )
    return (*paths, *(taken(part, str | bytes, f"the password in {name}", secret=True) for part in parts[2:]))


def _above_zero(name: str, value: float) -> None:
    if not value > 0:
        raise WrongValue(f"{name} is {value}", hint="it has to be above zero")


def _limits(name: str, limits: httpx.Limits) -> None:
    if limits.max_connections is not None:
        _above_zero(f"max_connections of {name}", limits.max_connections)


def _hooks(name: str, hooks: Mapping[str, Any]) -> None:
    if unknown := sorted(hooks.keys() - {"request", "response"}):
        raise WrongValue(f"{name} has {', '.join(unknown)}", hint="there are request and response")


def _open_client(name: str, client: httpx.AsyncClient | httpx.Client) -> None:
    if client.is_closed:
        raise WrongValue(f"{name} is closed", hint="pass one that is open, for as long as this client is used")


def _not_blank(name: str, value: Any) -> None:
    if isinstance(value, str) and not value.strip():
        raise WrongValue(f"{name} is empty", hint="leave it out, or pass a text that is not blank")


def _patterns(name: str, mounts: Mapping[str, Any]) -> None:
    for pattern in mounts:
        if "://" not in pattern:
            raise WrongValue(f"{name} has {shown(pattern)}", hint='write it as "https://" or "all://example.com"')


_CHECKS: dict[str, Callable[[str, Any], Any]] = {"headers": _headers, "cookies": _cookies, "cert": _certificate}
_MEANINGS: dict[str, Callable[[str, Any], None]] = {
    "timeout": lambda name, value: check_timeout(value),
    "rate": _above_zero,
    "connections": _above_zero,
    "limits": _limits,
    "event_hooks": _hooks,
    "http_client": _open_client,
    "ca_bundle": _not_blank,
    "default_model_id": lambda name, value: _not_blank(name, value or None),
    "task_model": lambda name, value: _not_blank(name, value or None),
    "answer_timeout": _above_zero,
    "verify": _not_blank,
    "mounts": _patterns,
}
