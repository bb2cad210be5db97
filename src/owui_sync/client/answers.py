"""From an HTTP answer to data or to a typed error: the only place that reads status codes and error bodies.

Facts measured on Open WebUI 0.6.43 to 0.12.4: an unknown GET path is 200 with the HTML of the web page; an unknown
POST or DELETE path is 405; "not found" may be 400, 401 or 404; "no rights" may be 401 or 403; "taken" may be
400, 401 or 409.
"""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

import httpx

from owui_sync.client import errors
from owui_sync.values import load_json

LONGEST_DETAIL = 500
"""Characters of the server's own words that a message shows."""

_NOT_FOUND = re.compile(
    r"could not find what you're looking for|\bnot found[.!]?$|error getting file content",  # The last one: 0.6.43.
    re.IGNORECASE,
)
_PROHIBITED = re.compile(r"do not have permission|restricted as a security measure", re.IGNORECASE)
_SWITCHED_OFF = re.compile(r"[\w -]+ (is|are) (disabled|not enabled)", re.IGNORECASE)
_SWITCH_ON = "the server has it switched off: switch it on in the admin panel, or by `settings` in a manifest"
_TAKEN = re.compile(r"\balready (registered|exists|taken)\b", re.IGNORECASE)


_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_HEAD = 10_000
"""Characters at the beginning of a page in which its title is looked for."""
_LONGEST_NAME = 100

_FIREWALL = (
    "something before the server answers, a proxy or a firewall: it has to let this machine, the method and the path "
    "of this request pass"
)
_IN_FRONT = {
    413: "something before the server takes no requests of this size: raise its limit (nginx: `client_max_body_size`)",
    502: "a proxy before the server does not reach it: does the server run?",
    503: "a proxy before the server says that it is not ready: does the server run?",
    504: "a proxy before the server waited too long for it: see its time limit, and the log of the server",
}
"""Status -> what to do about a page with it."""


def data_of(response: httpx.Response, method: str, path: str) -> Any:
    """Return the JSON value of a successful answer.

    Raises:
        ApiError: the subclass that fits when it is not a success, not JSON, or the web page.
    """
    require_success(response, method, path)
    media = _media_type(response)
    if media == "text/html":
        raise _missing(response, method, path)
    if media != "application/json":
        raise errors.NotJson(method, path, response.status_code, f"not JSON but {media or 'of no declared type'}")
    try:
        return load_json(response.content)
    except ValueError as error:
        raise errors.NotJson(method, path, response.status_code, "broken JSON") from error


def bytes_of(response: httpx.Response, method: str, path: str) -> bytes:
    """Return the raw body of a successful download. Raises as `require_file`."""
    require_file(response, method, path)
    return response.content


def require_file(response: httpx.Response, method: str, path: str) -> None:
    """Raise unless it is a successful download, whose body need not have been read.

    A stored HTML file comes with `Content-Disposition` (0.12.4, routers/files.py); HTML without it is the web page.

    Raises:
        ApiError: the subclass that fits when it is not a success, or the web page.
    """
    require_success(response, method, path)
    if _media_type(response) == "text/html" and "content-disposition" not in response.headers:
        raise _missing(response, method, path)


def answered(response: httpx.Response, method: str, path: str) -> httpx.Response:
    """Return the answer itself, whatever its status is.

    Raises:
        ApiError: the server, or what stands before it, is busy: another try may help.
    """
    locked = response.is_error and "database is locked" in _detail(response)
    if locked or response.status_code in (429, *errors.AWAY):
        require_success(response, method, path)
    return response


def require_success(response: httpx.Response, method: str, path: str) -> None:
    """Raise unless the answer is a success; its body has to have been read only if it is none.

    Raises:
        ApiError: the subclass that fits.
    """
    if response.is_success:
        return
    if response.has_redirect_location:
        place = response.url.join(response.headers["location"]).copy_with(query=None, fragment=None, userinfo=None)
        raise errors.Redirected(method, path, response.status_code, f"redirected to {place}")
    kind = _error_class(response)
    wait = retry_after(response)
    detail = _detail(response)
    hint = in_front(response) or (_SWITCH_ON if _SWITCHED_OFF.fullmatch(detail) else None)
    raise kind(method, path, response.status_code, detail, hint=hint, retry_after=wait)


def _missing(response: httpx.Response, method: str, path: str) -> errors.MissingRoute:
    return errors.MissingRoute(method, path, response.status_code, f"{page(response)} instead of data")


def _error_class(response: httpx.Response) -> type[errors.ApiError]:
    status, detail = response.status_code, _detail(response)
    if asked_by(response):
        return errors.Unauthorized
    if status == 405 or (status == 404 and not _is_from_a_handler(response)):
        return errors.MissingRoute
    if status == 404 or (status in (400, 401) and _NOT_FOUND.search(detail)):
        return errors.NotFound
    if status == 409 or (status in (400, 401) and _TAKEN.search(detail)):
        return errors.Conflict
    if status == 403 or (status in (400, 401) and _PROHIBITED.search(detail)) or _is_right_of_key(response, detail):
        return errors.Forbidden
    if status >= 500:
        return errors.ServerError
    return {401: errors.Unauthorized, 422: errors.Invalid, 429: errors.RateLimited}.get(status, errors.ApiError)


