"""Skills: instructions that models read when they need them: one text, or a folder of files."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from owui_sync.client.api import skills
from owui_sync.client.api.skills import MAIN, SkillFile, SkillRow
from owui_sync.client.capabilities import Feature
from owui_sync.client.errors import ApiError, Conflict, Invalid
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds import access
from owui_sync.kinds.base import Finding
from owui_sync.kinds.fields import Field, flag, key_schema, text, texts
from owui_sync.kinds.files.field import by_place, source_schema
from owui_sync.kinds.lifecycle import Lifecycle, Visibility
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row, set_among
from owui_sync.kinds.shared import Routes, SharedKind
from owui_sync.kinds.write import WriteRequest
from owui_sync.values import LocalFile, StoredFile

_LARGEST, _LARGEST_SKILL, _MOST = 10 << 20, 50 << 20, 1000
"""Bytes of a file and of all files of a skill, and how many there may be (0.12.4)."""


_SILENT = "Error creating skill"


def _since(files: Any) -> str | None:
    """Return the first version that can keep these files: one text is a skill everywhere."""
    single = isinstance(files, list) and [file["path"] for file in files] == [MAIN]
    return None if single else str(Feature.SKILL_FILES.since)


class Skill(SharedKind[SkillRow]):
    """A skill, identified by its id in lower case."""

    name = "skill"
    section = "skills"
    summary = "Skills: instructions that models read when they need them."
    key = key_schema(
        "The id; upper and lower case are the same.",
        "house-style",
        pattern=r"^[A-Za-z0-9_-]+(?!\n)$",
        error="an id has letters, digits, `-` and `_`",
    )
    key_ignores_case = True
    fields = (
        text("name", "Shown name. Default: the id.", "House style", least=1, defaults_to_key=True),
        text("description", "What it is for; models choose skills by this.", "How we write", default=""),
        text("content", f"Its text, that is `{MAIN}`. Other files stay.", "Write short sentences.", stays=True),
        Field(
            name="files",
            schema={
                "description": f"All its files, instead of `content`: a folder with `{MAIN}`, or a list of sources as "
                "for `files` of knowledge bases. What git ignores is left out. More than that one file needs Open "
                f"WebUI {Feature.SKILL_FILES.since}.",
                "oneOf": [
                    {"type": "string", "minLength": 1},
                    {"type": "array", "items": source_schema(MAIN, into=False), "minItems": 1},
                ],
                "examples": ["docs"],
            },
            stays=True,
            normal=by_place,
            since_of=_since,
        ),
        texts("tags", "Tags; their order means nothing.", "writing", cosmetic=True),
        flag("active", "Whether models can use it. Default: true.", default=True),
        access.FIELD,
    )
    routes: ClassVar[Routes] = skills
    lifecycle = Lifecycle(visibility=Visibility.READABLE, since=str(Feature.SKILLS.since))
    files_field = "files"
    distinct_files = False
    inline_files = True

    def check(self, key: str, values: Mapping[str, Any]) -> Iterable[Finding]:
        files = values.get("files", ())
        if "files" in values and "content" in values:
            yield Finding("content", "`content` and `files` both say what is in it", "write one of the two")
        # No file at all was found wrong before.
        yield from (Finding("files", *words) for words in (_wrong_files(files) if files else ()))

    def stored_files(self, row: SkillRow) -> list[tuple[str, Row]]:
        """Return the files of a skill with several; one text stands in the manifest as `content`."""
        return [(file["path"], _seen(file)) for file in row["files"]] if len(row["files"]) > 1 else []

    async def save_file(self, reader: Reader, row: SkillRow, id: str, path: Path, size: int) -> None:
        content = next(_bytes(file) for file in row["files"] if file["path"] == id)
        await asyncio.to_thread(path.write_bytes, content)

    def unsaid(self, row: SkillRow) -> Iterable[str]:
        return (f"meta.{name}" for name in set_among(row.get("meta"), "i18n"))

    def identity(self, row: SkillRow) -> tuple[str, str]:
        return self.normal_key(row["id"]), row["id"]

    async def read(self, reader: Reader) -> list[SkillRow]:
        """Read all with one request, none before 0.8.0; since 0.12.4 content and files stay unknown."""
        return await skills.list_all(reader)

    async def whole(self, reader: Reader, row: SkillRow, wanted: Mapping[str, Any]) -> SkillRow:
        """Read the files of one with one request."""
        return {**row, "files": await skills.files(reader, row["id"])}

    def live(self, row: SkillRow, names: IdIndex) -> ObservedResource:
        values = {
            "name": row["name"],
            "description": row.get("description") or "",
            "tags": sorted(set((row.get("meta") or {}).get("tags") or [])),
            "active": row.get("is_active", True),
            "access": access.of_row(row, names),
        }
        version = row.get("version_id") or ""
        if "files" not in row:
            unknown = frozenset({"content", "files"})
            return ObservedResource(self.name, *self.identity(row), values, row, unknown=unknown, marker=version)
        content, files = _text_of(row), by_place([_seen(file) for file in row["files"]])
        # Either of the two says the other.
        defaults = {"files": files} if len(files) == 1 else {"content": content}
        values |= {"content": content, "files": files}
        return ObservedResource(self.name, *self.identity(row), values, row, defaults, marker=version)

    def body(self, row: SkillRow, write: WriteRequest) -> Row:
        meta = dict(row.get("meta") or {})
        return {
            "id": write.key,
            "name": write.get("name", row.get("name", write.key)),
            "description": write.get("description", row.get("description") or ""),
            "meta": {**meta, "tags": write.get("tags", meta.get("tags") or [])},
            "is_active": write.get("active", row.get("is_active", True)),
            "commit_message": write.message,
            **_sent(row, write),
        }

    async def send_new(self, writer: Writer, body: Row) -> SkillRow:
        try:
            return await skills.create(writer, body)
        except ApiError as refused:
            # It is no conflict about the key, which whoever makes objects would look for.
            if isinstance(refused, Conflict) and "name" in refused.detail:
                hint = f"another skill has the name `{body['name']}`: give this one another `name`"
            elif _SILENT in refused.detail:
                hint = f"the server does not say why: it may have another skill with the name `{body['name']}`"
            else:
                raise
            raise Invalid(refused.method, refused.path, refused.status, refused.detail, hint=hint) from None


def _sent(row: SkillRow, write: WriteRequest) -> Row:
    """Return the part of a body with the text or the files; where neither is known, the server keeps what it has."""
    if "files" in write.values:
        return _sent_files(row, write)
    if "content" in write.values or not row:
        return {"content": write.get("content", "")}
    return {"content": _text_of(row)} if "files" in row else {}


def _sent_files(row: SkillRow, write: WriteRequest) -> Row:
    """Return the files, or one text, which goes to every version in the same way."""
    files = [_as_sent(file) for file in write.values["files"]]
    if [file["path"] for file in files] == [MAIN] and (not row or len(row.get("files", ())) == 1):
        return {"content": files[0]["content"]}
    return {"files": files, **({"expected_version_id": row["version_id"]} if row.get("version_id") else {})}


def _as_sent(file: LocalFile) -> Row:
    with file.open() as opened:
        content = opened.read()
    try:
        return {"path": file["path"], "content": content.decode("utf-8")}
    except UnicodeDecodeError:
        return {"path": file["path"], "content": base64.b64encode(content).decode("ascii"), "encoding": "base64"}


def _bytes(file: SkillFile) -> bytes:
    content = file["content"]
    if file.get("encoding") == "base64":
        return base64.b64decode(content)
    return content.encode("utf-8", "surrogatepass")


def _seen(file: SkillFile) -> StoredFile:
    """Return a stored file as a manifest sees it."""
    return StoredFile(file["path"], _bytes(file), None if file.get("encoding") == "base64" else file["content"])


def _text_of(row: SkillRow) -> str:
    return next((str(file["content"]) for file in row["files"] if file["path"] == MAIN), "")


def _wrong_files(files: Sequence[LocalFile]) -> Iterator[tuple[str, str]]:
    """Yield why the server does not keep these files, and what to do."""
    main = next((file for file in files if file["path"] == MAIN), None)
    if main is None:
        yield f"there is no `{MAIN}` among the files", "a skill is a folder with this file at its top"
    elif main["size"] <= _LARGEST and "encoding" in _as_sent(main):
        yield f"`{MAIN}` is not UTF-8 text", "save it as UTF-8"
    if len(files) > _MOST:
        yield f"there are {len(files):,} files, and a skill has at most {_MOST:,}", "leave some out"
    if large := [file["path"] for file in files if file["size"] > _LARGEST]:
        yield f"`{large[0]}` is larger than {_LARGEST >> 20} MiB", "leave it out"
    if sum(file["size"] for file in files) > _LARGEST_SKILL:
        yield f"the files have more than {_LARGEST_SKILL >> 20} MiB together", "leave some out"
