"""The only place that sends anything to a server."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import ssl
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, TypeVar

import httpx
import stamina

from owui_sync import __version__
from owui_sync.client.address import base_url, clean_token, is_loopback
from owui_sync.client.answers import answered, bytes_of, data_of, require_file, require_success, server_clock
from owui_sync.client.auth import Bearer
from owui_sync.client.bodies import ACCEPTED, check_packing, lines_of, read_whole
from owui_sync.client.call_time import call_time, in_time, timed_out
from owui_sync.client.environment import Proxy, as_proxy, proxy_for, trusted_for
from owui_sync.client.errors import ClientError, TimedOut, WrongValue
from owui_sync.client.http_options import HttpOptions, connect_seconds_of, seconds_of, unusable
from owui_sync.client.rate_limit import RateLimiter
from owui_sync.client.retry import Call, connection_failure
from owui_sync.client.shapes import Idempotency, Params
from owui_sync.client.silence import SILENCE, Silence

log = logging.getLogger("owui_sync.client")

T = TypeVar("T")

File = tuple[str, bytes | BinaryIO]
"""Name and content of a file in a multipart body; what can be read again from its beginning is sent bit by bit."""

_SLOWEST = 50_000
"""Bytes a second that a file may count on beside its time-out: a large one takes its time even when all is well."""

_PART = 1 << 16
"""Bytes of a download that are written at a time."""

CONNECT_SECONDS = 10.0
"""Longest wait for one connection; a machine that drops packets must not eat the time for another try."""

_PATIENCE_SECONDS = 3.0
"""A command that waits longer than this for a server says why."""

_SILENCE_SECONDS = 20.0
"""A command that waits says so as often as this, so that nobody takes it for dead."""

_OF_A_BODY = ("content-length", "content-type", "transfer-encoding")
"""Headers that say how one body is to be read, and so are never those of all requests."""

# uvicorn closes an idle connection after 5 s; ours go earlier, so that a request hardly ever meets a closing one.
_IDLE_SECONDS = 2.0


class Transport:
    """One pool of connections to one server; sends requests, repeats them where that is safe, checks the answers.

    Use it as an asynchronous context manager, or call `close`.

    Args:
        url: base URL of the server, a path prefix included; see `base_url` for what is refused.
        token: an API key or a JWT; None until `use_token` gets one.
        timeout: seconds for one request with all its tries, None for no limit; an upload gets more by its size. Of an
            `httpx.Timeout` the longest time counts, and `connect`.
        rate: requests per second over all tasks, None for no limit.
        silence: seconds without anything new after which callers give up what the server works on.
        connections: requests at the same time; more wait for their turn, and their time does not run yet. Uploads,
            which may take minutes, have as many connections of their own and keep nobody waiting.
        ca_bundle: a PEM file with the certificates to trust instead of the public ones or those that the environment
            names (`SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE`), or a context of `ssl`.
        insecure: accept plain http to any host, and any certificate.
        headers: sent with each request besides our own, for what stands before the server; what is put into this
            mapping later is sent too.
        proxy: the URL of a proxy, instead of the one that the environment names (`HTTPS_PROXY`, `ALL_PROXY`).
        http: how httpx is to send, or just what carries the requests instead of the network, for tests.

    Attributes:
        url: the base URL, without a slash at the end.
        requests: HTTP requests sent so far, repeated ones included.
        connections: requests at the same time.
        silence: as it was given.

    Raises:
        UsageError: the URL, the token, the CA file or the proxy cannot be used.
        ValueError: `timeout`, `rate` or `connections` is not above zero.
    """

    def __init__(
        self,
        url: str,
        token: str | None,
        *,
        timeout: float | httpx.Timeout | None = 60.0,
        rate: float | None = None,
        silence: float = SILENCE,
        connections: int = 4,
        ca_bundle: str | Path | ssl.SSLContext | None = None,
        insecure: bool = False,
        headers: Mapping[str, str] | None = None,
        proxy: str | httpx.Proxy | None = None,
        http: httpx.AsyncBaseTransport | HttpOptions | None = None,
    ) -> None:
        if min(seconds_of(timeout), silence, connections) <= 0:
            raise ValueError("the time-out, the silence and the number of connections have to be above zero")
        self.url = base_url(url, insecure=insecure)
        self.requests = 0
        self._timeout = seconds_of(timeout)
        self._connect_seconds = connect_seconds_of(timeout) or CONNECT_SECONDS
        self.silence = silence
        self._pace = RateLimiter(rate)
        self.connections = connections
        self._slots = asyncio.Semaphore(connections)
        self._upload_slots = asyncio.Semaphore(connections)
        self._reached = False
        self._silent_until = 0.0
        self._clock: tuple[float, float] | None = None
        self._bearer = Bearer(clean_token(token) if token is not None else None)
        self.uses_key = self._bearer.is_key
        self._headers = headers if headers is not None else {}
        options = http if isinstance(http, HttpOptions) else HttpOptions(transport=http)
        self._given = options.client
        self._is_own = not isinstance(options.client, httpx.AsyncClient)
        way = _way(self.url, proxy, options)
        self._place = f"{self.url} through {way.words}" if way else self.url
        self._http: httpx.AsyncClient = options.http_client(
            httpx.Limits(max_connections=2 * connections, keepalive_expiry=_IDLE_SECONDS),
            way.proxy if way else None,
            trusted_for(self.url, ca_bundle, insecure=insecure, trust_env=options.trust_env),
        )
        self._repeat = stamina.AsyncRetryingCaller(
            attempts=None, timeout=None if math.isinf(self._timeout) else self._timeout
        )

    async def __aenter__(self) -> Transport:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def count(self) -> int:
        """Return `requests`, for those who may know the number and nothing else of the transport."""
        return self.requests

    def server_time(self) -> float:
        """Return the seconds since 1970 by the server's clock (to the second), and by ours until an answer has told it.

        What ours says afterwards does not matter, also when somebody sets it.
        """
        if self._clock is None:
            return time.time()
        told, then = self._clock
        return told + time.monotonic() - then

    def time_is_known(self) -> bool:
        """Return whether an answer has told the server's time."""
        return self._clock is not None

    def use_token(self, token: str) -> None:
        """Send another token from now on. Raises UsageError for what cannot be one."""
        self._bearer.use(clean_token(token))

    async def close(self) -> None:
        """Close all connections, except those of a client that the program made for itself."""
        if self._is_own:
            await self._http.aclose()

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: Any = None,
        files: Mapping[str, File] | None = None,
        data: Mapping[str, str] | None = None,
        kind: Idempotency = Idempotency.SAFE,
        seconds: float | None = None,
    ) -> Any:
        """Send a request and return the JSON value of its answer.

        Args:
            method: the HTTP method, in capitals.
            path: the path below the base URL, with a slash in front and quoted where needed.
            params: the query.
            json: the body as a JSON value; None for no body.
            files: files of a multipart body, by field.
            data: text fields of a multipart body.
            kind: how the request may be repeated.
            seconds: time with all its tries, for what takes longer than other requests; None for the transport's.
                Files get more by their size.

        Raises:
            ClientError: the subclass that fits. What reading a file raises comes as it is; the server then has got an
                incomplete request, and stores nothing.
        """
        body = {"json": json, "files": files, "data": data}
        return await self._send(method, path, kind, data_of, seconds, params=params, **body)

    async def raw(self, method: str, path: str, *, seconds: float | None = None, **content: Any) -> httpx.Response:
        """Send a request of a program's own and return the answer, whatever its status is.

        It is repeated as others are: what a program sends with POST or PATCH may make something, so never if it may
        have arrived.

        Args:
            method: the HTTP method, in capitals.
            path: the path below the base URL.
            seconds: time with all its tries; None for the transport's.
            content: `params`, `headers`, and the body as `json`, `data`, `content` or `files`, as httpx takes them.

        Raises:
            ClientError: there was no answer, or none but that the server is busy (429, 502, 503, 504).
        """
        kind = Idempotency.ONCE if method in ("POST", "PATCH") else Idempotency.SAFE
        return await self._send(method, path, kind, answered, seconds, **content)

    async def download(self, path: str, *, params: Params | None = None) -> bytes:
        """Get raw bytes, whatever their type.

        Raises:
            ClientError: the subclass that fits.
        """
        return await self._send("GET", path, Idempotency.SAFE, bytes_of, params=params)

    async def save(self, path: str, into: Path, size: int = 0) -> None:
        """Get raw bytes, whatever their type, into a file; they are never in memory as a whole.

        Args:
            path: the path below the base URL.
            into: the file; what is in it is replaced. Of a download that failed it may hold a part.
            size: bytes to expect; many get more time.

        Raises:
            ClientError: the subclass that fits.
            OSError: the file cannot be written.
        """
        seconds = self._timeout + size / _SLOWEST
        await self._send("GET", path, Idempotency.SAFE, require_file, seconds, into=into)

    async def lines(self, path: str, *, json: Any, silence: float) -> AsyncGenerator[str, None]:
        """POST once, never again, and give the lines of the answer as they come; it counts as one of `connections`.

        Args:
            path: the path below the base URL.
            json: the body.
            silence: seconds without anything new after which it is given up.

        Raises:
            ClientError: the subclass that fits; also after lines have come, when the connection is cut.
        """
        limit = call_time()
        patience = min(silence, limit.left()) if limit else silence
        limits = httpx.Timeout(None, connect=self._connect_seconds, read=patience)
        async with self._slots:
            await self._pace.turn()
            self.requests += 1
            try:
                with Silence(f"the answer to POST {path}", silence) as quiet:
                    async with self._stream("POST", path, json=json, timeout=limits) as response:
                        if not response.is_success:
                            response = await read_whole(response, "POST", path)
                        require_success(response, "POST", path)
                        async for line in in_time(lines_of(response, "POST", path), limit, path):
                            quiet.broken()
                            yield line
            except RuntimeError as error:
                raise unusable(error, self._http, self._given) from None
            except httpx.ReadTimeout as error:
                if limit and patience < silence:
                    raise timed_out(limit, path) from error
                raise TimedOut("POST", path, patience) from error
            except (httpx.RequestError, ssl.SSLError) as error:
                raise connection_failure(error, "POST", path, self._place) from error

    async def _send(
        self,
        method: str,
        path: str,
        kind: Idempotency,
        read: Callable[[httpx.Response, str, str], T],
        seconds: float | None = None,
        **content: Any,
    ) -> T:
        files = content.get("files") or {}
        sent = files.values() if isinstance(files, Mapping) else (file for _, file in files)
        seconds = (seconds or self._timeout) + sum(_size(file[1]) for file in sent) / _SLOWEST
        async with self._upload_slots if files else self._slots:
            limit = call_time()
            if limit and not (seconds := limit.left()):
                raise TimedOut(method, path, limit.seconds)
            call = Call(method, path, kind, seconds, self._reached)
            notice = asyncio.get_running_loop().call_later(_PATIENCE_SECONDS, self._tell, call)
            try:
                async with asyncio.timeout(seconds):
                    return await self._repeat(call.again, self._try, call, read, content)
            except TimeoutError:
                if limit:
                    limit.over()
                raise call.counted(call.overdue(limit.seconds if limit else None)) from None
            except ClientError as error:
                raise call.counted(error) from error.__cause__
            finally:
                call.over = True
                notice.cancel()

    def _tell(self, call: Call) -> None:
        """Say why a command takes so long, again and again while it does, but not once for each request in flight."""
        if call.over:
            return
        now = asyncio.get_running_loop().time()
        words = call.waits_for(_PATIENCE_SECONDS, _SILENCE_SECONDS)
        if words and now >= self._silent_until:
            self._silent_until = now + _SILENCE_SECONDS
            log.warning("%s", words)
        asyncio.get_running_loop().call_later(_PATIENCE_SECONDS, self._tell, call)

    async def _try(self, call: Call, read: Callable[[httpx.Response, str, str], T], content: dict[str, Any]) -> T:
        await self._pace.turn()
        call.tries += 1
        call.in_flight = True
        try:
            return read(await self._exchange(call, content), call.method, call.path)
        except ClientError as error:
            call.in_flight = False
            raise call.failure(error) from error.__cause__

    async def _exchange(self, call: Call, content: dict[str, Any]) -> httpx.Response:
        limits = httpx.Timeout(None, connect=min(self._connect_seconds, 0.9 * call.left))
        start, outcome = time.perf_counter(), "no answer"
        self.requests += 1
        try:
            response = await self._request(call.method, call.path, timeout=limits, **content)
            outcome = str(response.status_code)
        except (httpx.RequestError, ssl.SSLError) as error:
            failure = connection_failure(error, call.method, call.path, self._place)
            self.requests -= not failure.cut  # Without a connection nothing was sent.
            raise failure from error
        except RuntimeError as error:
            raise unusable(error, self._http, self._given) from None
        except (httpx.InvalidURL, UnicodeEncodeError) as error:
            self.requests -= 1
            raise WrongValue("a request cannot be sent: its address is too long, or a text in it is none") from error
        finally:
            log.debug("%s %s %s %.0f ms", call.method, call.path, outcome, 1000 * (time.perf_counter() - start))
        self._reached = call.reached = True
        if (told := server_clock(response)) is not None:
            self._clock = told, time.monotonic()
        return response

    async def _request(self, method: str, path: str, into: Path | None = None, **content: Any) -> httpx.Response:
        """Return the answer; the body of a success is written to `into` where that is given."""
        async with self._stream(method, path, **content) as response:
            if into is None or not response.is_success:
                return await read_whole(response, method, path)
            check_packing(response, method, path)
            with into.open("wb") as file:
                async for part in response.aiter_bytes(_PART):
                    file.write(part)
        return response

    def _stream(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **content: Any
    ) -> AbstractAsyncContextManager[httpx.Response]:
        sent = httpx.Headers({"User-Agent": f"owui-sync/{__version__}", "Accept-Encoding": ACCEPTED})
        sent.update({name: value for name, value in self._headers.items() if name.lower() not in _OF_A_BODY})
        sent.update(headers or {})
        return self._http.stream(
            method,
            self.url + path,
            headers=sent,
            auth=self._bearer,
            follow_redirects=False,
            **content,
        )


def _size(content: bytes | BinaryIO) -> int:
    return len(content) if isinstance(content, bytes) else content.seek(0, os.SEEK_END)


def _way(url: str, proxy: str | httpx.Proxy | None, options: HttpOptions) -> Proxy | None:
    """Return the proxy to take. None that the environment names leads to this machine itself."""
    if options.transport or options.client:
        return None
    if proxy is not None:
        return Proxy("`proxy`", as_proxy(proxy, "`proxy`"))
    server = httpx.URL(url)
    return None if is_loopback(server.host) or not options.trust_env else proxy_for(server, os.environ)
