from __future__ import annotations

import asyncio
import hashlib

import pytest

from owui_sync.client.api import files
from owui_sync.client.api.files import FileRow
from owui_sync.client.connect import Server
from owui_sync.client.errors import ApiError, NotFound, PartialList
from owui_sync.client.reader import Reader, ReadOnly
from owui_sync.client.writer import Writer
from tests.support.asking import asking, counting
from tests.support.fake import Fake, ok


@pytest.mark.parametrize(
    ("name", "content"), [("a.json", b'{"a":\r\n1}'), ("a.html", b"<p>"), ("a.txt", b"a"), ("a.bin", b"\x00\xff")]
)
def test_life_of_a_file_one_request_a_step(server: Server, unique: str, name: str, content: bytes) -> None:
    async def live(writer: Writer) -> None:
        made = await files.upload(writer, f"{unique}.{name}", content, {"k": "v"})
        meta = made["meta"] or {}
        assert (made["filename"], meta["size"], meta["data"]) == (f"{unique}.{name}", len(content), {"k": "v"})
        assert meta["file_hash"] == hashlib.sha256(content).hexdigest()
        assert await files.search(writer, f"{unique}.*") == [made]
        assert await files.download(writer, made["id"]) == content
        await files.delete(writer, made["id"])
        assert await files.search(writer, f"{unique}.*") == []

    assert counting(server, live)[1] == 5


def test_pattern_takes_underscores_as_they_are(server: Server, unique: str) -> None:
    async def ask(writer: Writer) -> int:
        made = await files.upload(writer, f"{unique}xa", b"a")
        found = await files.search(writer, f"{unique}_a")
        await files.delete(writer, made["id"])
        return len(found)

    assert asking(server, ask) == 0


def page(first: int, count: int) -> list[dict[str, str]]:
    return [{"id": str(number), "filename": "b"} for number in range(first, first + count)]


def searched(fake: Fake) -> list[FileRow]:
    async def main() -> list[FileRow]:
        async with fake.transport() as transport:
            return await files.search(Reader(ReadOnly(transport)), "*")

    return asyncio.run(main())


def test_search_goes_on_until_a_page_is_not_full() -> None:
    fake = Fake(ok(page(0, 1000)), ok(page(1000, 5)))
    assert (len(searched(fake)), [request.url.params["skip"] for request in fake.seen]) == (1005, ["0", "1000"])


def test_search_ends_where_the_server_knows_no_pages() -> None:
    assert len(searched(Fake(ok(page(0, 1000))))) == 1000


def test_search_in_which_files_come_and_go_is_refused() -> None:
    with pytest.raises(PartialList, match="1500 of 2000"):
        searched(Fake(ok(page(0, 1000)), ok(page(500, 1000))))


def test_empty_file_is_refused_by_the_server(server: Server, unique: str) -> None:
    with pytest.raises(ApiError, match="empty"):
        asking(server, lambda writer: files.upload(writer, unique, b""))


def test_file_that_does_not_exist_is_not_found(server: Server) -> None:
    none = "00000000-0000-0000-0000-000000000000"
    with pytest.raises(NotFound):
        asking(server, lambda writer: files.download(writer, none))
    with pytest.raises(NotFound):
        asking(server, lambda writer: files.delete(writer, none))


@pytest.mark.parametrize("file_id", ["all", "", "..", "a/b"])
def test_delete_of_what_is_no_id_is_never_sent(file_id: str) -> None:
    fake = Fake(ok())

    async def main() -> None:
        async with fake.transport() as transport:
            await files.delete(Writer(transport), file_id)

    with pytest.raises(ValueError, match="is no id"):
        asyncio.run(main())
    assert fake.seen == []
