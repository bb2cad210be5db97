"""Chats as things to keep in order: names, tags, models, the archive."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from owui_sync.client.api import chats, completions, folders, tasks
from owui_sync.client.api.chats import ChatRow, ChatTitleRow
from owui_sync.client.call_time import Timeout
from owui_sync.client.chat.find import folder_by_name, folder_for
from owui_sync.client.chat.history import conversation, messages_of, path_to
from owui_sync.client.concurrency import each
from owui_sync.client.errors import Missing, WrongValue
from owui_sync.client.facade.base import Base
from owui_sync.client.facade.failures import checking, failed, for_programs, otherwise
from owui_sync.client.reader import Reader
from owui_sync.client.results import ArchiveResult, MetadataResult
from owui_sync.client.shapes import Row
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError

log = logging.getLogger("owui_sync.client")

_DAY = 86_400
_AT_A_TIME = 4


class NothingGenerated(OwuiSyncError):
    """No model made the title or the tags that were asked for."""


class ChatManagement(Base):
    """Chats as things to keep in order: names, tags, models, the archive."""

    @otherwise(False)
    async def rename_chat(self, chat_id: str, new_title: str, *, timeout: Timeout = None) -> bool:
        """Give a chat another title.

        Returns:
            True when it has the title now; False on failure, and when there is no such chat.
        """
        return bool((await chats.update(self._writer, chat_id, {"title": new_title}))["title"] == new_title)

    @otherwise(False)
    async def set_chat_tags(self, chat_id: str, tags: list[str] | None, *, timeout: Timeout = None) -> bool:
        """Give a chat exactly these tags.

        Args:
            chat_id: the chat.
            tags: the server takes names for the same that differ by case, or by blank and `_`. An empty list, or
                None, changes nothing; `update_chat_metadata` with an empty list takes all tags away.

        Returns:
            True when the chat has these tags now; False on failure, and when there is no such chat.
        """
        if tags:
            await _set_tags(self._writer, chat_id, tags)
        return True

    @otherwise(None, lenient=("chat_id",))
    async def update_chat_metadata(
        self,
        chat_id: str,
        regenerate_tags: bool = False,
        regenerate_title: bool = False,
        title: str | None = None,
        tags: list[str] | None = None,
        folder_name: str | None = None,
        *,
        timeout: Timeout = None,
    ) -> MetadataResult | None:
        """Give a chat another title, other tags, another folder.

        Args:
            chat_id: the chat.
            regenerate_tags: let a model find tags, unless `tags` are given.
            regenerate_title: let a model find a title, unless there is a `title`.
            title: the title.
            tags: exactly the tags that it is to have.
            folder_name: the folder that it is to lie in, which is made at the top if there is none of that name.

        Returns:
            `updated` (True), and what was changed: `suggested_title` and `suggested_tags` from a model, `title`,
            `tags`, `folder_name`. What a model did not make is left out. None on failure, when there is no such chat,
            when nothing was asked for, and when a model made nothing of it.
        """
        if not (regenerate_tags or regenerate_title or title is not None or tags is not None or folder_name):
            raise WrongValue(
                "nothing is to be updated", hint="pass a title, tags, a folder_name, or what to regenerate"
            )
        writer = self._writer
        row = await chats.get(writer, chat_id)
        suggested_title, suggested_tags = await self._suggested(
            row, regenerate_title and title is None, regenerate_tags and tags is None
        )
        changed = MetadataResult(updated=True)
        if suggested_title is not None:
            changed["suggested_title"] = suggested_title
        if suggested_tags is not None:
            changed["suggested_tags"] = suggested_tags
        if (new_title := suggested_title if title is None else title) is not None:
            await chats.update(writer, chat_id, {"title": new_title})
            changed["title"] = new_title
        if (new_tags := suggested_tags if tags is None else tags) is not None:
            await _set_tags(writer, chat_id, new_tags)
            changed["tags"] = list(new_tags)
        if folder_name:
            await chats.move(writer, chat_id, await folder_for(writer, folder_name))
            changed["folder_name"] = folder_name
        if len(changed) == 1:
            raise NothingGenerated("no model made what was asked for", hint=_GENERATION)
        return changed

    @otherwise(False, lenient=("chat_id", "model_ids"))
    async def switch_chat_model(self, chat_id: str, model_ids: str | list[str], *, timeout: Timeout = None) -> bool:
        """Let other models answer in a chat from now on.

        Args:
            chat_id: the chat.
            model_ids: one model, or several that answer side by side.

        Returns:
            True when the chat has these models now; False on failure, and when there is no such chat or model.
        """
        wanted, writer = [model_ids] if isinstance(model_ids, str) else model_ids, self._writer
        known = [row["id"] for row in await completions.models(writer)]
        for model in wanted:
            if model not in known:
                raise Missing("model", model, "/api/models", known)
        row = await chats.update(writer, chat_id, {"models": wanted})
        self.model_id = wanted[0]
        return bool(row["chat"]["models"] == wanted)

    @otherwise(None)
    async def list_chats(self, page: int | None = None, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return the chats of the user, newest change first; those in folders and pinned ones too, archived ones not.

        Args:
            page: one page of 60, counted from 1; None for all.

        Returns:
            Rows with `id`, `title`, `created_at`, `updated_at` (seconds since 1970); None on failure.
        """
        rows = await (chats.titles(self._writer) if page is None else chats.page(self._writer, page))
        return [{**row} for row in rows]

    @otherwise(False)
    async def archive_chat(self, chat_id: str, *, timeout: Timeout = None) -> bool:
        """Put a chat into the archive; that takes it out of its folder.

        Returns:
            True when it is archived now, also when it was before; False on failure, and when there is no such chat.
        """
        row = await chats.get(self._writer, chat_id)
        return bool(row.get("archived")) or await chats.archive(self._writer, chat_id)

    @checking
    async def archive_chats_by_age(
        self,
        days_since_update: float = 30,
        folder_name: str | None = None,
        dry_run: bool = False,
        *,
        timeout: Timeout = None,
    ) -> ArchiveResult:
        """Put chats into the archive that nothing was written to for a long time. Pinned chats stay where they are.

        Args:
            days_since_update: days since the last change, by the server's clock.
            folder_name: only chats of this folder, without those of folders below it; None for chats in no folder.
            dry_run: only tell which chats they are.

        Returns:
            `total_checked`, `total_archived`, `total_failed`; `archived_chats`: `{"id", "title", "updated_at"}` each
            (with `dry_run`, those that would be archived); `failed_chats`: the same with `error`; `errors`: texts.
        """
        archived: Sequence[ChatTitleRow] = []
        failures: Sequence[tuple[ChatTitleRow, str]] = []
        rows: Sequence[ChatTitleRow] = []
        errors: list[str] = []
        try:
            rows = await _candidates(self._writer, folder_name)
            last = self._writer.server_time() - days_since_update * _DAY
            old = [row for row in rows if row["updated_at"] <= last]
            archived, failures = (old, []) if dry_run else await _archive_all(self._writer, old)
        except OwuiSyncError as error:
            errors = failed(self, "archive_chats_by_age", error, [str(for_programs(error))])
        return ArchiveResult(
            total_checked=len(rows),
            total_archived=len(archived),
            total_failed=len(failures),
            archived_chats=[_brief(row) for row in archived],
            failed_chats=[{**_brief(row), "error": error} for row, error in failures],
            errors=errors + [error for _, error in failures],
        )

    @otherwise(False)
    async def delete_all_chats(self, *, timeout: Timeout = None) -> bool:
        """Delete ALL chats of the user, archived ones too. They cannot be brought back.

        Returns:
            True when they were deleted, False on failure.
        """
        await chats.delete_all(self._writer)
        return True

    async def _suggested(self, row: ChatRow, title: bool, tags: bool) -> tuple[str | None, list[str] | None]:
        """Return a title and tags for a chat, by a model that answers in it."""
        if not (title or tags):
            return None, None
        document = row["chat"]
        path = path_to(messages_of(row), (document.get("history") or {}).get("currentId"))
        talk = conversation(path)
        # A server that has just started knows no models until it is asked for them.
        known = {found["id"] for found in await completions.models(self._writer)}
        model = self._model(self.task_model or next((id for id in document.get("models") or () if id in known), None))
        found_title = await tasks.title(self._writer, model, talk, row["id"]) if title else None
        found_tags = await tasks.tags(self._writer, model, talk, row["id"]) if tags else None
        for what, wanted, found in (("title", title, found_title), ("tags", tags, found_tags)):
            if wanted and not found:
                log.warning("update_chat_metadata: %s made no %s", model, what)
        return found_title, found_tags


