"""What can go wrong between this machine and an Open WebUI server, as a tree.

    OwuiSyncError
    ├── ClientClosed           `close` was called before
    ├── NotAnId                a text that cannot be the id of anything; nothing was sent
    ├── WrongType              an argument of a type that its parameter does not take, a `TypeError`; nothing was sent
    ├── WrongValue             an argument that means nothing, a `ValueError`; nothing was sent
    └── ClientError            a request did not lead to what was wanted
        ├── ApiError           the server answered, and not with success
        │   ├── Unauthorized   401: the credential itself
        │   ├── Forbidden      403, or 401 in the words "you do not have permission": the rights of its user
        │   │   └── NotAdministrator   the token is of somebody who may not manage the server
        │   ├── NotFound       the object is not there: 404, or 400 and 401 that say "not found"
        │   ├── Conflict       the key is taken, or somebody else wrote at the same time: 409, "already registered"
        │   ├── Invalid        422: the body or the query has the wrong shape
        │   ├── RateLimited    429, and no room for another try before the deadline
        │   ├── ServerError    5xx
        │   ├── Redirected     3xx: the server lives at another address
        │   ├── MissingRoute   the server has no such route: the web page instead of data, or 405
        │   ├── NotJson        success, but in another format than JSON
        │   ├── TooLarge       an answer that does not fit into memory, or is packed in an unknown way
        │   └── UnknownAnswer  success and JSON, but in a shape that this client does not know
        ├── ConnectionFailed   no connection, or it broke: address, DNS, TLS
        ├── TimedOut           no complete answer before the deadline
        ├── Uncertain          a request that must not arrive twice was sent, and nobody knows whether it arrived
        ├── Missing            what a call names is not there, or not for this user
        ├── PartialList        the pages of a list did not fit together, twice
        └── NotOpenWebUI       something else than Open WebUI answers at this address

A message names the request, what happened, and the server's own words; `hint` says what to do.
No message holds the token, the query of a request or what was sent in its body.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from owui_sync.errors import NO_SERVER, OwuiSyncError

AWAY = (502, 503, 504)
"""Statuses of what stands before a server that cannot be reached, or of one that is not ready."""


_SHOWN = 200
"""Characters of a name that a message repeats."""


class ClientClosed(OwuiSyncError):
    """A client was used after its `close`, or was closed while it was used."""

    def __init__(self) -> None:
        super().__init__("the client is closed", hint="make a new one")


class NotAnId(OwuiSyncError, ValueError):
    """A text that cannot be the id of anything: it would lead to another route. Nothing was sent."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no id")


class WrongType(OwuiSyncError, TypeError):
    """An argument has a type that its parameter does not take; nothing was sent."""


class WrongValue(OwuiSyncError, ValueError):
    """An argument has a value that means nothing; nothing was sent."""


class ClientError(OwuiSyncError):
    """A request did not lead to what was wanted.

    Args:
        method: the HTTP method, in capitals.
        path: the path of the request below the base URL, without its query.
        message: what happened, as it follows the name of the request.
        hint: what to do next; the class's own advice when left out.
    """

    advice: str | None = None

    def __init__(self, method: str, path: str, message: str, *, hint: str | None = None) -> None:
        self.method = method
        self.path = path
        self.hint = hint or self.advice
        super().__init__(f"{self.where} {message}", hint=self.hint)

    @property
    def where(self) -> str:
        """The request, such as `GET /api/v1/models/all`."""
        return f"{self.method} {self.path}"

    @property
    def happened(self) -> str:
        """What happened, without the request and its path."""
        return self.problems[0].message.removeprefix(f"{self.where} ")

    def tried(self, times: int, seconds: float) -> None:
        """Make the message say how often and for how long it was tried."""
        first = self.problems[0]
        self.problems = (replace(first, message=f"{first.message}, tried {times} times in {seconds:.0f} s"),)


