"""What a client is made with, as settings of a connection."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

import httpx

from owui_sync.client.address import clean_token
from owui_sync.client.connect import Server, find_token
from owui_sync.client.errors import WrongValue
from owui_sync.client.facade.failures import for_programs
from owui_sync.client.facade.options import OF_HTTPX, check_known, checked
from owui_sync.client.facade.values import shown
from owui_sync.client.http_options import HttpOptions
from owui_sync.client.transport import Transport
from owui_sync.errors import UsageError


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
        model: the model of chats that name none.
        strict: whether errors are raised.
        names: words of messages -> what the program calls that.
    """

    server: Server
    http: HttpOptions
    plain: bool
    model: str | None
    strict: bool
    names: Mapping[str, str]

    def transport(self) -> Transport:
        """Return a new connection.

        Raises:
            WrongSetting: the address, the token, the proxy or a certificate cannot be used.
        """
        try:
            return self.server.transport(self.http)
        except UsageError as error:
            raise _wrong(error, self.names, self.server.url) from error.__cause__


def settings_of(given: Mapping[str, Any], httpx_options: Mapping[str, Any]) -> Settings:
    """Return what the arguments of a client mean.

    Args:
        given: its own arguments, by name; `base_url` and `token` may stand for what the environment has.
        httpx_options: options of httpx.

    Raises:
        WrongType: an argument has a type that means nothing, such as None for the token; or an option is not known.
        WrongSetting: an argument cannot be used, two contradict each other, there is no address or no token.
    """
    check_known(list(httpx_options))
    own = {name: value for name, value in given.items() if not isinstance(value, FromEnvironment)}
    try:
        options = checked({**own, **{name: value for name, value in httpx_options.items() if value is not None}})
    except WrongValue as error:
        raise _wrong(error) from None
    url = options["base_url"] if "base_url" in options else _url()
    key = _token(options)
    http = HttpOptions(
        **{name: value for name, value in options.items() if name in OF_HTTPX}, client=options.get("http_client")
    )
    plain = url.lstrip().lower().startswith("http://")
    verify, limits = options.get("verify"), options.get("limits")
    most, proxy, headers = options["connections"], options.get("proxy"), options.get("headers", httpx.Headers())
    headers["Authorization"] = f"Bearer {key}"
    names = {
        "the URL": "base_url" if "base_url" in options else "OWUI_URL",
        "the CA bundle": "ca_bundle" if options["ca_bundle"] else "verify",
    }
    server = Server(
        url=url,
        token=key,
        timeout=options["timeout"],
        rate=options["rate"],
        connections=min(most, limits.max_connections or most) if limits else most,
        ca_bundle=verify if isinstance(verify, str | Path | ssl.SSLContext) else options["ca_bundle"],
        insecure=options["insecure"] or verify is False or plain,
        headers=headers,
        proxy=str(proxy) if isinstance(proxy, httpx.URL) else proxy,
    )
    return Settings(server, http, plain, options["default_model_id"], bool(options["raise_on_error"]), names)


def _url() -> str:
    if url := os.environ.get("OWUI_URL"):
        return url
    raise WrongSetting("there is no base_url", hint="pass base_url, or set OWUI_URL")


def _token(options: Mapping[str, Any]) -> str:
    try:
        return clean_token(options["token"]) if "token" in options else find_token(None, None, os.environ)
    except UsageError as error:
        raise _wrong(error) from error.__cause__


def _wrong(error: UsageError | WrongValue, names: Mapping[str, str] | None = None, url: str = "") -> WrongSetting:
    """Return the error of somebody who makes a client; a message about the address repeats it if it holds no secret."""
    problems = []
    for problem in for_programs(error).problems:
        message = problem.message
        for words, name in (names or {}).items():
            if message.startswith(words):
                is_shown = words == "the URL" and not set(url) & set("@?#")
                message = f"{name}{message.removeprefix(words)}" + (f"; it is {shown(url)}" if is_shown else "")
        problems.append(replace(problem, message=message))
    found = WrongSetting.of(problems)
    assert isinstance(found, WrongSetting)
    return found