_GENERATION = "is the generation of titles and tags switched on in the settings of the server (Interface > Tasks)?"


async def _set_tags(writer: Writer, chat_id: str, names: Sequence[str]) -> None:
    wanted = {chats.tag_id(name): name for name in names}
    if not all(id.strip("_") and id != "none" for id in wanted):
        raise WrongValue("tags has a tag that the server does not keep", hint="a tag cannot be empty or `none`")
    there = {row["id"] for row in await chats.tags(writer, chat_id)}
    for id in there - wanted.keys():
        await chats.remove_tag(writer, chat_id, id)
    for id, name in wanted.items():
        if id not in there:
            await chats.add_tag(writer, chat_id, name)


async def _candidates(reader: Reader, folder_name: str | None) -> Sequence[ChatTitleRow]:
    if folder_name is None:
        return await chats.unfiled(reader)
    folder_id = await folder_by_name(reader, folder_name)
    if folder_id is None:
        raise Missing("folder", folder_name, "/api/v1/folders/", [row["name"] for row in await folders.own(reader)])
    return [row for row in await chats.in_folder(reader, folder_id) if row.get("folder_id") == folder_id]


_Archived = tuple[list[ChatTitleRow], list[tuple[ChatTitleRow, str]]]


async def _archive_all(writer: Writer, rows: Sequence[ChatTitleRow]) -> _Archived:
    """Return the chats that are archived now, and those that are not, with the reason."""

    async def archive(row: ChatTitleRow) -> str | None:
        try:
            return None if await chats.archive(writer, row["id"]) else "it is not archived"
        except OwuiSyncError as error:
            return str(for_programs(error))

    errors = await each(archive, rows, _AT_A_TIME)
    pairs = list(zip(rows, errors, strict=True))
    return [row for row, error in pairs if not error], [(row, error) for row, error in pairs if error]


def _brief(row: ChatTitleRow) -> Row:
    return {"id": row["id"], "title": row["title"], "updated_at": row["updated_at"]}
