"""The client for reading: all that `observe` and `plan` get to see of a server."""

from __future__ import annotations

import re
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.errors import PartialList, UnknownAnswer
from owui_sync.client.shapes import Params, Row, Scalar, as_row, as_rows

if TYPE_CHECKING:
    from owui_sync.client.transport import Transport
    from owui_sync.client.versions import Version

READ_ONLY_POSTS: Final = (
    "/api/v1/groups/id/{id}/users",
    "/api/v1/knowledge/{id}/sync/diff",
)
"""Every POST of Open WebUI that only reads and that a `Reader` may send; `{id}` stands for one segment of the path."""

_READING = re.compile("|".join(re.escape(path).replace(r"\{id\}", "[^/]+") for path in READ_ONLY_POSTS))


class ReadOnly:
    """The half of a transport that cannot change a server: GET, and the posts of `READ_ONLY_POSTS`.

    Args:
        transport: what really sends. It is not reachable from here.
    """

    def __init__(self, transport: Transport) -> None:
        self._send = transport.send
        self._download = transport.download
        self._save = transport.save
        self._count = transport.count
        self.server_time = transport.server_time
        self.time_is_known = transport.time_is_known
        self.url = transport.url
        self.silence = transport.silence
        self.uses_key = transport.uses_key

    @property
    def requests(self) -> int:
        """HTTP requests that the transport has sent so far."""
        return self._count()

    async def send(self, method: str, path: str, *, params: Params | None = None, json: Any = None) -> Any:
        """Send a reading request and return the JSON value of its answer.

        Raises:
            PermissionError: the request could change the server; nothing was sent.
            ClientError: the subclass that fits.
        """
        if method != "GET" and not (method == "POST" and _READING.fullmatch(path)):
            raise PermissionError(f"{method} {path} is not for a reader: it could change the server")
        return await self._send(method, path, params=params, json=json)

    async def download(self, path: str) -> bytes:
        """Get raw bytes, whatever their type."""
        return await self._download(path)

    async def save(self, path: str, into: Path, size: int) -> None:
        """Get raw bytes, whatever their type, into a file."""
        await self._save(path, into, size)


class Reader:
    """Reads from a server and has no way to write; every method raises the `ClientError` that fits.

    Args:
        transport: the reading half of a transport.
    """

    def __init__(self, transport: ReadOnly) -> None:
        self._reading = transport
        self.version: Version | None = None
        """What the server runs, once `capabilities.version_of` has asked."""

    @property
    def url(self) -> str:
        """Base URL of the server, without a slash at the end."""
        return self._reading.url

    @property
    def requests(self) -> int:
        """HTTP requests sent so far, repeated ones included; shared by all clients of one transport."""
        return self._reading.requests

    @property
    def uses_key(self) -> bool:
        """Whether the token is an API key, not that of a session."""
        return self._reading.uses_key()

    @property
    def silence(self) -> float:
        """Seconds without anything new after which what the server works on is given up."""
        return self._reading.silence

    def server_time(self) -> float:
        """Return the time by the server's clock, in seconds since 1970, as its last answer told it."""
        return self._reading.server_time()

    def time_is_known(self) -> bool:
        """Return whether an answer has told the server's time; until then `server_time` is that of this machine."""
        return self._reading.time_is_known()

    async def get(self, path: str, /, **params: Scalar) -> Any:
        """Return the JSON value at `path`, with `params` as the query. One request."""
        return await self._reading.send("GET", path, params=params)

    async def get_bytes(self, path: str, /) -> bytes:
        """Return the raw bytes at `path`. One request."""
        return await self._reading.download(path)

    async def save(self, path: str, into: Path, /, size: int = 0) -> None:
        """Write the raw bytes at `path`, of which there are about `size`, to the file `into`. One request.

        Raises OSError when it cannot be written.
        """
        await self._reading.save(path, into, size)

    async def query(self, path: str, /, body: Any = None) -> Any:
        """Return the answer of a POST that only reads; `path` has to be one of `READ_ONLY_POSTS`. One request."""
        return await self._reading.send("POST", path, json=body)

    async def page(
        self, path: str, number: int, /, *, rows: str = "items", needs: Sequence[str] = ("id",), **params: Scalar
    ) -> tuple[list[Any], int]:
        """Return the rows of one page, counted from 1, and how many rows the whole list has. One request.

        Args:
            path: the path of the list.
            number: the page.
            rows: the key of the rows in a page.
            needs: see `as_rows`.
            params: more of the query.
        """
        answer = as_row(await self.get(path, **params, page=number), "GET", path)
        total = answer.get("total")
        if not isinstance(total, int):
            raise UnknownAnswer("GET", path, 200, "a page without its `total`")
        return as_rows(answer.get(rows), "GET", path, needs), total

    async def pages(
        self, path: str, /, *, rows: str = "items", needs: Sequence[str] = ("id",), **params: Scalar
    ) -> list[Any]:
        """Return all rows of a list that the server gives in pages `{<rows>: [...], "total": n}`, in its order.

        Most lists have no tie-breaker in their order, so a row may come twice and another not at all. What does not
        add up is read once more from the beginning. The pages after the first one are read at the same time.

        Args:
            path: the path of the list.
            rows: the key of the rows in a page; `users` in `/api/v1/users/`, `items` elsewhere.
            needs: see `as_rows`.
            params: more of the query.

        Returns:
            Rows with distinct `id`, as many as the server says there are. One request a page, 30 rows a page mostly.

        Raises:
            PartialList: the pages did not add up, twice.
        """
        for _ in range(2):
            found, totals = await self._read_pages(path, rows, needs, params)
            distinct = len({row["id"] for row in found})
            if totals == {distinct} == {len(found)}:
                return found
        raise PartialList(path, distinct, max(totals))

    async def _read_pages(
        self, path: str, rows: str, needs: Sequence[str], params: dict[str, Scalar]
    ) -> tuple[list[Row], set[int]]:
        def page(number: int) -> Coroutine[Any, Any, tuple[list[Row], int]]:
            return self.page(path, number, rows=rows, needs=needs, **params)

        first, total = await page(1)
        last = -(-total // len(first)) if first else 1
        more = await gather_or_cancel(*(page(number) for number in range(2, last + 1)))
        found = [row for page, _ in more for row in page]
        return first + found, {total, *(other for _, other in more)}
