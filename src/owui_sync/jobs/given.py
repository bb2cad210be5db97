"""What a chat gets besides its questions: files that are uploaded once, and the ids behind names."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from owui_sync.client.api import chats, completions, files
from owui_sync.client.chat.context import check_models
from owui_sync.client.chat.known import known
from owui_sync.client.shapes import Row
from owui_sync.client.uploads import unreadable
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError
from owui_sync.jobs.run import Run
from owui_sync.kinds.names import IdIndex
from owui_sync.values import LocalFile

MARK = "owui_sync"
_TYPES = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif"}


@dataclass(frozen=True, slots=True)
class Given:
    """What every question of a chat comes with.

    Args:
        files: items to retrieve from, as `Turn.files`.
        images: data URLs, for the first question.
        tool_ids: tools that may be called.
    """

    files: tuple[Row, ...] = ()
    images: tuple[str, ...] = ()
    tool_ids: tuple[str, ...] = ()


async def given(run: Run, names: IdIndex, models: Sequence[str]) -> Given:
    """Looks everything up, and uploads what was not uploaded by an earlier try of the run.

    The page gives a chat the tools of its models, so they are added here: the server does not.

    Requests: one for the models; for files one, three or more each, and one to keep them in the chat.

    Raises:
        Missing: a model is not there.
        OwuiSyncError: the server cannot read a file, or a name stands for nothing.
    """
    spec = run.due.job.spec
    await check_models(run.writer, models)
    wanted = [*_items(spec, names)]
    uploads = await _uploaded(run, spec.get("files", ()))
    images = tuple(map(data_url, spec.get("images", ())))
    tools = dict.fromkeys([*spec.get("tools", ()), *await _tools_of(run.writer, models)])
    return Given((*uploads, *wanted), images, tuple(tools))


def id_of(names: IdIndex, kind: str, key: str) -> str:
    """The id behind a name. Raises OwuiSyncError where it stands for nothing, or for several objects."""
    try:
        return names.id(kind, key)
    except KeyError:
        raise OwuiSyncError(f"the server has no {kind} `{key}`, or several", hint="plan again") from None


def data_url(image: LocalFile) -> str:
    """An image as it is sent to a model."""
    with image.open() as file:
        content = file.read()
    kind = next(kind for magic, kind in _TYPES.items() if content.startswith(magic))
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _items(spec: Mapping[str, Any], names: IdIndex) -> Iterable[Row]:
    for key in spec.get("knowledge", ()):
        yield {"type": "collection", "id": id_of(names, "knowledge", key), "name": key, "status": "processed"}
    for key in spec.get("notes", ()):
        yield {"type": "note", "id": id_of(names, "note", key), "name": key, "title": key, "status": "processed"}


async def _tools_of(writer: Writer, models: Sequence[str]) -> list[str]:
    rows = [row for row in await completions.models(writer) if row["id"] in models]
    known(writer).models.update(row["id"] for row in rows)
    return [id for row in rows for id in ((row.get("info") or {}).get("meta") or {}).get("toolIds") or ()]


async def _uploaded(run: Run, wanted: Sequence[LocalFile]) -> list[Row]:
    if not wanted:
        return []
    there = (await chats.get(run.writer, run.chat_id))["chat"].get("files") or []
    found = {item.get(MARK): item for item in there}
    for file in wanted:
        if file["sha256"] not in found:
            found[file["sha256"]] = await _upload(run.writer, file)
            await chats.update(run.writer, run.chat_id, {"files": list(found.values())})
    return [found[file["sha256"]] for file in wanted]


async def _upload(writer: Writer, file: LocalFile) -> Row:
    name = file["path"].rpartition("/")[2]
    with file.open() as content:
        row = await files.upload(writer, name, content.read(), process=True)
    if reason := await unreadable(writer, row["id"], writer.silence):
        await files.delete(writer, row["id"])
        raise OwuiSyncError(f"the server cannot read {file.source.path}: {reason}", where=file.source.path)
    item = {"type": "file", "id": row["id"], "name": name, "url": row["id"], "file": row, "status": "uploaded"}
    return {**item, MARK: file["sha256"]}
