"""Requests of a program's own, to routes for which there is no method, with the token, the retries and the errors."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from owui_sync.client.answers import require_success
from owui_sync.client.call_time import Timeout, check_timeout
from owui_sync.client.errors import WrongType, WrongValue
from owui_sync.client.facade.failures import for_programs
from owui_sync.client.facade.options import headers_of
from owui_sync.client.facade.values import shown, taken
from owui_sync.client.http_options import seconds_of
from owui_sync.client.transport import Transport
from owui_sync.errors import OwuiSyncError

_PART = 1 << 16


class RawResponse(httpx.Response):
    """The answer to a request of a program's own: one of httpx, with the names of `requests` besides."""

    @property
    def ok(self) -> bool:
        """Whether the status is below 400."""
        return self.status_code < 400

    @property
    def reason(self) -> str:
        """The words for the status."""
        return self.reason_phrase

    def iter_content(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Yield the body in parts; all of it is here already."""
        size = chunk_size or _PART
        yield from (self.content[start : start + size] for start in range(0, len(self.content), size))

    def raise_for_status(self) -> RawResponse:
        """Return the answer itself if it is a success.

        Raises:
            ApiError: the subclass that fits.
        """
        try:
            require_success(self, self.request.method, self.request.url.path)
        except OwuiSyncError as error:
            raise for_programs(error) from None
        return self


class Fixed:
    """A session, which is made anew at each look at it: what a program set there would be lost without a word."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"`session.{name}` cannot be set: {_INSTEAD.get(name, 'it would be lost')}")


_AT_CREATION = "give `{}` to the client when it is made"
_INSTEAD = {
    **{name: _AT_CREATION.format(name) for name in ("cert", "cookies", "timeout", "trust_env", "verify")},
    "auth": "the token is sent; `headers` of the client take what a gateway wants besides",
    "headers": "change them in place, as with `session.headers.update`",
    "proxies": _AT_CREATION.format("proxy"),
}
"""What serves in place of an attribute of `requests.Session`."""


class AsyncSession(Fixed):
    """Requests of a program's own; they count towards the client's connections and rate.

    A status is no error: `raise_for_status` makes it one. What is raised are the errors of this library: there was no
    answer, or none but that the server is busy. Redirects are not followed.

    Attributes:
        headers: sent with each request of the client.

    Args:
        transport: gives what sends.
        headers: see above.
    """

    _transport: Callable[[], Transport]
    headers: httpx.Headers

    def __init__(self, transport: Callable[[], Transport], headers: httpx.Headers) -> None:
        vars(self).update(_transport=transport, headers=headers)

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Any = None,
        json: Any = None,
        data: Any = None,
        files: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout: Timeout = None,
    ) -> RawResponse:
        """Send a request.

        Args:
            method: the HTTP method.
            url: an address of this server, or a path on it.
            params: the query.
            json: the body, as a JSON value.
            data: the body as bytes or a text, or fields of a form.
            files: files by field: an open file, or a tuple of a name, the content and perhaps a type.
            headers: more headers.
            timeout: seconds with all its tries; None for those of the client.

        Raises:
            WrongType: an argument of a type that nothing can be made of.
            WrongValue: the address is of another server, which must not get the token.
            ClientError: there was no answer, or none but that the server is busy.
        """
        transport = self._transport()
        method, url = taken(method, str, "method").upper(), taken(url, str, "url")
        path, query = _place(transport.url, url)
        body: dict[str, Any] = {"json": taken(json, Any, "json"), "files": _files(files)}
        body["headers"] = None if headers is None else headers_of("headers", headers)
        data = data.read() if hasattr(data, "read") else data
        body["content" if isinstance(data, str | bytes) else "data"] = data
        if not (data is None or isinstance(data, str | bytes | Mapping)):
            raise WrongType(f"data has to be bytes, a text, a file or the fields of a form, not {shown(data)}")
        timeout, seconds = taken(timeout, Timeout, "timeout"), None
        if timeout is not None:
            check_timeout(timeout)
            seconds = seconds_of(timeout)
        try:
            answer = await transport.raw(method, path, seconds=seconds, params=_merged(query, params), **body)
        except OwuiSyncError as error:
            raise for_programs(error) from error.__cause__
        return RawResponse(answer.status_code, headers=answer.headers, content=answer.content, request=answer.request)

    async def get(self, url: str, **options: Any) -> RawResponse:
        """Send a GET request; `options` as in `request`."""
        return await self.request("GET", url, **options)

    async def post(self, url: str, **options: Any) -> RawResponse:
        """Send a POST request, which is not repeated if it may have arrived; `options` as in `request`."""
        return await self.request("POST", url, **options)

    async def put(self, url: str, **options: Any) -> RawResponse:
        """Send a PUT request; `options` as in `request`."""
        return await self.request("PUT", url, **options)

    async def patch(self, url: str, **options: Any) -> RawResponse:
        """Send a PATCH request, which is not repeated if it may have arrived; `options` as in `request`."""
        return await self.request("PATCH", url, **options)

    async def delete(self, url: str, **options: Any) -> RawResponse:
        """Send a DELETE request; `options` as in `request`."""
        return await self.request("DELETE", url, **options)

    async def head(self, url: str, **options: Any) -> RawResponse:
        """Send a HEAD request; `options` as in `request`."""
        return await self.request("HEAD", url, **options)


def _place(base: str, url: str) -> tuple[str, httpx.QueryParams]:
    """Return the path of an address below the base URL, and its query."""
    path, _, query = url.partition("?")
    if "://" in path:
        if not f"{path}/".startswith(f"{base}/"):
            raise WrongValue(f"the address is not below {base}", hint="the token is for this server alone")
        path = path.removeprefix(base)
    return f"/{path.lstrip('/')}", httpx.QueryParams(query)


def _merged(query: httpx.QueryParams, params: Any) -> httpx.QueryParams:
    try:
        return query.merge(params) if params else query
    except (TypeError, ValueError, AttributeError):
        raise WrongType(f"params has to be a mapping or a text, not {shown(params)}") from None


def _files(given: Any) -> list[tuple[str, Any]] | None:
    """Return pairs of a field and a file, each of these a tuple with its name.

    Raises:
        WrongType: something else was given.
    """
    if not given:
        return None
    pairs = list(given.items()) if isinstance(given, Mapping) else given
    if not isinstance(pairs, list | tuple) or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        raise WrongType(f"files has to be a mapping, not {shown(given)}", hint='such as {"file": open("x.pdf", "rb")}')
    return [(taken(field, str, "a field in files"), _file(field, file)) for field, file in pairs]


def _file(field: str, given: Any) -> tuple[Any, ...]:
    name, content, *more = given if isinstance(given, tuple) and len(given) > 1 else (_name(given, field), given)
    if isinstance(content, str):
        content = content.encode()
    if not isinstance(content, bytes) and hasattr(content, "read"):
        seekable = hasattr(content, "seekable") and content.seekable() and not isinstance(content, io.TextIOBase)
        content = content if seekable else _bytes(content.read())
    if not (isinstance(content, bytes) or hasattr(content, "read")):
        raise WrongType(f"the file of {field!r} in files has to be bytes, a text or an open file, not {shown(content)}")
    return (name, content, *more)


def _bytes(read: Any) -> Any:
    return read.encode() if isinstance(read, str) else read


def _name(file: bytes | BinaryIO, field: str) -> str:
    name = getattr(file, "name", None)
    return Path(name).name if isinstance(name, str) else field
