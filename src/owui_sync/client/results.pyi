"""Made from `client/results.py` by `make client`; do not edit."""

from typing import Any, Literal, overload

from _typeshed import SupportsKeysAndGetItem

from owui_sync.client.shapes import Row

class _Dictionary(dict[str, Any], SupportsKeysAndGetItem[str, Any]): ...

class Suggested(_Dictionary):
    def __init__(self, *, suggested_tags: list[str] = ..., suggested_title: str = ...) -> None: ...
    @overload
    def __getitem__(self, key: Literal["suggested_tags"], /) -> list[str]: ...
    @overload
    def __getitem__(self, key: Literal["suggested_title"], /) -> str: ...
    @overload
    def __getitem__(self, key: str, /) -> Any: ...

class ChatResult(Suggested):
    def __init__(
        self,
        *,
        suggested_tags: list[str] = ...,
        suggested_title: str = ...,
        response: str,
        chat_id: str,
        message_id: str,
        sources: list[Row],
        follow_ups: list[str] | Any = ...,
    ) -> None: ...
    @overload  # type: ignore[override]  # mypy wants the keys of each base in a row.
    def __getitem__(self, key: Literal["suggested_tags"], /) -> list[str]: ...
    @overload
    def __getitem__(self, key: Literal["suggested_title", "response", "chat_id", "message_id"], /) -> str: ...
    @overload
    def __getitem__(self, key: Literal["sources"], /) -> list[Row]: ...
    @overload
    def __getitem__(self, key: Literal["follow_ups"], /) -> list[str] | Any: ...
    @overload
    def __getitem__(self, key: str, /) -> Any: ...

class ByModel(_Dictionary):
    def __init__(
        self,
        *,
        responses: dict[str, Any],
        message_ids: dict[str, str],
        sources: dict[str, list[Row]],
        errors: dict[str, str] = ...,
    ) -> None: ...
    @overload
    def __getitem__(self, key: Literal["responses"], /) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, key: Literal["message_ids", "errors"], /) -> dict[str, str]: ...
    @overload
    def __getitem__(self, key: Literal["sources"], /) -> dict[str, list[Row]]: ...
    @overload
    def __getitem__(self, key: str, /) -> Any: ...

class ParallelChatResult(ByModel, Suggested):
    def __init__(
        self,
        *,
        responses: dict[str, Any],
        message_ids: dict[str, str],
        sources: dict[str, list[Row]],
        errors: dict[str, str] = ...,
        suggested_tags: list[str] = ...,
        suggested_title: str = ...,
        chat_id: str,
        follow_ups: dict[str, list[str]] = ...,
    ) -> None: ...
    @overload  # type: ignore[override]  # mypy wants the keys of each base in a row.
    def __getitem__(self, key: Literal["responses"], /) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, key: Literal["message_ids", "errors"], /) -> dict[str, str]: ...
    @overload
    def __getitem__(self, key: Literal["sources"], /) -> dict[str, list[Row]]: ...
    @overload
    def __getitem__(self, key: Literal["suggested_tags"], /) -> list[str]: ...
    @overload
    def __getitem__(self, key: Literal["suggested_title", "chat_id"], /) -> str: ...
    @overload
    def __getitem__(self, key: Literal["follow_ups"], /) -> dict[str, list[str]]: ...
    @overload
    def __getitem__(self, key: str, /) -> Any: ...

class ConversationResult(Suggested):
    def __init__(
        self,
        *,
        suggested_tags: list[str] = ...,
        suggested_title: str = ...,
        conversation_history: list[Row],
        total_rounds: int,
        chat_id: str,
        chat_title: str,
        model_ids: list[str] = ...,
        error: str = ...,
    ) -> None: ...
    @overload  # type: ignore[override]  # mypy wants the keys of each base in a row.
    def __getitem__(self, key: Literal["suggested_tags", "model_ids"], /) -> list[str]: ...
    @overload
    def __getitem__(self, key: Literal["suggested_title", "chat_id", "chat_title", "error"], /) -> str: ...
    @overload
    def __getitem__(self, key: Literal["conversation_history"], /) -> list[Row]: ...
    @overload
    def __getitem__(self, key: Literal["total_rounds"], /) -> int: ...
    @overload
    def __getitem__(self, key: str, /) -> Any: ...

