"""Prompts: texts that a user inserts by typing `/command`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from owui_sync.client.api import prompts
from owui_sync.client.api.prompts import PromptRow
from owui_sync.client.capabilities import Feature
from owui_sync.client.reader import Reader
from owui_sync.client.writer import Writer
from owui_sync.kinds import access
from owui_sync.kinds.fields import flag, key_schema, text, texts, unordered
from owui_sync.kinds.lifecycle import Lifecycle, Visibility
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.rows import Row, set_among
from owui_sync.kinds.shared import Routes, SharedKind
from owui_sync.kinds.write import WriteRequest

_SINCE = str(Feature.PROMPT_IDS.since)


class Prompt(SharedKind[PromptRow]):
    name = "prompt"
    section = "prompts"
    summary = "Prompts that users insert into a chat by typing a slash and the command."
    key = key_schema(
        "The command, without the slash.",
        "triage",
        pattern=r"^[^/\s]\S*$",
        error="a command has no blanks, and is written without the slash",
    )
    fields = (
        text("name", "Title in lists. Default: the command.", "Ticket triage", least=1, defaults_to_key=True),
        text(
            "content",
            "The text, kept byte for byte; `{{variables}}` are the server's own.",
            "Sort this ticket: {{ticket}}",
            required=True,
        ),
        texts("tags", "Tags; their order means nothing.", "support", since=_SINCE),
        flag("active", "Whether users see it. Default: true.", default=True, since=_SINCE),
        access.FIELD,
    )
    routes: ClassVar[Routes] = prompts
    lifecycle = Lifecycle(visibility=Visibility.READABLE, rename_since="0.8.0")
    separate = frozenset({"active"})

    def unsaid(self, row: PromptRow) -> Iterable[str]:
        return set_among(row, "data", "meta")

    def identity(self, row: PromptRow) -> tuple[str, str]:
        return row["command"], row["id"]

    async def read(self, reader: Reader) -> list[PromptRow]:
        """Read all with two requests while every prompt is active.

        One more for each page that has to be searched for others.

        One before 0.8.0, which knows no inactive prompts.
        """
        return await prompts.list_all(reader)

    def live(self, row: PromptRow, names: IdIndex) -> ObservedResource:
        values = {
            "name": row["name"],
            "content": row["content"],
            "tags": unordered(row.get("tags") or []),
            "active": row.get("is_active", True),
            "access": access.of_row(row, names),
        }
        return ObservedResource(self.name, *self.identity(row), values, row)

    def body(self, row: PromptRow, write: WriteRequest) -> Row:
        return {
            "command": write.key,
            "name": write.get("name", row.get("name", write.key)),
            "content": write.get("content", row.get("content", "")),
            "tags": write.get("tags", row.get("tags") or []),
            "commit_message": write.message,
            "is_production": True,
        }

    async def complete(
        self, writer: Writer, row: PromptRow, write: WriteRequest, before: ObservedResource | None
    ) -> PromptRow:
        """Switch it on or off with a request of its own: creating and updating ignore whether it is active."""
        active = row.get("is_active", True)
        return row if write.get("active", active) == active else await prompts.toggle(writer, row["id"])
