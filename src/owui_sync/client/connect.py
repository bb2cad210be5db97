"""From settings to a client: the token, and a connection for reading or for writing."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from owui_sync.client.address import TOKEN_HINT, clean_token
from owui_sync.client.api.users import session
from owui_sync.client.errors import Forbidden, NotAdministrator, Unauthorized
from owui_sync.client.http_options import HttpOptions
from owui_sync.client.reader import Reader, ReadOnly
from owui_sync.client.ready import wait_until_ready
from owui_sync.client.sign_in import Login, read_secret, sign_in
from owui_sync.client.silence import SILENCE
from owui_sync.client.transport import Transport
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError, UsageError

PATIENCE = 60.0
"""Seconds for one request with all its tries, unless somebody asks for another time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server and how to talk to it; the arguments are those of `Transport`, and two more.

    Args:
        login: signs in for a token, instead of `token`.
        wait: seconds to wait until the server is ready; None: not at all.
    """

    url: str
    token: str = field(default="", repr=False)
    login: Login | None = None
    wait: float | None = None
    timeout: float | httpx.Timeout | None = PATIENCE
    rate: float | None = None
    silence: float = SILENCE
    connections: int = 4
    ca_bundle: str | Path | ssl.SSLContext | None = None
    insecure: bool = False
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    proxy: str | httpx.Proxy | None = field(default=None, repr=False)

    def transport(self, http: httpx.AsyncBaseTransport | HttpOptions | None = None) -> Transport:
        """Return a new transport to this server; `http` as for `Transport`."""
        return Transport(
            self.url,
            None if self.login else self.token,
            timeout=self.timeout,
            rate=self.rate,
            silence=self.silence,
            connections=self.connections,
            ca_bundle=self.ca_bundle,
            insecure=self.insecure,
            headers=self.headers,
            proxy=self.proxy,
            http=http,
        )


@asynccontextmanager
async def connect(server: Server, http: httpx.AsyncBaseTransport | None = None) -> AsyncIterator[Writer]:
    """Yield a client that reads and writes, until the end of the `async with` block.

    Sends nothing by itself, but for waiting and for signing in.

    Raises:
        UsageError: the URL, the token or the CA file cannot be used.
        NotReady: the server was not ready in time.
        SignInRefused: the server does not let the account in.
    """
    async with server.transport(http) as transport:
        await _open(server, transport)
        writer = Writer(transport)
        async with _naming_the_person(writer):
            yield writer


@asynccontextmanager
async def connect_read_only(server: Server, http: httpx.AsyncBaseTransport | None = None) -> AsyncIterator[Reader]:
    """Yield a client that can only read, until the end of the `async with` block; otherwise as `connect`."""
    async with server.transport(http) as transport:
        await _open(server, transport)
        reader = Reader(ReadOnly(transport))
        async with _naming_the_person(reader):
            yield reader


async def _open(server: Server, transport: Transport) -> None:
    if server.wait:
        await wait_until_ready(transport, server.wait)
    if server.login:
        await sign_in(transport, server.login)


@asynccontextmanager
async def _naming_the_person(reader: Reader) -> AsyncIterator[None]:
    """Make of a refusal that comes out of the block one that says whose token it is, if that is the reason."""
    try:
        yield
    except (Forbidden, Unauthorized) as refused:
        try:
            user = await session(reader)
        except OwuiSyncError:
            raise refused from refused.__cause__
        if user["role"] == "admin":
            raise
        raise NotAdministrator(refused, str(user["email"]), str(user["role"])) from refused


def find_token(
    token: str | None,
    token_file: str | Path | None,
    environ: Mapping[str, str],
    sources: tuple[str, str] = ("--token", "--token-file"),
) -> str:
    """Return the token that the options name, and if they name none the environment.

    Args:
        token: the option `--token`.
        token_file: the option `--token-file`; the file holds the token and nothing else.
        environ: the environment; `OWUI_TOKEN` and `OWUI_TOKEN_FILE` are read.
        sources: what messages call the first two: they may come from elsewhere than the command line.

    Raises:
        UsageError: there is none, there are two, or it is empty or unreadable.
    """
    for text, file, text_name, file_name in (
        (token, token_file, *sources),
        (environ.get("OWUI_TOKEN"), environ.get("OWUI_TOKEN_FILE"), "OWUI_TOKEN", "OWUI_TOKEN_FILE"),
    ):
        if text is not None and file is not None:
            raise UsageError(f"{text_name} and {file_name} are both given", hint="give one of them")
        if text is not None:
            return clean_token(text, text_name)
        if file is not None:
            return clean_token(read_secret(file, "token", file_name), f"the token file {file}")
    raise UsageError("there is no token", hint=TOKEN_HINT)
