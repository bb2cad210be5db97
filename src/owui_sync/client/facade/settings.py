"""What a client is made with, as settings of a connection."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path
from typing import Any

import httpx

from owui_sync.client.connect import Server, find_token
from owui_sync.client.errors import WrongType, WrongValue
from owui_sync.client.facade.failures import for_programs
from owui_sync.client.http_options import HttpOptions
from owui_sync.client.transport import Transport
from owui_sync.errors import UsageError

_OF_HTTPX = {each.name for each in fields(HttpOptions)} - {"client"}
KNOWN = sorted({*_OF_HTTPX, "headers", "http_client", "proxy", "verify"})
"""Options of httpx that a client takes."""


class FromEnvironment(Enum):
    """Stands for an argument that was not given: the environment variable of that name has it."""

    OWUI_URL = "OWUI_URL"
    OWUI_TOKEN = "OWUI_TOKEN"


class WrongSetting(UsageError, WrongValue):
    """A client cannot be made so; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A server, and how to send requests to it.

    Attributes:
        server: the server; its `headers` can be added to.
        http: how httpx is to be used.
        plain: whether the server is reached over plain http.
    """

    server: Server
    http: HttpOptions
    plain: bool

    def transport(self) -> Transport:
        """Return a new connection.

        Raises:
            WrongSetting: the address, the token, the proxy or a certificate cannot be used.
        """
        try:
            return self.server.transport(self.http)
        except UsageError as error:
            raise _wrong(error) from error.__cause__


def settings_of(
    base_url: str | FromEnvironment,
    token: str | FromEnvironment,
    insecure: bool,
    httpx_options: Mapping[str, Any],
    **more: Any,
) -> Settings:
    """Return what the arguments of a client mean.

    Args:
        base_url: as the client gets it.
        token: as the client gets it.
        insecure: as the client gets it.
        httpx_options: as the client gets them.
        more: further arguments of `Server`.

    Raises:
        WrongType: an argument has a type that means nothing, such as None for the token; or an option is not known.
        WrongSetting: there is no address or no token.
    """
    if unknown := sorted(httpx_options.keys() - KNOWN):
        raise WrongType(f"unknown options {', '.join(unknown)}; of httpx's there are {', '.join(KNOWN)}")
    url, key = _url(base_url), _token(token)
    given = {name: value for name, value in httpx_options.items() if value is not None}
    http = HttpOptions(
        **{name: value for name, value in given.items() if name in _OF_HTTPX}, client=given.get("http_client")
    )
    _check(more, http)
    match given.get("verify", True):
        case False:
            insecure = True
        case str() | Path() | ssl.SSLContext() as trusted:
            more["ca_bundle"] = trusted
    if http.limits and http.limits.max_connections:
        more["connections"] = min(more["connections"], http.limits.max_connections)
    plain = url.lstrip().startswith("http://")
    headers = httpx.Headers({**given.get("headers", {}), "Authorization": f"Bearer {key}"})
    server = Server(url=url, token=key, insecure=insecure or plain, headers=headers, proxy=given.get("proxy"), **more)
    return Settings(server, http, plain)


def _check(more: Mapping[str, Any], http: HttpOptions) -> None:
    timeout, client = more["timeout"], http.client
    if isinstance(timeout, bool) or not (timeout is None or isinstance(timeout, int | float | httpx.Timeout)):
        raise WrongType("timeout has to be a number of seconds, an httpx.Timeout or None")
    if not (client is None or isinstance(client, httpx.AsyncClient | httpx.Client)):
        raise WrongType("http_client has to be an httpx.AsyncClient or an httpx.Client")


def _url(given: str | FromEnvironment) -> str:
    if given is not FromEnvironment.OWUI_URL:
        return _text("base_url", given)
    if url := os.environ.get("OWUI_URL"):
        return url
    raise WrongSetting("there is no base_url", hint="pass base_url, or set OWUI_URL")


def _token(given: str | FromEnvironment) -> str:
    if given is not FromEnvironment.OWUI_TOKEN:
        return _text("token", given)
    try:
        return find_token(None, None, os.environ)
    except UsageError as error:
        raise _wrong(error) from error.__cause__


def _text(name: str, given: object) -> str:
    if not isinstance(given, str):
        raise WrongType(f"{name} has to be a text, not {'None' if given is None else type(given).__name__}")
    return given


def _wrong(error: UsageError) -> WrongSetting:
    found = WrongSetting.of(for_programs(error).problems)
    assert isinstance(found, WrongSetting)
    return found
