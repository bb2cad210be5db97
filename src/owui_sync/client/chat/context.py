"""What a turn is given besides the question, checked before anything is asked: models, tools, files, images."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from owui_sync.client.api import completions, knowledge, tools
from owui_sync.client.chat.known import known
from owui_sync.client.concurrency import gather_or_cancel
from owui_sync.client.errors import Missing
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row
from owui_sync.client.uploads import FileRefused, existing, upload
from owui_sync.client.writer import Writer

_BEGINNINGS = {
    "image/png": rb"\x89PNG\r\n\x1a\n",
    "image/jpeg": rb"\xff\xd8\xff",
    "image/gif": rb"GIF8",
    "image/webp": rb"RIFF....WEBP",
}
"""How files of each type begin, as patterns."""
_URLS = ("http://", "https://", "data:image/")


@dataclass(frozen=True, slots=True)
class Context:
    """What a turn is given besides the question.

    Attributes:
        files: items to retrieve from, as `Turn.files`.
        images: URLs or data URLs.
    """

    files: tuple[Row, ...] = ()
    images: tuple[str, ...] = ()


async def context(
    writer: Writer,
    models: Iterable[str],
    *,
    files: Sequence[str] | None = None,
    collections: Sequence[str] | None = None,
    images: Sequence[str] | None = None,
    tool_ids: Sequence[str] | None = None,
) -> Context:
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
    uploaded = await gather_or_cancel(*(_uploaded(writer, path) for path in paths))
    return Context((*uploaded, *items), pictures)


async def check_models(reader: Reader, models: Iterable[str]) -> None:
    """Raises `Missing` for a model that cannot be asked. No request for models that were seen before, else one."""
    learned, wanted = known(reader).models, list(models)
    if not learned.issuperset(wanted):
        learned.update(row["id"] for row in await completions.models(reader))
    for model in wanted:
        if model not in learned:
            raise Missing("model", model, "/api/models", sorted(learned))


def image_url(image: str) -> str:
    """The URL of an image: itself, or the content of the file of that path as a data URL.

    Raises:
        FileRefused: there is no such file, or it is no PNG, JPEG, GIF or WebP.
    """
    if image.startswith(_URLS):
        return image
    content = existing(image, "image").read_bytes()
    for media, beginning in _BEGINNINGS.items():
        if re.match(beginning, content, re.DOTALL):
            return f"data:{media};base64,{base64.b64encode(content).decode()}"
    raise FileRefused("it is no PNG, JPEG, GIF or WebP image", where=image)


async def _collections(reader: Reader, names: Sequence[str]) -> list[Row]:
    if not names:
        return []
    rows = await knowledge.list_all(reader)
    found = []
    for name in names:
        row = next((row for row in rows if name in (row["id"], row["name"])), None)
        if row is None:
            raise Missing("collection", name, "/api/v1/knowledge/", sorted(row["name"] for row in rows))
        found.append({"type": "collection", "id": row["id"], "name": row["name"], "status": "processed"})
    return found


async def _check_tools(reader: Reader, ids: Sequence[str]) -> None:
    there = {row["id"] for row in await tools.list_all(reader)} if ids else set()
    for id in ids:
        if id not in there:
            raise Missing("tool", id, "/api/v1/tools/", sorted(there))


async def _uploaded(writer: Writer, path: Path) -> Row:
    row = await upload(writer, path)
    id, size = row["id"], (row.get("meta") or {}).get("size")
    return {"type": "file", "id": id, "url": id, "name": path.name, "size": size, "status": "uploaded"}
