"""Bodies of answers, read into memory as far as a limit says: a server, or what stands before it, may send anything."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx

from owui_sync.client.errors import TooLarge

MOST = 256 << 20
"""Bytes of an answer, as they are unpacked."""
MOST_OF_AN_ERROR = 1 << 20
"""Bytes of an answer that is no success; the rest is left."""
MOST_OF_A_LINE = 16 << 20
"""Bytes of one line of a stream."""

ACCEPTED = "gzip, deflate"
"""How answers may be packed: a bit of what is packed in one of these ways never gives more than a thousand bits."""
_PACKED = ("gzip", "x-gzip", "deflate", "identity")
_ABOUT_THE_BODY = ("content-encoding", "content-length", "transfer-encoding")


async def read_whole(response: httpx.Response, method: str, path: str) -> httpx.Response:
    """Return the answer with its body.

    Raises:
        TooLarge: a success has more than `MOST` bytes, or is packed in a way that nobody asked for.
    """
    most = MOST if response.is_success else MOST_OF_AN_ERROR
    body = bytearray()
    check_packing(response, method, path)
    async for part in response.aiter_bytes():
        body += part
        if len(body) > most:
            if response.is_success:
                raise _too_large(response, method, path, f"more than {MOST >> 20} MiB, the most for an answer")
            break
    headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in _ABOUT_THE_BODY]
    return httpx.Response(response.status_code, headers=headers, content=bytes(body[:most]), request=response.request)


async def lines_of(response: httpx.Response, method: str, path: str) -> AsyncGenerator[str, None]:
    """Yield the lines of an answer as they come, without their ends.

    Raises:
        TooLarge: a line has more than `MOST_OF_A_LINE` bytes, all together have more than `MOST`, or it is packed in a
            way that nobody asked for.
    """
    check_packing(response, method, path)
    rest, total = bytearray(), 0
    async for part in response.aiter_bytes():
        total += len(part)
        rest += part
        *lines, rest = rest.split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace").rstrip("\r")
        if len(rest) > MOST_OF_A_LINE or total > MOST:
            most = f"more than {MOST_OF_A_LINE >> 20} MiB in a line, or {MOST >> 20} MiB in all"
            raise _too_large(response, method, path, most)
    if rest:
        yield rest.decode("utf-8", "replace").rstrip("\r")


def check_packing(response: httpx.Response, method: str, path: str) -> None:
    """Raise TooLarge for what may unpack to anything, such as a body that is packed twice."""
    packed = [each.strip().lower() for each in response.headers.get("content-encoding", "identity").split(",")]
    if len(packed) > 1 or packed[0] not in _PACKED:
        raise _too_large(response, method, path, f"packed as {', '.join(packed)}, which was not asked for")


def _too_large(response: httpx.Response, method: str, path: str, what: str) -> TooLarge:
    return TooLarge(method, path, response.status_code, what)
