"""The client for writing, which only `apply` and `jobs` get."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from owui_sync.client.reader import Reader, ReadOnly
from owui_sync.client.shapes import Idempotency, Scalar

if TYPE_CHECKING:
    from owui_sync.client.transport import Transport


class Writer(Reader):
    """Reads and writes; every method is one request and raises the `ClientError` that fits.

    The methods differ in what happens when the connection breaks: what may arrive twice is repeated, what may not
    raises `Uncertain`.

    Args:
        transport: what sends.
    """

    def __init__(self, transport: Transport) -> None:
        super().__init__(ReadOnly(transport))
        self._transport = transport

    @property
    def connections(self) -> int:
        """Requests that are sent at the same time, and as many uploads; more wait for their turn."""
        return self._transport.connections

    async def create(self, path: str, /, body: Any, *, seconds: float | None = None) -> Any:
        """POST what makes a new object; never sent twice when the first may have arrived.

        Args:
            path: the path.
            body: the body.
            seconds: time for what takes longer than other requests; None for the transport's.

        Raises:
            Uncertain: nobody knows whether it arrived; look before trying again.
        """
        return await self._transport.send("POST", path, json=body, kind=Idempotency.ONCE, seconds=seconds)

    def lines(self, path: str, /, body: Any, *, silence: float) -> AsyncGenerator[str, None]:
        """Return the lines of the answer to a POST that is sent once.

        It ends after `silence` seconds without a new one.
        """
        return self._transport.lines(path, json=body, silence=silence)

    async def toggle(self, path: str, /, **params: Scalar) -> Any:
        """POST a toggle, which undoes itself when it arrives twice; repeated as little as `create`.

        Raises:
            Uncertain: nobody knows whether it arrived; read the object.
        """
        return await self._transport.send("POST", path, params=params, kind=Idempotency.ONCE)

    async def update(self, path: str, /, body: Any, *, seconds: float | None = None, **params: Scalar) -> Any:
        """POST what makes an object be as `body` says, however often it arrives; `seconds` as for `create`."""
        return await self._transport.send("POST", path, params=params, json=body, seconds=seconds)

    async def put(self, path: str, /, body: Any) -> Any:
        """PUT what makes an object be as `body` says, however often it arrives."""
        return await self._transport.send("PUT", path, json=body)

    async def delete(self, path: str, /, body: Any = None, **params: Scalar) -> Any:
        """DELETE `path`; with a `body`, POST it there, as the routes do that take the id in the body.

        Raises:
            NotFound: there was nothing to delete; also when the first of two tries did it and its answer was lost.
        """
        if body is not None:
            return await self._transport.send("POST", path, params=params, json=body)
        return await self._transport.send("DELETE", path, params=params)

    async def remove(self, path: str, /, body: Any) -> None:
        """DELETE `path` with a body that says what of it; arriving twice does no harm."""
        await self._transport.send("DELETE", path, json=body)

    async def upload(
        self,
        path: str,
        /,
        filename: str,
        content: bytes | BinaryIO,
        metadata: Mapping[str, Any] | None = None,
        **params: Scalar,
    ) -> Any:
        """POST a file as multipart field `file`, with `metadata` as JSON text in the field of that name.

        Raises:
            Uncertain: nobody knows whether it arrived; look for the file.
        """
        return await self._transport.send(
            "POST",
            path,
            params=params,
            files={"file": (filename, content)},
            data={"metadata": json.dumps(metadata)} if metadata is not None else None,
            kind=Idempotency.ONCE,
        )
