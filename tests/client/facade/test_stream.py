from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from owui_sync.client.facade.stream import Done, Stream
from owui_sync.errors import OwuiSyncError


def counting(last: int, ended: list[bool], error: Exception | None = None) -> AsyncGenerator[int | Done[str], None]:
    async def pieces() -> AsyncGenerator[int | Done[str], None]:
        try:
            for number in range(last):
                yield number
            if error:
                raise error
            yield Done("sum")
        finally:
            ended.append(True)

    return pieces()


def test_pieces_come_first_and_then_the_result() -> None:
    async def main() -> None:
        ended: list[bool] = []
        stream = Stream(counting(3, ended), lambda error: "failed")
        with pytest.raises(RuntimeError, match="to its end"):
            _ = stream.result
        assert [piece async for piece in stream] == [0, 1, 2]
        assert (stream.result, ended) == ("sum", [True])

    asyncio.run(main())


def test_a_typed_error_ends_it_with_the_result_for_failures_and_others_come_out() -> None:
    async def main() -> None:
        stream = Stream(counting(1, [], OwuiSyncError("no")), lambda error: str(error))
        assert [piece async for piece in stream] == [0]
        assert stream.result == "no"
        with pytest.raises(ZeroDivisionError):
            async for _ in Stream(counting(1, [], ZeroDivisionError()), str):
                pass

    asyncio.run(main())


def test_leaving_in_the_middle_ends_what_is_behind_it() -> None:
    async def main() -> None:
        ended: list[bool] = []
        async with Stream(counting(3, ended), str) as stream:
            async for _ in stream:
                break
            assert ended == []
        assert ended == [True]

    asyncio.run(main())


def test_a_stream_is_an_asynchronous_generator() -> None:
    async def main() -> None:
        ended: list[bool] = []
        stream = Stream(counting(3, ended), str)
        assert isinstance(stream, AsyncGenerator)
        assert await stream.asend(None) == 0
        with pytest.raises(ZeroDivisionError):
            await stream.athrow(ZeroDivisionError())
        assert ended == [True]
        assert [piece async for piece in stream] == []

    asyncio.run(main())
