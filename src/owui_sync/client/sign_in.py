"""From an e-mail and a password to a token, for servers on which nobody has made an API key yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from owui_sync.client.errors import ApiError
from owui_sync.client.shapes import as_row
from owui_sync.errors import OwuiSyncError, UsageError
from owui_sync.inputs import SECRET, read_input

if TYPE_CHECKING:
    from owui_sync.client.transport import Transport

_PATH = "/api/v1/auths/signin"
_PASSWORD, _FILE = "OWUI_PASSWORD", "OWUI_PASSWORD_FILE"
_HINT = f"set {_PASSWORD}, or {_FILE} to the path of a file with the password"
_REFUSED = (400, 401, 403)


@dataclass(frozen=True, slots=True)
class Login:
    """Who signs in.

    Args:
        email: of the account.
        password: of the account; never shown.
    """

    email: str
    password: str = field(repr=False)


class SignInRefused(OwuiSyncError):
    """The server does not let this account in."""


async def sign_in(transport: Transport, login: Login) -> None:
    """Sign in once and use the token of the session from then on; it is kept in memory only.

    The server allows 15 sign-ins with one e-mail in three minutes.

    Raises:
        SignInRefused: the server does not know the account or the password, or takes no passwords.
        ClientError: the request did not lead to an answer.
    """
    body = {"email": login.email, "password": login.password}
    try:
        answer = as_row(await transport.send("POST", _PATH, json=body), "POST", _PATH)
    except ApiError as refused:
        if refused.status not in _REFUSED:
            raise
        raise SignInRefused(
            f"the server refuses the sign-in of {login.email}: {refused.detail}",
            hint="check the e-mail and the password; where people sign in elsewhere (single sign-on), use a token",
        ) from refused
    transport.use_token(str(answer.get("token") or ""))


def find_password(environ: Mapping[str, str]) -> str:
    """Return the password that the environment holds or names a file of; one line break at its end is not part of it.

    Raises:
        UsageError: there is none, there are two, or it is empty or unreadable.
    """
    text, file = environ.get(_PASSWORD), environ.get(_FILE)
    if text and file:
        raise UsageError(f"{_PASSWORD} and {_FILE} are both given", hint="give one of them")
    if file:
        text = read_secret(file, "password", _FILE).removesuffix("\n").removesuffix("\r")
    if not text:
        raise UsageError("there is an e-mail and no password", hint=_HINT)
    return text


def read_secret(file: str | Path, what: str, source: str) -> str:
    """Return the text of a file that holds a secret.

    Args:
        file: its path.
        what: what it holds, for the message.
        source: what named the file, for the message.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return read_input(file, SECRET).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"the {what} file {file} cannot be read: {reason}", hint=f"check {source}") from None
