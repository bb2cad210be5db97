"""When a request is sent again, and how long it waits before.

    certain that it did not arrive (no connection, 429)   again, whatever it is
    cut connection, 502, 503, 504                         again if it may arrive twice, else `Uncertain`
    "database is locked" (SQLite, busy)                   again if it may arrive twice
    everything else (also 500)                            never

The waiting itself is done by stamina: jittered exponential back-off, or what `Retry-After` asks for. One deadline
holds for all tries together.
"""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass, field

import httpx

from owui_sync.client import errors
from owui_sync.client.shapes import Idempotency

FIRST_CONTACT_TRIES = 3
"""Tries to connect to a server that never answered: a wrong address is likelier than a restart."""

CUT_TRIES = 3
"""Tries of a request whose connection is cut each time: more would only hit a server that breaks on it."""

_PASSING = (errors.ConnectionFailed, errors.RateLimited, errors.ServerError, errors.TimedOut, errors.Uncertain)
"""What another try may help against."""


@dataclass(slots=True)
class Call:
    """One request with its tries.

    Args:
        method: the HTTP method, in capitals.
        path: the path below the base URL.
        kind: how it may be repeated.
        seconds: time for all tries together.
        reached: whether this server has answered before.
    """

    method: str
    path: str
    kind: Idempotency
    seconds: float
    reached: bool
    tries: int = 0
    cuts: int = 0
    in_flight: bool = False
    over: bool = False
    last: errors.ClientError | None = None
    deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.seconds

    @property
    def left(self) -> float:
        """Seconds until the deadline, never negative."""
        return max(0.0, self.deadline - time.monotonic())

    def again(self, error: Exception) -> bool | float:
        """Return whether to try again after `error`; a number is the seconds to wait first.

        stamina calls this hook.
        """
        match error:
            case errors.RateLimited() | errors.ServerError(status=502 | 503 | 504):
                return self._retry_after(error.retry_after)
            case errors.ApiError() if is_locked(error):
                return self.kind is Idempotency.SAFE
            case errors.ConnectionFailed(lasting=True):
                return False
            case errors.ConnectionFailed(cut=True):
                return self.cuts < CUT_TRIES
            case errors.ConnectionFailed():
                return self.reached or self.tries < FIRST_CONTACT_TRIES
        return False

    def _retry_after(self, wait: float | None) -> bool | float:
        if not wait:
            return True  # Also for "0": the back-off keeps a client and a busy server from spinning.
        return wait if wait < self.left else False

    def failure(self, error: errors.ClientError) -> errors.ClientError:
        """Return `error`, or `Uncertain` in its place when the request must not arrive twice and may have arrived."""
        cut = isinstance(error, errors.ConnectionFailed) and error.cut
        self.cuts += cut
        if self.kind is Idempotency.ONCE:
            if cut:
                error = errors.Uncertain(self.method, self.path, "the connection was cut")
            elif isinstance(error, errors.ServerError) and error.status in errors.AWAY:
                error = errors.Uncertain(self.method, self.path, f"answered {error.status}: {error.detail}")
        self.last = error
        return error

    @property
    def trouble(self) -> str | None:
        """What is being waited for, in words for a person; None while nothing went wrong."""
        match self.last:
            case None:
                return None
            case errors.ApiError(status=status):
                return f"the server answers {status}"
        return self.last.happened

    def waits_for(self, patience: float, silence: float) -> str | None:
        """Return what is said of a call that takes long: why it is tried again, or that there is no answer yet.

        None for any other call.

        Args:
            patience: seconds without a word about a failure that another try may help against.
            silence: seconds without a word about a server that just does not answer.
        """
        waited = self.seconds - self.left
        if self.trouble and waited >= patience:
            return f"{self.trouble}, trying again"
        if self.in_flight and waited >= silence:
            return f"waiting for the answer to {self.method} {self.path} for {waited:.0f} s"
        return None

    def counted(self, error: errors.ClientError) -> errors.ClientError:
        """Return `error`, which says how often it was tried when that was more than once."""
        if self.tries > 1 and isinstance(error, _PASSING):
            error.tried(self.tries, self.seconds - self.left)
        return error

    def overdue(self, allowed: float | None = None) -> errors.ClientError:
        """Return what to raise at the deadline.

        That is what went wrong before if it waits for another try, or if the server had answered: its words tell more
        than that the last try got none. Else it is the time-out.

        Args:
            allowed: seconds that the program allowed for all its requests together; None where each has its own.
        """
        seconds = self.seconds if allowed is None else allowed
        if self.in_flight and self.kind is Idempotency.ONCE:
            return errors.Uncertain(self.method, self.path, f"no answer within {round(seconds, 2):g} s")
        if self.last and (not self.in_flight or isinstance(self.last, errors.ApiError)):
            return self.last
        return errors.TimedOut(self.method, self.path, seconds)


def is_locked(error: errors.ApiError) -> bool:
    """Return whether a server on SQLite had no turn to write within its own patience; it says so with 400 or 500."""
    return "database is locked" in error.detail


def connection_failure(
    error: httpx.RequestError | ssl.SSLError, method: str, path: str, server: str
) -> errors.ConnectionFailed:
    """Return the typed error for what httpx met; the message names `server`, the base URL and its proxy."""
    if isinstance(error, ssl.SSLError):  # From TLS 1.3 on a server refuses a client only after the handshake.
        hint = _IDENTITY_HINT if "CERTIFICATE_REQUIRED" in str(error) else _TLS_HINT
        return errors.ConnectionFailed(method, path, f"was refused by {server}: {error}", hint=hint, lasting=True)
    if not isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)):
        return errors.ConnectionFailed(
            method,
            path,
            f"lost the connection to {server}",
            hint="the server or a proxy closed it: see its log",
            cut=True,
        )
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        reason = next(str(cause) for cause in causes if isinstance(cause, ssl.SSLError))
        return errors.ConnectionFailed(
            method, path, f"got no trusted connection to {server}: {reason}", hint=_TLS_HINT, lasting=True
        )
    reason = str(causes[-1]) or type(error).__name__
    return errors.ConnectionFailed(method, path, f"cannot connect to {server}: {reason}", hint=_CONNECT_HINT)


def _causes(error: BaseException | None) -> list[BaseException]:
    chain = []
    while error is not None:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


_CONNECT_HINT = "check the URL (host and port), that the server runs, and the proxy settings of this machine"
_IDENTITY_HINT = "the server asks this machine for a certificate: pass --client-cert and --client-key"
_TLS_HINT = "name the certificate of your authority with --ca-bundle; a server without TLS has an http:// address"