class ResearchResult(_Dictionary):
    def __init__(
        self,
        *,
        topic: str,
        chat_id: str,
        chat_title: str,
        research_log: list[Any],
        findings: list[Row],
        final_report: str,
        sources: list[Row],
        removed_citations: list[str],
        total_steps_completed: int,
        partial: str | None,
        tokens: int,
    ) -> None: ...
    @overload
    def __getitem__(self, key: Literal["topic", "chat_id", "chat_title", "final_report"], /) -> str: ...
    @overload
    def __getitem__(self, key: Literal["research_log"], /) -> list[Any]: ...
    @overload
    def __getitem__(self, key: Literal["findings", "sources"], /) -> list[Row]: ...
    @overload
    def __getitem__(self, key: Literal["removed_citations"], /) -> list[str]: ...
    @overload
    def __getitem__(self, key: Literal["total_steps_completed", "tokens"], /) -> int: ...
    @overload
    def __getitem__(self, key: Literal["partial"], /) -> str | None: ...
    @overload
    def __getitem__(self, key: str, /) -> Any: ...

class TodoEntry(_Dictionary):
    def __init__(self, *, task: str, status: str) -> None: ...
    @overload
    def __getitem__(self, key: Literal["task", "status"], /) -> str: ...
    @overload
    def __getitem__(self, key: str, /) -> Any: ...

class TaskResult(_Dictionary):
    def __init__(
        self,
        *,
        solution: str,
        conversation_history: Any,
        todo_list: list[Row],
        chat_id: str,
        completed: bool,
        missing_tools: list[str] = ...,
        problems: list[str] = ...,
    ) -> None: ...
    @overload
    def __getitem__(self, key: Literal["solution", "chat_id"], /) -> str: ...
    @overload
    def __getitem__(self, key: Literal["conversation_history"], /) -> Any: ...
    @overload
    def __getitem__(self, key: Literal["todo_list"], /) -> list[Row]: ...
    @overload
    def __getitem__(self, key: Literal["completed"], /) -> bool: ...
    @overload
    def __getitem__(self, key: Literal["missing_tools", "problems"], /) -> list[str]: ...
    @overload
    def __getitem__(self, key: str, /) -> Any: ...

class MetadataResult(Suggested):
    def __init__(
        self,
        *,
        suggested_tags: list[str] = ...,
        suggested_title: str = ...,
        updated: bool,
        title: str = ...,
        tags: list[str] = ...,
        folder_name: str = ...,
    ) -> None: ...
    @overload  # type: ignore[override]  # mypy wants the keys of each base in a row.
    def __getitem__(self, key: Literal["suggested_tags", "tags"], /) -> list[str]: ...
    @overload
    def __getitem__(self, key: Literal["suggested_title", "title", "folder_name"], /) -> str: ...
    @overload
    def __getitem__(self, key: Literal["updated"], /) -> bool: ...
    @overload
    def __getitem__(self, key: str, /) -> Any: ...

class ArchiveResult(_Dictionary):
    def __init__(
        self,
        *,
        total_checked: int,
        total_archived: int,
        total_failed: int,
        archived_chats: list[Row],
        failed_chats: list[Row],
        errors: list[str],
    ) -> None: ...
    @overload
    def __getitem__(self, key: Literal["total_checked", "total_archived", "total_failed"], /) -> int: ...
    @overload
    def __getitem__(self, key: Literal["archived_chats", "failed_chats"], /) -> list[Row]: ...
    @overload
    def __getitem__(self, key: Literal["errors"], /) -> list[str]: ...
    @overload
    def __getitem__(self, key: str, /) -> Any: ...

class PermissionsResult(_Dictionary):
    def __init__(self, *, success: list[str], failed: list[Row], skipped: list[str]) -> None: ...
    @overload
    def __getitem__(self, key: Literal["success", "skipped"], /) -> list[str]: ...
    @overload
    def __getitem__(self, key: Literal["failed"], /) -> list[Row]: ...
    @overload
    def __getitem__(self, key: str, /) -> Any: ...

class BatchResult(_Dictionary):
    def __init__(self, *, success: list[Any], failed: list[Row], total: int) -> None: ...
    @overload
    def __getitem__(self, key: Literal["success"], /) -> list[Any]: ...
    @overload
    def __getitem__(self, key: Literal["failed"], /) -> list[Row]: ...
    @overload
    def __getitem__(self, key: Literal["total"], /) -> int: ...
    @overload
    def __getitem__(self, key: str, /) -> Any: ...

class KnowledgeBasesResult(_Dictionary):
    def __init__(self, *, success: list[str], failed: dict[str, str]) -> None: ...
    @overload
    def __getitem__(self, key: Literal["success"], /) -> list[str]: ...
    @overload
    def __getitem__(self, key: Literal["failed"], /) -> dict[str, str]: ...
    @overload
    def __getitem__(self, key: str, /) -> Any: ...
