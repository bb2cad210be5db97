"""The dictionaries that methods of the two client classes return, as types.

All of them are ordinary dictionaries. Keys that are there only at times are `NotRequired`.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from owui_sync.client.shapes import Row


class Suggested(TypedDict):
    """What a model found for a chat, where it was asked for and found."""

    suggested_tags: NotRequired[list[str]]
    suggested_title: NotRequired[str]


class ChatResult(Suggested):
    """The result of `chat` and `stream_chat`.

    `problems` says in words what is wrong with an answer that did not fail: that a limit of tokens cut its end off.
    """

    response: str
    chat_id: str
    message_id: str
    sources: list[Row]
    follow_ups: NotRequired[list[str] | Any]  # None where a stream has none; who looks for the key need not ask again.
    problems: NotRequired[list[str]]


class ByModel(TypedDict):
    """Answers of several models to one question.

    A response is a `KeyedText`: a text that also answers `["content"]`, `["follow_ups"]`, `["message_id"]` and
    `["sources"]`. That of a model that failed is None, and `errors` says why; `problems` is as in `ChatResult`.
    """

    responses: dict[str, Any]
    message_ids: dict[str, str]
    sources: dict[str, list[Row]]
    errors: NotRequired[dict[str, str]]
    problems: NotRequired[dict[str, list[str]]]


class ParallelChatResult(ByModel, Suggested):
    """The result of `parallel_chat`."""

    chat_id: str
    follow_ups: NotRequired[dict[str, list[str]]]


class ConversationResult(Suggested):
    """The result of conversations that go on by themselves.

    An entry of the history has `round`, `question`, `chat_id` and `follow_ups`; and `response`, `message_id`,
    `sources` and where there are any `problems`, or with several models what `ByModel` has.
    """

    conversation_history: list[Row]
    total_rounds: int
    chat_id: str
    chat_title: str
    model_ids: NotRequired[list[str]]
    error: NotRequired[str]


class ResearchResult(TypedDict):
    """The result of `deep_research`.

    An entry of `findings` has `step`, `question`, `model`, `model_type`, `parent` (the step below which it was asked,
    or None), `finding`, `sources`, `message_id`, and `error` where there is no finding. `sources` are those of the
    report, each `number`, `name` and `url`; what it cited and nothing backs is in `removed_citations`. `partial` says
    why it is not all that was asked for, or is None, and `tokens` how many it took. `problems` says the same one by
    one, and whether the report cites none of its sources.

    An entry of the log is a `KeyedText`: one line that also answers the keys of `findings`.
    """

    topic: str
    chat_id: str
    chat_title: str
    research_log: list[Any]
    findings: list[Row]
    final_report: str
    sources: list[Row]
    removed_citations: list[str]
    total_steps_completed: int
    partial: str | None
    tokens: int
    problems: NotRequired[list[str]]


class TodoEntry(TypedDict):
    """An entry of a to-do list; `status` is `pending`, `in_progress` or `completed`."""

    task: str
    status: str


class TaskResult(TypedDict):
    """The result of `process_task` and `stream_process_task`.

    The history is a list of messages with `role` and `content`, or a text if a summary was asked for. `problems` says
    what went wrong meanwhile.
    """

    solution: str
    conversation_history: Any
    todo_list: list[TodoEntry]
    chat_id: str
    completed: bool
    missing_tools: NotRequired[list[str]]
    problems: NotRequired[list[str]]


class MetadataResult(Suggested):
    """The result of `update_chat_metadata`: what was changed."""

    updated: bool
    title: NotRequired[str]
    tags: NotRequired[list[str]]
    folder_name: NotRequired[str]


class ArchiveResult(TypedDict):
    """The result of `archive_chats_by_age`."""

    total_checked: int
    total_archived: int
    total_failed: int
    archived_chats: list[Row]
    failed_chats: list[Row]
    errors: list[str]


class PermissionsResult(TypedDict):
    """The result of `batch_update_model_permissions`: ids, and `{"model_id", "error"}` each."""

    success: list[str]
    failed: list[Row]
    skipped: list[str]


class BatchResult(TypedDict):
    """The result of `batch_create_prompts` (rows) and `batch_delete_prompts` (commands)."""

    success: list[Any]
    failed: list[Row]
    total: int


class KnowledgeBasesResult(TypedDict):
    """The result of `create_knowledge_bases_with_files`: names, and name -> what went wrong."""

    success: list[str]
    failed: dict[str, str]
