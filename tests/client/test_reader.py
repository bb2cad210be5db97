from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from owui_sync.client.connect import Server, connect_read_only
from owui_sync.client.errors import MissingRoute, PartialList, ServerError, UnknownAnswer
from owui_sync.client.reader import READ_ONLY_POSTS, Reader, ReadOnly
from owui_sync.client.transport import Transport
from owui_sync.client.writer import Writer
from tests.support.fake import TOKEN, URL, Fake, ok, says
from tests.support.typed import mypy_says

Pages = Callable[[int], httpx.Response]


def read_pages(pages: Pages, rows: str = "items") -> tuple[list[Any], int]:
    """All rows of a list made of `pages`, and the number of requests."""

    def answer(request: httpx.Request) -> httpx.Response:
        return pages(int(request.url.params["page"]))

    async def main() -> tuple[list[Any], int]:
        async with Transport(URL, TOKEN, http=httpx.MockTransport(answer)) as transport:
            reader = Reader(ReadOnly(transport))
            return await reader.pages("/list", rows=rows, order="asc"), reader.requests

    return asyncio.run(main())


def page(ids: range, total: int) -> httpx.Response:
    return ok({"items": [{"id": str(number)} for number in ids], "total": total})


def test_pages_are_read_in_order_one_request_each() -> None:
    rows, requests = read_pages(lambda number: page(range(3 * number - 3, min(3 * number, 8)), 8))
    assert [row["id"] for row in rows] == list("01234567")
    assert requests == 3


def test_full_last_page_needs_no_empty_one_after_it() -> None:
    assert read_pages(lambda number: page(range(3 * number - 3, 3 * number), 6))[1] == 2


def test_empty_list_takes_one_request() -> None:
    assert read_pages(lambda number: page(range(0), 0)) == ([], 1)


def test_rows_may_have_another_name() -> None:
    assert read_pages(lambda number: ok({"users": [{"id": "a"}], "total": 1}), "users") == ([{"id": "a"}], 1)


def test_row_that_comes_double_makes_it_read_once_more() -> None:
    answers = [page(range(3), 5), page(range(2, 4), 5), page(range(3), 5), page(range(3, 5), 5)]
    rows, requests = read_pages(lambda number: answers.pop(0))
    assert ([row["id"] for row in rows], requests) == (list("01234"), 4)


@pytest.mark.parametrize(
    "second",
    [page(range(2, 4), 5), page(range(3, 4), 5), page(range(3, 6), 6), page(range(3, 6), 5)],
    ids=["double", "missing", "other total", "too many"],
)
def test_pages_that_never_add_up_are_no_list(second: httpx.Response) -> None:
    with pytest.raises(PartialList):
        read_pages(lambda number: page(range(3), 5) if number == 1 else second)


@pytest.mark.parametrize(
    "answer", [[], {"items": []}, {"total": 1}, {"items": None, "total": 0}, {"items": [{}], "total": 1}]
)
def test_page_of_unknown_shape_is_refused(answer: Any) -> None:
    with pytest.raises(UnknownAnswer):
        read_pages(lambda number: ok(answer))


def test_failure_of_a_later_page_is_raised_as_it_is() -> None:
    with pytest.raises(ServerError):
        read_pages(lambda number: page(range(1), 9) if number == 1 else says(500, "bug"))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/groups/create"),
        ("POST", "/api/v1/groups/id/g/users/add"),
        ("POST", "/api/v1/groups/id/a/b/users"),
        ("DELETE", "/api/v1/groups/id/g/users"),
        ("PUT", "/api/v1/groups/id/g/users"),
        ("get", "/api/v1/groups/"),
    ],
)
def test_reading_half_refuses_what_could_change_the_server(method: str, path: str) -> None:
    fake = Fake(ok())

    async def main() -> None:
        async with fake.transport() as transport:
            await ReadOnly(transport).send(method, path)

    with pytest.raises(PermissionError):
        asyncio.run(main())
    assert fake.seen == []


@pytest.mark.parametrize("path", READ_ONLY_POSTS)
def test_listed_posts_are_let_through(path: str) -> None:
    async def main() -> Any:
        async with Transport(URL, TOKEN, http=httpx.MockTransport(lambda r: ok(r.method))) as transport:
            return await Reader(ReadOnly(transport)).query(path.replace("{id}", "some-id"), {})

    assert asyncio.run(main()) == "POST"


def test_reader_has_nothing_to_write_with() -> None:
    writing = {"create", "update", "delete", "upload", "toggle"}
    assert writing <= set(dir(Writer))
    assert not writing & set(dir(Reader))
    assert not hasattr(Reader(ReadOnly(Transport(URL, TOKEN))), "_transport")


def test_type_checker_rejects_a_reader_where_a_writer_is_wanted(tmp_path: Path) -> None:
    program = (
        "from owui_sync.client.api import groups\n"
        "from owui_sync.client.reader import Reader\n"
        "from owui_sync.client.writer import Writer\n"
        "async def right(writer: Writer) -> None:\n"
        "    await groups.list_all(writer)\n"
        "async def wrong(reader: Reader) -> None:\n"
        "    await groups.delete(reader, 'id')\n"
    )
    out = mypy_says(tmp_path, program)
    assert 'program.py:7: error: Argument 1 to "delete" has incompatible type "Reader"; expected "Writer"' in out
    assert "Found 1 error" in out


def test_reader_reads_a_real_server(server: Server) -> None:
    async def main() -> None:
        async with connect_read_only(server) as reader:
            assert reader.url == server.url
            assert isinstance(await reader.get("/api/v1/groups/"), list)
            assert await reader.query("/api/v1/groups/id/none/users") == []
            with pytest.raises(MissingRoute):
                await reader.get_bytes("/no-such-file")
            assert reader.requests == 3

    asyncio.run(main())