class ApiError(ClientError):
    """The server answered, and not with success; also raised itself for a status that has no class of its own.

    Args:
        method: the HTTP method, in capitals.
        path: the path of the request below the base URL, without its query.
        status: the HTTP status.
        detail: the server's own words in one line, at most some 500 characters; empty when it had none.
        hint: what to do next; the class's own advice when left out.
        retry_after: seconds that the server asks to wait (`Retry-After`), or None.
    """

    def __init__(
        self,
        method: str,
        path: str,
        status: int,
        detail: str,
        *,
        hint: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.status = status
        self.detail = detail
        self.retry_after = retry_after
        super().__init__(method, path, f"answered {status}: {detail or '(no words)'}", hint=hint)
        if status in AWAY:
            self.exit_code = NO_SERVER


class Unauthorized(ApiError):
    """401: the server does not accept the credential.

    To a good JWT whose user lacks a workspace permission some routes say the same ("401 Unauthorized"), such as
    `POST /api/v1/prompts/create`: then the answer does not tell which of the two it is. With an API key it does.
    """

    advice = (
        "check the token (OWUI_TOKEN, --token, --token-file): is it complete, of this server, still valid? "
        "If other requests work with it, its user lacks the permission for this one: use an administrator's"
    )


class Forbidden(ApiError):
    """403, or 401 in words about rights: the credential is good, its user may not do this.

    Also what API keys are not allowed at all: keys switched off, a path outside their allow-list, "a human session".
    """

    advice = "use a token of an administrator, or give its user the right to do this"


class NotAdministrator(Forbidden):
    """What was asked takes an administrator, and the token is somebody else's.

    Args:
        refused: the refusal.
        email: whose token it is.
        role: the role of that account.
    """

    advice = "managing a server needs the token of an administrator"

    def __init__(self, refused: ApiError, email: str, role: str) -> None:
        self.email = email
        self.role = role
        super().__init__(refused.method, refused.path, refused.status, refused.detail, hint=self.advice)
        first = self.problems[0]
        self.problems = (replace(first, message=f"the token is of {email} ({role}): {first.message}"),)


class NotFound(ApiError):
    """The object is not there.

    Open WebUI says so with 404, and on some routes with 400 or 401 and a text that ends in "not found" or is
    "We could not find what you're looking for :/".
    """


class Conflict(ApiError):
    """The key is taken (409, or 400 and 401 with "already registered"), or another write came first (409)."""

    advice = "something else made or changed it meanwhile: plan again"


class Invalid(ApiError):
    """422: the server refuses the shape of the request; `detail` has places and reasons, never the values sent."""


class RateLimited(ApiError):
    """429, and no room for another try before the deadline."""

    advice = "send fewer requests per second (--rate), or wait and try again"


class ServerError(ApiError):
    """5xx: the server, or a proxy before it, failed; the server's log says why."""

    advice = "look into the log of the server, and of the proxy before it if there is one"


class Redirected(ApiError):
    """3xx: the server lives at another address, which `detail` names; a token is never sent after a redirect."""

    advice = (
        "use the address that the redirect names as the URL; a login page there (single sign-on) stands before the "
        "server, and has to let this machine and the paths below /api pass"
    )


class MissingRoute(ApiError):
    """The server has no such route: a web page instead of data (also with status 200), or 405."""

    advice = (
        "either this version of Open WebUI does not have this route, or the URL is not the base address of an "
        "Open WebUI server (`owui-sync doctor` tells)"
    )


class NotJson(ApiError):
    """Success, but the answer is not JSON, or broken JSON."""

    advice = "something between here and the server changes its answers: a proxy, a login page, a firewall"


class TooLarge(ApiError):
    """An answer with more bytes than are read into memory, counted as they are unpacked."""

    advice = "no list of Open WebUI is so large: look at what answers at this address"


class UnknownAnswer(ApiError):
    """Success and JSON, but in a shape that this client does not know; nothing is guessed from it."""

    advice = "this version of Open WebUI may be newer than this tool; see the tested versions in `owui-sync doctor`"


class ConnectionFailed(ClientError):
    """No connection, or it broke before an answer came.

    Args:
        method: the HTTP method, in capitals.
        path: the path of the request.
        message: what happened.
        hint: what to check.
        lasting: whether another try cannot help (a certificate).
        cut: whether the connection stood and was cut afterwards, so that the request may have arrived.
    """

    def __init__(
        self, method: str, path: str, message: str, *, hint: str, lasting: bool = False, cut: bool = False
    ) -> None:
        self.lasting = lasting
        self.cut = cut
        super().__init__(method, path, message, hint=hint)
        if not lasting:
            self.exit_code = NO_SERVER


class TimedOut(ClientError):
    """No complete answer before the deadline, retries included.

    Args:
        method: the HTTP method, in capitals.
        path: the path of the request.
        seconds: how long was waited.
        whole_call: whether that was the time for a whole call of a program, and not for one request of it.
    """

    advice = "the server is slow or does not answer: try again, or allow more time with --timeout"
    exit_code = NO_SERVER

    def __init__(self, method: str, path: str, seconds: float, *, whole_call: bool = False) -> None:
        self.seconds = seconds
        self.whole_call = whole_call
        super().__init__(method, path, f"had no answer within {round(seconds, 2):g} s")


class Uncertain(ClientError):
    """A request that must not arrive twice was sent, and nobody knows whether it arrived; it was not repeated.

    Args:
        method: the HTTP method, in capitals.
        path: the path of the request.
        reason: what happened instead of an answer.
    """

    advice = "look at the server before trying again: what this request makes may be there already"

    def __init__(self, method: str, path: str, reason: str) -> None:
        self.reason = reason
        super().__init__(method, path, f"was sent, and it is unknown whether it arrived: {reason}")


class Missing(ClientError):
    """What a call names is not there, or not for this user; nothing was sent that changes anything.

    Args:
        what: such as `group` or `model`.
        name: its name or id.
        path: where was looked.
        known: the names that there are, for the hint.
    """

    def __init__(self, what: str, name: str, path: str, known: Iterable[str] = ()) -> None:
        self.what = what
        self.name = name
        some = list(known)
        hint = f"there are: {', '.join(some[:10])}{', …' if len(some) > 10 else ''}" if some else None
        named = repr(name) if len(name) <= _SHOWN else f"{name[:_SHOWN]!r}…"
        super().__init__("GET", path, f"shows no {what} {named}", hint=hint)


class PartialList(ClientError):
    """The pages of a list did not fit together, twice: rows were missing or came double.

    Args:
        path: the path of the list.
        got: distinct rows that were read.
        total: rows that the server says there are.
    """

    advice = "the list changes while it is read: try again when the server is quiet"

    def __init__(self, path: str, got: int, total: int, *, hint: str | None = None) -> None:
        self.got = got
        self.total = total
        super().__init__("GET", path, f"gave {got} of {total} rows", hint=hint)


class NotOpenWebUI(ClientError):
    """Something else than Open WebUI answers at this address; the message names the URL."""

    advice = "check the URL: it is the address of the web page, without /api and without a page below it"
