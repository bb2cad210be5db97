"""How a program wants httpx to be used: options of `httpx.AsyncClient`, as far as they make sense here."""

from __future__ import annotations

import inspect
import math
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from owui_sync.client.environment import no_passphrase
from owui_sync.client.errors import ClientClosed
from owui_sync.client.in_thread import InThread, in_event_loop
from owui_sync.errors import UsageError

Certificate = str | tuple[str, str] | tuple[str, str, str]
"""A PEM file with a certificate and its key; or two files, and perhaps the password of the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions:
    """How httpx is to send requests.

    Args:
        client: a client of the program, which sends everything and is not closed; what it does on its own account (a
            proxy, certificates, cookies, hooks) is its own affair.
        transport: carries the requests instead of the network.
        limits: connections, and how long idle ones are kept.
        http2: whether HTTP/2 may be spoken; takes the package `h2`.
        cookies: sent with each request.
        event_hooks: functions to call with each request and response (`request`, `response`).
        cert: a certificate of this side.
        mounts: transports for some URLs.
        trust_env: whether the environment may name a proxy and certificates.
    """

    client: httpx.AsyncClient | httpx.Client | None = None
    transport: httpx.AsyncBaseTransport | httpx.BaseTransport | None = None
    limits: httpx.Limits | None = None
    http2: bool = False
    cookies: Any = field(default=None, repr=False)
    event_hooks: Mapping[str, Sequence[Callable[..., Any]]] | None = None
    cert: Certificate | None = field(default=None, repr=False)
    mounts: Mapping[str, httpx.AsyncBaseTransport | httpx.BaseTransport | None] | None = None
    trust_env: bool = True

    def http_client(
        self, limits: httpx.Limits, proxy: httpx.Proxy | None, trust: ssl.SSLContext | bool
    ) -> httpx.AsyncClient:
        """Return what sends everything.

        Args:
            limits: the limits where a program names none.
            proxy: the proxy to use.
            trust: whom to trust.

        Raises:
            UsageError: the certificate cannot be used, or HTTP/2 cannot be spoken.
        """
        if isinstance(self.client, httpx.AsyncClient):
            return self.client
        if self.client is not None:
            own = self.client
            return httpx.AsyncClient(
                transport=InThread(lambda request: own.send(request, stream=True, auth=None, follow_redirects=False)),
                trust_env=False,
            )
        try:
            return httpx.AsyncClient(
                transport=in_event_loop(self.transport),
                mounts={pattern: in_event_loop(one) for pattern, one in (self.mounts or {}).items()},
                limits=self.limits or limits,
                http2=self.http2,
                cookies=self.cookies,
                event_hooks=_awaited(self.event_hooks or {}),
                proxy=proxy,
                verify=self._with_certificate(trust),
                trust_env=False,
            )
        except ImportError:
            hint = "install it (`pip install h2`), or leave out http2"
            raise UsageError("HTTP/2 takes the package `h2`", hint=hint) from None

    def _with_certificate(self, trust: ssl.SSLContext | bool) -> ssl.SSLContext | bool:
        if self.cert is None:
            return trust
        context = trust if isinstance(trust, ssl.SSLContext) else httpx.create_ssl_context(verify=trust)
        try:
            certificate, key, password = (*((self.cert,) if isinstance(self.cert, str) else self.cert), None, None)[:3]
            context.load_cert_chain(certificate, key, no_passphrase if password is None else password)
        except (OSError, ssl.SSLError, ValueError) as error:
            hint = "cert takes PEM files that belong together, and the password of the key if it has one"
            raise UsageError(f"the certificate of cert cannot be used: {error}", hint=hint) from error
        return context


def seconds_of(timeout: float | httpx.Timeout | None) -> float:
    """Return the seconds that a request may take with all its tries; of an `httpx.Timeout` its longest time."""
    if isinstance(timeout, httpx.Timeout):
        times = (timeout.read, timeout.write, timeout.pool)
        return math.inf if None in times else max(time for time in times if time is not None)
    return math.inf if timeout is None else timeout


def connect_seconds_of(timeout: float | httpx.Timeout | None) -> float | None:
    """Return the seconds for one connection that an `httpx.Timeout` names; None for the usual ones."""
    return timeout.connect if isinstance(timeout, httpx.Timeout) else None


def unusable(
    error: RuntimeError, sender: httpx.AsyncClient, given: httpx.AsyncClient | httpx.Client | None
) -> Exception:
    """Return what an error means that httpx or asyncio raises where nothing can be sent any more.

    Args:
        error: the error.
        sender: what sends.
        given: the client of the program behind it, if there is one.
    """
    if sender.is_closed or (given and given.is_closed):
        return ClientClosed()
    if given and "loop is closed" in str(error):
        hint = "make it in the loop that uses it"
        return UsageError("http_client belongs to an event loop that has ended", hint=hint)
    return error


def _awaited(hooks: Mapping[str, Sequence[Callable[..., Any]]]) -> dict[str, list[Callable[..., Any]]]:
    """Return the hooks as httpx awaits them; ordinary functions are taken too."""

    def awaited(hook: Callable[..., Any]) -> Callable[..., Any]:
        async def call(about: Any) -> None:
            result = hook(about)
            if inspect.isawaitable(result):
                await result

        return call

    return {name: [awaited(hook) for hook in named] for name, named in hooks.items()}
