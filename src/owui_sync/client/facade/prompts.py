"""Prompts: texts that users call by a command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from owui_sync.client import access
from owui_sync.client.api import prompts
from owui_sync.client.api.prompts import PromptRow
from owui_sync.client.call_time import Timeout
from owui_sync.client.capabilities import Feature, can
from owui_sync.client.errors import Missing, WrongType, WrongValue
from owui_sync.client.facade import variables as texts
from owui_sync.client.facade.access import Access, grants_of
from owui_sync.client.facade.base import Base
from owui_sync.client.facade.failures import checking, for_programs, otherwise, typed
from owui_sync.client.reader import Reader
from owui_sync.client.results import BatchResult
from owui_sync.client.shapes import Row
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError

_NEEDED = ("command", "title", "content")


class Prompts(Base):
    """Prompts: texts that users call by a command.

    A command may be given with and without the slash in front of it. Rows have both `title` and `name`, and `command`
    as the server keeps it: before Open WebUI 0.8.0 with a slash.
    """

    @otherwise(None)
    async def get_prompts(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return all prompts that the user may see, inactive ones too.

        Returns:
            Rows with `command`, `title`, `name`, `content` and more; None on failure.
        """
        return await _all(self._writer)

    @otherwise(None)
    async def get_prompts_list(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return all prompts that the user may see, each with its owner.

        Returns:
            Rows as those of `get_prompts`, with `user`; None on failure.
        """
        return await _shown(self._writer, await prompts.with_users(self._writer))

    @otherwise(None)
    async def create_prompt(
        self, command: str, title: str, content: str, access_control: Access | None = None, *, timeout: Timeout = None
    ) -> dict[str, Any] | None:
        """Make a prompt.

        Args:
            command: what users call it by.
            title: the name that users see.
            content: its text.
            access_control: who may use and change it: `"public"`, `"private"`, or
                `{"read": {"group_ids": [...], "user_ids": [...]}, "write": {...}}`; without it, only the user.

        Returns:
            The row of the new prompt; None on failure, also when the command is taken.
        """
        return await _create(self._writer, command, title, content, grants_of(access_control or "private"))

    @otherwise(None, lookup=True)
    async def get_prompt_by_command(self, command: str, *, timeout: Timeout = None) -> dict[str, Any] | None:
        """Return one prompt.

        Returns:
            The row; None on failure, and when there is no such prompt.
        """
        return await _by_command(self._writer, command)

    @otherwise(None)
    async def update_prompt_by_command(
        self,
        command: str,
        title: str | None = None,
        content: str | None = None,
        access_control: Access | None = None,
        *,
        timeout: Timeout = None,
    ) -> dict[str, Any] | None:
        """Change a prompt, but not its command. What is None stays as it is.

        Args:
            command: what users call it by.
            title: the name that users see.
            content: its text.
            access_control: who may use and change it, as in `create_prompt`.

        Returns:
            The row afterwards; None on failure, and when there is no such prompt.
        """
        row = await _by_command(self._writer, command)
        grants = access.rows_of(row) if access_control is None else grants_of(access_control)
        return await _update(self._writer, row, row["command"], title, content, grants)

    @otherwise(None)
    async def replace_prompt_by_command(
        self,
        old_command: str,
        new_command: str,
        title: str,
        content: str,
        access_control: Access | None = None,
        *,
        timeout: Timeout = None,
    ) -> dict[str, Any] | None:
        """Give a prompt another command, title and text.

        It stays the same prompt, with its history; before Open WebUI 0.8.0 a new one is made, and then the old one
        deleted.

        Args:
            old_command: what users call it by now.
            new_command: what they are to call it by.
            title: the name that users see.
            content: its text.
            access_control: who may use and change it, as in `create_prompt`; None keeps it.

        Returns:
            The row afterwards; None on failure, also when there is no such prompt, or the new command is taken. The old
            prompt is there unchanged then.
        """
        writer = self._writer
        row = await _by_command(writer, old_command)
        grants = access.rows_of(row) if access_control is None else grants_of(access_control)
        if await can(writer, Feature.PROMPT_IDS) or _bare(new_command) == _bare(row["command"]):
            return await _update(writer, row, _bare(new_command), title, content, grants)
        new = await _create(writer, new_command, title, content, grants)
        await prompts.delete(writer, row["id"])
        return new

    @otherwise(False)
    async def delete_prompt_by_command(self, command: str, *, timeout: Timeout = None) -> bool:
        """Delete a prompt.

        Returns:
            True when it was deleted; False on failure, and when there is no such prompt.
        """
        await prompts.delete(self._writer, (await _by_command(self._writer, command))["id"])
        return True

    @otherwise([])
    async def search_prompts(
        self,
        query: str | None = None,
        by_command: bool = False,
        by_title: bool = True,
        by_content: bool = False,
        *,
        timeout: Timeout = None,
    ) -> list[dict[str, Any]]:
        """Return the prompts that have a text in their command, title or content, in upper or lower case.

        Args:
            query: the text; None for all prompts.
            by_command: look into commands.
            by_title: look into titles.
            by_content: look into the texts.

        Returns:
            Rows as those of `get_prompts`; an empty list on failure.
        """
        keys = [
            key for key, wanted in (("command", by_command), ("title", by_title), ("content", by_content)) if wanted
        ]
        word = (query or "").casefold()
        rows = await _all(self._writer)
        return [row for row in rows if not word or any(word in str(row[key]).casefold() for key in keys)]

    @typed
    def extract_variables(self, content: str) -> list[str]:
        """Return the names of the variables in a text (`{{name}}`, `{{name | type}}`), in their order."""
        return texts.names_in(content)

    @typed
    def substitute_variables(
        self, content: str, variables: dict[str, Any], system_variables: dict[str, Any] | None = None
    ) -> str:
        """Put values in place of the variables of a text.

        Args:
            content: the text.
            variables: name -> value, put in literally.
            system_variables: more of them, such as `get_system_variables` gives; those of `variables` come first.

        Returns:
            The text; variables without a value stay in it as they are.
        """
        return texts.put_into(content, {**(system_variables or {}), **variables})

    def get_system_variables(self) -> dict[str, str]:
        """Return date and time of this machine under the names that Open WebUI has for them, such as `CURRENT_DATE`."""
        return texts.of_now()

    @checking
    async def batch_create_prompts(
        self, prompts_data: list[dict[str, Any]], continue_on_error: bool = True, *, timeout: Timeout = None
    ) -> BatchResult:
        """Make many prompts.

        Args:
            prompts_data: each with the parameters of `create_prompt`.
            continue_on_error: whether to go on after one that failed.

        Returns:
            `success`: rows of the new prompts; `failed`: `{"data", "error"}` each; `total`: how many were given.
        """
        writer = self._writer

        async def create(data: Mapping[str, Any]) -> Row:
            if missing := [key for key in _NEEDED if key not in data]:
                raise WrongValue(f"a prompt without {', '.join(missing)}")
            if wrong := [key for key in _NEEDED if not isinstance(data[key], str)]:
                raise WrongType(f"{', '.join(wrong)} of a prompt has to be a text")
            grants = grants_of(data.get("access_control") or "private")
            return await _create(writer, data["command"], data["title"], data["content"], grants)

        return await self._one_by_one(prompts_data, create, "data", continue_on_error)

    @checking
    async def batch_delete_prompts(
        self, commands: list[str], continue_on_error: bool = True, *, timeout: Timeout = None
    ) -> BatchResult:
        """Delete many prompts.

        Args:
            commands: what users call them by.
            continue_on_error: whether to go on after one that failed.

        Returns:
            `success`: commands, as they were given; `failed`: `{"command", "error"}` each; `total`: how many there
            were.
        """
        writer = self._writer
        rows: list[Row] = []

        async def delete(command: str) -> str:
            if not rows:
                rows.extend(await _all(writer))
            await prompts.delete(writer, _found(rows, command)["id"])
            return command

        return await self._one_by_one(commands, delete, "command", continue_on_error)

    async def _one_by_one(
        self, items: Sequence[Any], work: Callable[[Any], Awaitable[Any]], name: str, continue_on_error: bool
    ) -> BatchResult:
        result = BatchResult(success=[], failed=[], total=len(items))
        for item in items:
            try:
                result["success"].append(await work(item))
            except OwuiSyncError as error:
                result["failed"].append({name: item, "error": str(for_programs(error))})
                if not continue_on_error:
                    break
        return result


async def _all(reader: Reader) -> list[Row]:
    return await _shown(reader, await prompts.list_all(reader))


async def _shown(reader: Reader, rows: Iterable[PromptRow]) -> list[Row]:
    """Return rows with the names of today and of before."""
    slash = "" if await can(reader, Feature.PROMPT_IDS) else "/"
    return [{**row, "title": row["name"], "command": slash + row["command"]} for row in rows]


async def _by_command(reader: Reader, command: str) -> Row:
    return _found(await _all(reader), command)


def _found(rows: Sequence[Row], command: str) -> Row:
    """Return the prompt with just that command, or else one that differs by the slash."""
    by_command = {row["command"]: row for row in rows}
    for form in (command, _bare(command), f"/{_bare(command)}"):
        if form in by_command:
            return by_command[form]
    raise Missing("prompt", command, "/api/v1/prompts/", sorted(by_command))


def _bare(command: str) -> str:
    return command.removeprefix("/")


async def _create(writer: Writer, command: str, title: str, content: str, grants: list[Row]) -> Row:
    body = {"command": _bare(command), "name": title, "content": content, **await access.part(writer, grants)}
    return await _settled(writer, await prompts.create(writer, body), grants)


async def _update(
    writer: Writer, row: Row, command: str, title: str | None, content: str | None, grants: list[Row]
) -> Row:
    new = await can(writer, Feature.PROMPT_IDS)
    body = {
        "command": command if new else _bare(command),
        "name": row["name"] if title is None else title,
        "content": row["content"] if content is None else content,
        **{key: row[key] for key in ("tags", "data", "meta") if row.get(key) is not None},
        **await access.part(writer, grants),
    }
    return await _settled(writer, await prompts.update(writer, row["id"], body), grants)


async def _settled(writer: Writer, row: PromptRow, grants: list[Row]) -> Row:
    row = await access.settle(row, grants, lambda rows: prompts.set_access(writer, row["id"], rows))
    [shown] = await _shown(writer, [row])
    return shown