def _is_right_of_key(response: httpx.Response, detail: str) -> bool:
    """Return whether "401 Unauthorized" is about rights, as it always is for API keys: wrong keys get another text.

    To a JWT the server says the same of a wrong token and of missing rights (utils/auth.py, 0.6.43 to 0.12.4).
    """
    by_key = _authorization(response).startswith("Bearer sk-")
    return by_key and response.status_code == 401 and detail == "401 Unauthorized"


def _authorization(response: httpx.Response) -> str:
    return str(response.request.headers.get("authorization", ""))


def _is_from_a_handler(response: httpx.Response) -> bool:
    """Return whether a 404 is about an object.

    A proxy's page, or the router's own "Not Found", must not mean "absent".
    """
    body = _json_or_none(response)
    return isinstance(body, dict) and body.get("detail") not in (None, "Not Found")


def _detail(response: httpx.Response) -> str:
    body = _json_or_none(response)
    if scheme := asked_by(response):
        text = f"a login{_by(response)} is asked for ({scheme})"
    elif isinstance(body, dict) and "detail" in body:
        text = _in_words(body["detail"])
    elif body is not None:
        text = _in_words(body)
    elif _media_type(response) == "text/html":
        text = page(response)
    else:
        text = response.text
    text = " ".join(_without_token(text, response).split())
    return text if len(text) <= LONGEST_DETAIL else text[: LONGEST_DETAIL - 1] + "…"


def asked_by(response: httpx.Response) -> str | None:
    """Return the kind of login, such as `Basic realm="Staff"`, that something before the server asks for; else None.

    Open WebUI itself asks for a Bearer token, if for anything.
    """
    scheme: str = " ".join(response.headers.get("www-authenticate", "").split())
    return scheme[:_LONGEST_NAME] if response.status_code == 401 and scheme[:6].lower() not in ("", "bearer") else None


def page(response: httpx.Response) -> str:
    """Return a web page in words: whose it is as far as it says so itself, and its title."""
    try:
        title = _TITLE.search(response.text[:_HEAD])
    except httpx.ResponseNotRead:
        title = None  # It went to a file.
    words = " ".join(unescape(title[1]).split())[:_LONGEST_NAME] if title else ""
    text = f"a web page{_by(response)}" + (f" with the title {words!r}" if words else "")
    return _without_token(text, response)


def _by(response: httpx.Response) -> str:
    """Return who sent an answer, as far as its headers say, as it follows the name of a page."""
    name = " ".join(response.headers.get("server", "").split())[:_LONGEST_NAME]
    return f" of {name}" if name else ""


def in_front(response: httpx.Response) -> str | None:
    """Return what to do about an error that comes from something before the server.

    Open WebUI never sends a page as one.
    """
    if asked_by(response):
        return "that is not the token of Open WebUI: let this machine pass there, or use an address that does not ask"
    if _media_type(response) != "text/html":
        return None
    own = response.status_code >= 500 or response.status_code in (404, 405)
    return _IN_FRONT.get(response.status_code, None if own else _FIREWALL)


def _without_token(text: str, response: httpx.Response) -> str:
    """Return a text without the token: the error page of a proxy may repeat the headers of the request."""
    token = _authorization(response).removeprefix("Bearer ")
    return text.replace(token, "(token)") if token else text


def _in_words(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "; ".join(_problem(item) for item in value)
    return json.dumps(value, ensure_ascii=False)


def _problem(item: Any) -> str:
    """Return one entry of a 422: place and message only. `input` and `ctx` repeat what was sent, also secrets."""
    if isinstance(item, dict) and "msg" in item:
        place = ".".join(str(part) for part in item.get("loc") or ())
        return f"{place}: {item['msg']}" if place else str(item["msg"])
    return _in_words(item)


def _json_or_none(response: httpx.Response) -> Any:
    try:
        return load_json(response.content)
    except ValueError:
        return None


def _media_type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def retry_after(response: httpx.Response) -> float | None:
    """Return the seconds that the header `Retry-After` asks to wait (a number, or an HTTP date), never negative.

    Return None without it.
    """
    text = response.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    moment = _moment(text)
    now = server_clock(response) or time.time()
    return None if moment is None else max(0.0, moment.timestamp() - now)


def server_clock(response: httpx.Response) -> float | None:
    """Return what the header `Date` says, in seconds since 1970, and `Age` added where a cache answered.

    Return None without it.
    """
    moment = _moment(response.headers.get("date", ""))
    age = response.headers.get("age", "").strip()
    return None if moment is None else moment.timestamp() + (float(age) if age.isdecimal() else 0.0)


def _moment(date: str) -> datetime | None:
    """Return an HTTP date, or None when it is none."""
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
