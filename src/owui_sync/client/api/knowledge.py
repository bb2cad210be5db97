"""Knowledge bases and the files in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Required, cast

from owui_sync.client.api.files import FileRow
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.errors import UnknownAnswer
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, SharedRow, as_row, segment
from owui_sync.client.writer import Writer

_PAGES = "/api/v1/knowledge/"
_CREATE = "/api/v1/knowledge/create"
_MOST = 1000


class KnowledgeRow(SharedRow, total=False):
    """A knowledge base without its files, as measured on servers of all tested versions.

    Keys, besides those of `SharedRow`:
        id: a UUID.
        name: not unique.
        description: what is in it.
        data: what old servers and other programs keep in it, as `meta`; no request of today sets them.
        file_count: how many files are in it; since 0.11.4.
        write_access: whether the user of the token may change it.
        user_id: who made it.
        created_at: seconds since 1970.
        updated_at: seconds since 1970; neither files nor access move it.
    """

    id: Required[str]
    name: Required[str]
    description: str | None
    data: dict[str, Any] | None
    meta: dict[str, Any] | None
    file_count: int | None
    write_access: bool
    user_id: str
    created_at: int
    updated_at: int


class KnowledgeFileRow(FileRow, total=False):
    """A file of a knowledge base, without its text.

    Keys, besides those of `FileRow`:
        directory_path: the folder that it lies in, `""` at the top, without slashes at its ends; None before 0.9.6,
            which has no folders.
    """

    directory_path: str | None


async def list_all(reader: Reader) -> list[KnowledgeRow]:
    """Return all knowledge bases that the user may see, newest change first. One request for 30."""
    return await reader.pages(_PAGES, needs=("id", "name"))


async def hidden(reader: Reader, user_id: str, seen: int | None = None) -> int | None:
    """Return how many knowledge bases are on the server that its list hides from this administrator.

    With `BYPASS_ADMIN_ACCESS_CONTROL=false` the list lacks what others own and do not share. The page that shows
    administrators what a user may see counts all of them.

    Args:
        reader: the client.
        user_id: any user there is; the number of all is the same on everybody's page.
        seen: how many the list had; None asks again.

    Returns:
        None before 0.9.6, where nothing tells.

    Requests: one, where the list had all of them; else up to three, as some may come and go between two answers.
    """
    if not await can(reader, Feature.USER_PREVIEW):
        return None
    there = await _in_all(reader, user_id)
    if seen is not None and seen >= there:
        return 0
    _, listed = await reader.page(_PAGES, 1)
    return max(0, min(there, await _in_all(reader, user_id)) - listed) if listed < there else 0


async def _in_all(reader: Reader, user_id: str) -> int:
    """Return how many knowledge bases there are, whoever owns them."""
    path = f"/api/v1/users/{segment(user_id)}/preview"
    bases = as_row(as_row(await reader.get(path), "GET", path).get("knowledge"), "GET", path)
    if not isinstance(total := bases.get("total"), int):
        raise UnknownAnswer("GET", path, 200, "the knowledge bases without their `total`")
    return total


async def create(writer: Writer, body: Row) -> KnowledgeRow:
    """Make a knowledge base; the server embeds its name and description, and drops `meta` and `data`. One request.

    Args:
        writer: the client.
        body: `name`, `description` (both needed), and access in the form of the server's version; without it the base
            is private, before 0.8.0 public.
    """
    return as_row(await writer.create(_CREATE, body), "POST", _CREATE, KnowledgeRow)


async def update(writer: Writer, knowledge_id: str, body: Row) -> KnowledgeRow:
    """Replace name and description. One request.

    Access goes with it up to 0.11.4 (before 0.8.0 leaving it out makes the base public) and is ignored since 0.12.4:
    send it always, compare the row that comes back, and call `set_access` if it differs.
    """
    path = _path(knowledge_id, "update")
    return as_row(await writer.update(path, body), "POST", path, KnowledgeRow)


async def set_access(writer: Writer, knowledge_id: str, grants: Sequence[Row]) -> KnowledgeRow:
    """Replace all grants, each `{"principal_type", "principal_id", "permission"}`. One request; since 0.8.0."""
    path = _path(knowledge_id, "access/update")
    return as_row(await writer.update(path, {"access_grants": list(grants)}), "POST", path, KnowledgeRow)


async def delete(writer: Writer, knowledge_id: str) -> None:
    """Delete a knowledge base; its files stay on the server, and models that named it no longer do. One request."""
    await writer.delete(_path(knowledge_id, "delete"))


async def files(
    reader: Reader, knowledge_id: str, likely: Callable[[list[KnowledgeFileRow]], Iterable[str]] = lambda rows: ()
) -> list[KnowledgeFileRow]:
    """Return the files of a knowledge base, without their text.

    Args:
        reader: the client.
        knowledge_id: the knowledge base.
        likely: gives places (`folder/name`) where these files probably are; saves requests where the list tells none.

    Requests: one for up to 1,000 files; before 0.9.6, and for anybody but administrators, one for 30. From 0.9.6 to
    before 0.12.4 the list does not tell which file lies in which directory: one more when all of them are at a likely
    place, and otherwise one for each directory.
    """
    if not await can(reader, Feature.KNOWLEDGE_DIRECTORIES):
        return [_brief(row, None) for row in await reader.pages(_path(knowledge_id, "files"))]
    rows = await reader.pages(_path(knowledge_id, "files"), limit=_MOST)
    if await can(reader, Feature.KNOWLEDGE_FILE_PLACES):
        return [_brief(row, row.get("directory_path") or "") for row in rows]
    places = await _places(reader, knowledge_id, {row["id"] for row in rows}, likely(rows))
    return [_brief(row, places.get(row["id"], "")) for row in rows]


async def file_ids(reader: Reader, knowledge_id: str) -> list[str]:
    """Return the ids of the files of a knowledge base. One request for up to 1,000; before 0.9.6 one for 30."""
    return [row["id"] for row in await reader.pages(_path(knowledge_id, "files"), limit=_MOST)]


async def count(reader: Reader, knowledge_id: str) -> int:
    """Return how many files are in a knowledge base. One request."""
    _, total = await reader.page(_path(knowledge_id, "files"), 1, limit=1)
    return total


@dataclass(frozen=True, slots=True)
class SyncDifference:
    """How the files of a knowledge base differ from those that are wanted.

    Args:
        same: how many are as they are wanted (since 0.11.4 also those on their way); of two in one place one counts.
        changed: place -> id of the file there, for those with other bytes.
        more: whether there is anything else: files that are missing, or are not wanted, or directories.
        directories: path -> id.
    """

    same: int
    changed: Mapping[str, str]
    more: bool
    directories: Mapping[str, str]


async def difference(reader: Reader, knowledge_id: str, wanted: Iterable[Row]) -> SyncDifference:
    """Compare a knowledge base with the files `{"path", "sha256", "size"}`. One request; since 0.9.6."""
    manifest = []
    for file in wanted:
        folder, _, name = file["path"].rpartition("/")
        manifest.append({"path": folder, "filename": name, "checksum": file["sha256"], "size": file["size"]})
    path = _path(knowledge_id, "sync/diff")
    answer = as_row(await reader.query(path, {"manifest": manifest}), "POST", path)
    try:
        changed = {f"{row['path']}/{row['filename']}".lstrip("/"): row["stale_file_id"] for row in answer["modified"]}
        more = any(answer[key] for key in ("added", "deleted", "mkdir", "rmdir"))
        return SyncDifference(answer["unmodified_count"], changed, more, answer["directory_map"])
    except (KeyError, TypeError) as error:
        raise UnknownAnswer("POST", path, 200, f"a difference without {error}") from error


async def add_file(
    writer: Writer, knowledge_id: str, file_id: str, directory_id: str | None = None, *, seconds: float | None = None
) -> None:
    """Put a file whose text is ready into a knowledge base; when it answers, the file can be found. One request.

    It takes as long as the file is to be indexed: `seconds` is how long to wait, None for the client's own time.

    Raises:
        ApiError: 400 with the server's reason. `Duplicate content detected` means that a file in this knowledge base
            has the same text.
    """
    body = {"file_id": file_id, **({"directory_id": directory_id} if directory_id else {})}
    await writer.update(_path(knowledge_id, "file/add"), body, seconds=seconds)


async def remove_file(writer: Writer, knowledge_id: str, file_id: str) -> None:
    """Take a file out of a knowledge base; the file itself and other bases that hold it stay as they are. One request.

    Raises:
        NotFound: no such base, no such file, or (since 0.8) the file is not in it.
    """
    await writer.update(_path(knowledge_id, "file/remove"), {"file_id": file_id}, delete_file=False)


async def cleanup(writer: Writer, knowledge_id: str, file_ids: Sequence[str], directory_ids: Sequence[str]) -> None:
    """Take files out, delete those that no other knowledge base holds, and delete directories. One request.

    Only since `Feature.KNOWLEDGE_CLEANUP` for files: 0.10.2 deletes the files of other knowledge bases as well.

    Args:
        directory_ids: parents before their children; files that still lie in them are lost.
    """
    body = {"file_ids": list(file_ids), "dir_ids": list(directory_ids)}
    await writer.update(_path(knowledge_id, "sync/cleanup"), body)


async def directories(reader: Reader, knowledge_id: str) -> dict[str, str]:
    """Return path -> id of every directory. One request; since 0.9.6."""
    return dict((await difference(reader, knowledge_id, ())).directories)


async def create_directory(writer: Writer, knowledge_id: str, name: str, parent_id: str | None) -> str:
    """Make a directory and return its id. One request; since 0.9.6. At the top the server allows a name many times."""
    path = _path(knowledge_id, "dirs/create")
    return str(as_row(await writer.create(path, {"name": name, "parent_id": parent_id}), "POST", path)["id"])


async def move_file(writer: Writer, knowledge_id: str, file_id: str, directory_id: str | None) -> None:
    """Put a file into another directory of its knowledge base (None: the top). One request; since 0.9.6."""
    await writer.update(_path(knowledge_id, "file/move"), {"file_id": file_id, "directory_id": directory_id})


async def index_again(writer: Writer, knowledge_id: str, file_id: str) -> None:
    """Index a file of the knowledge base anew, so that citations have its present name. One request."""
    await writer.update(_path(knowledge_id, "file/update"), {"file_id": file_id})


async def _places(reader: Reader, knowledge_id: str, ids: Set[str], likely: Iterable[str]) -> dict[str, str]:
    """Return file id -> path of the directory that it lies in; one that lies in none may be missing."""
    asked = [{"path": place, "sha256": "", "size": 0} for place in likely]
    found = await difference(reader, knowledge_id, asked)
    places = {id: place.rpartition("/")[0] for place, id in found.changed.items()}
    if not found.directories or ids <= places.keys():
        return places
    path = _path(knowledge_id, "files")
    for place, directory in found.directories.items():
        places.update({row["id"]: place for row in await reader.pages(path, limit=_MOST, directory_id=directory)})
    return places


def _brief(row: Mapping[str, Any], place: str | None) -> KnowledgeFileRow:
    """Return the row without the text of the file, which old servers send along."""
    kept = {key: value for key, value in row.items() if key not in ("data", "user")}
    return cast("KnowledgeFileRow", {**kept, "directory_path": place})


def _path(knowledge_id: str, action: str) -> str:
    return f"/api/v1/knowledge/{segment(knowledge_id)}/{action}"
