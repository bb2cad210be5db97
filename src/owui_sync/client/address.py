"""The address of a server and the token for it, checked before anything is sent."""

from __future__ import annotations

import ipaddress
import re

import httpx

from owui_sync.errors import UsageError

_LARGEST_PORT = 65535
_LABEL = re.compile(r"[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?")
"""One part of a host's name; the underscore is not for hosts, and is in use all the same."""


def base_url(text: str, *, insecure: bool = False) -> str:
    """Return the base URL of a server in its normal form: scheme, host, port and path prefix, no slash at the end.

    Args:
        text: such as `https://chat.example.com` or `https://example.com/owui/`.
        insecure: whether plain http to another host than loopback is accepted.

    Raises:
        UsageError: not an http(s) URL, with a user name, a query or a fragment in it, or plain http to another host.
            The message never repeats a user name, a password or a query.
    """
    url = _parse(text)
    if url.scheme not in ("http", "https") or not url.host:
        raise UsageError("the URL has to begin with http:// or https:// and name a host", hint=_EXAMPLE)
    if not is_port(url.port):
        raise UsageError(f"the URL has the port {url.port}: ports go from 1 to {_LARGEST_PORT}", hint=_EXAMPLE)
    if not is_host(url):
        raise UsageError("the URL names a host that cannot exist", hint=_EXAMPLE)
    if url.userinfo:
        raise UsageError("the URL must not hold a user name or a password", hint="give the token with OWUI_TOKEN")
    if url.query or url.fragment:
        raise UsageError("the URL must not hold a query or a fragment", hint=_EXAMPLE)
    if url.scheme == "http" and not insecure and not is_loopback(url.host):
        raise UsageError(
            f"the token would travel unprotected: {url.host} is reached over plain http",
            hint="use https, or accept the risk with --insecure",
        )
    return str(url.copy_with(path=url.path.rstrip("/") or "/", query=None, fragment=None)).rstrip("/")


def is_port(port: int | None) -> bool:
    """Return whether a URL may have this port; None stands for the scheme's own."""
    return port is None or 0 < port <= _LARGEST_PORT


def is_host(url: httpx.URL) -> bool:
    """Return whether the host is an IP address or a name that can be asked for."""
    host = url.raw_host.decode("ascii")
    return ":" in host or all(_LABEL.fullmatch(label) for label in host.removesuffix(".").split("."))


def is_loopback(host: str) -> bool:
    """Return whether `host` (a name or an IP address without brackets) is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def clean_token(text: str, source: str = "the token") -> str:
    """Return the token without white space around it.

    Args:
        text: an API key or a JWT, as it was read.
        source: where it comes from, for the message.

    Raises:
        UsageError: empty, or with characters that no token has; the message does not repeat it.
    """
    token = text.strip()
    if not token:
        raise UsageError(f"{source} is empty", hint=TOKEN_HINT)
    # What HTTP cannot carry in a header would otherwise come back in an exception that quotes the whole header.
    if not all("!" <= char <= "~" for char in token):
        raise UsageError(
            f"{source} holds white space or characters that no token has",
            hint="copy the token again: it is one line of letters, digits and punctuation",
        )
    return token


TOKEN_HINT = "make an API key in Open WebUI under Settings > Account and pass it in OWUI_TOKEN or with --token-file"
_EXAMPLE = "for example https://chat.example.com"


def _parse(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text.strip())
        _ = url.host  # Reads it.
    # The second one comes from `idna`, for a host that begins with `xn--` and is none.
    except (httpx.InvalidURL, ValueError) as error:
        raise UsageError("the URL cannot be read", hint=_EXAMPLE) from error
    return url
