"""What a turn is given besides the question, checked before anything is asked: models, tools, files, images."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from owui_sync import media
from owui_sync.client.api import knowledge, tools
from owui_sync.client.api.files import FileRow
from owui_sync.client.chat.cache import check_models
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.errors import Missing
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row
from owui_sync.client.uploads import FileRefused, existing, upload
from owui_sync.client.writer import Writer

_URLS = ("http://", "https://", "data:image/")


@dataclass(frozen=True, slots=True)
class ChatContext:
    """What a turn is given besides the question.

    Attributes:
        files: items to retrieve from, as `Turn.files`.
        images: URLs or data URLs, for the first question.
        tool_ids: tools that may be called.
    """

    files: tuple[Row, ...] = ()
    images: tuple[str, ...] = ()
    tool_ids: tuple[str, ...] = ()


async def build_context(
    writer: Writer,
    models: Iterable[str],
    *,
    files: Sequence[str] | None = None,
    collections: Sequence[str] | None = None,
    images: Sequence[str] | None = None,
    tool_ids: Sequence[str] | None = None,
) -> ChatContext:
    """Check that everything is there, upload the files, and wait until their text can be found.

    Args:
        writer: the client.
        models: ids of the models that are to be asked.
        files: paths of files on this machine.
        collections: names or ids of knowledge bases.
        images: paths of PNG, JPEG, GIF or WebP files, or URLs.
        tool_ids: ids of tools.

    Requests: one for each sort that is asked for (models only when one is not known yet); two or more for each file.

    Raises:
        Missing: something is not there on the server; nothing was uploaded.
        FileRefused: a file is not there, is no image, or the server cannot read it.
    """
    paths = [existing(path) for path in files or ()]
    pictures = tuple(image_url(image) for image in images or ())
    _, items, _ = await gather_or_cancel(
        check_models(writer, models), _collections(writer, collections or ()), _check_tools(writer, tool_ids or ())
    )
    uploaded = await gather_or_cancel(*(upload(writer, path) for path in paths))
    return ChatContext((*map(file_item, uploaded), *items), pictures, tuple(tool_ids or ()))


def image_url(image: str) -> str:
    """Return the URL of an image: itself, or the content of the file of that path as a data URL.

    Raises:
        FileRefused: there is no such file, or it is no PNG, JPEG, GIF or WebP.
    """
    if image.startswith(_URLS):
        return image
    content = existing(image, "image").read_bytes()
    if not media.is_for_models(content):
        raise FileRefused("it is no PNG, JPEG, GIF or WebP image", where=image)
    return media.data_url(content)


def file_item(row: FileRow) -> Row:
    """Return an uploaded file as a turn and the document of a chat have it."""
    id, meta = row["id"], row.get("meta") or {}
    name = meta.get("name") or row.get("filename")
    return {"type": "file", "id": id, "url": id, "name": name, "size": meta.get("size"), "status": "uploaded"}


def collection_item(id: str, name: str) -> Row:
    """Return a knowledge base as a turn and the document of a chat have it."""
    return {"type": "collection", "id": id, "name": name, "status": "processed"}


async def _collections(reader: Reader, names: Sequence[str]) -> list[Row]:
    if not names:
        return []
    rows = await knowledge.list_all(reader)
    found = []
    for name in names:
        row = next((row for row in rows if name in (row["id"], row["name"])), None)
        if row is None:
            raise Missing("knowledge base", name, "/api/v1/knowledge/", sorted(row["name"] for row in rows))
        found.append(collection_item(row["id"], row["name"]))
    return found


async def _check_tools(reader: Reader, ids: Sequence[str]) -> None:
    there = {row["id"] for row in await tools.list_all(reader)} if ids else set()
    for id in ids:
        if id not in there:
            raise Missing("tool", id, "/api/v1/tools/", sorted(there))
