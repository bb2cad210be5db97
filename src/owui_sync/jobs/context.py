"""What a chat is given besides its questions: files that are uploaded once, and the ids behind names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from owui_sync import media
from owui_sync.client.chat.cache import check_models
from owui_sync.client.chat.context import ChatContext, collection_item, file_item
from owui_sync.client.chat.document import ChatDocument
from owui_sync.client.shapes import Row
from owui_sync.client.uploads import upload_content
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError
from owui_sync.jobs.spec import ChatSpec
from owui_sync.kinds.names import IdIndex
from owui_sync.values import LocalFile

MARK = "owui_sync"
"""Key of a file in the document of a chat, with the digest of its content: so an upload is known again."""


async def build_context(document: ChatDocument, spec: ChatSpec, names: IdIndex) -> ChatContext:
    """Look everything up, and upload what was not uploaded by an earlier try of the run.

    The page gives a chat the tools of its models, so they are added here: the server does not.

    Requests: one for the models of all jobs of a run; those of the upload of each file, and two to keep it in the chat.

    Raises:
        Missing: a model is not there.
        FileRefused: the server cannot read a file.
        OwuiSyncError: a name stands for nothing.
    """
    tools = await check_models(document.writer, spec.models)
    items = list(_items(spec, names))
    uploads = await _uploaded(document, spec.files)
    images = tuple(map(_image, spec.images))
    return ChatContext((*uploads, *items), images, tuple(dict.fromkeys([*spec.tools, *tools])))


def id_of(names: IdIndex, kind: str, key: str) -> str:
    """Return the id behind a name. Raises OwuiSyncError where it stands for nothing, or for several objects."""
    try:
        return names.id(kind, key)
    except KeyError:
        raise OwuiSyncError(f"the server has no {kind} `{key}`, or several", hint="plan again") from None


def _items(spec: ChatSpec, names: IdIndex) -> Iterable[Row]:
    for key in spec.knowledge:
        yield collection_item(id_of(names, "knowledge", key), key)
    for key in spec.notes:
        yield {"type": "note", "id": id_of(names, "note", key), "name": key, "title": key, "status": "processed"}


def _image(image: LocalFile) -> str:
    with image.open() as file:
        return media.data_url(file.read())


async def _uploaded(document: ChatDocument, files: Sequence[LocalFile]) -> list[Row]:
    """Return the items of the files. Each is kept in the chat as soon as it exists, so that none is uploaded twice."""
    found = {item.get(MARK): item for item in document.files}
    for file in files:
        if file["sha256"] not in found:
            found[file["sha256"]] = item = await _upload(document.writer, file)
            await document.read()  # A person may have added files to the chat while this one was uploaded.
            await document.update(files=[*document.files, item])
    return [found[file["sha256"]] for file in files]


async def _upload(writer: Writer, file: LocalFile) -> Row:
    name = file["path"].rpartition("/")[2]
    with file.open() as content:
        row = await upload_content(writer, name, content, file.source.path, writer.silence)
    return {**file_item(row), "file": row, MARK: file["sha256"]}
