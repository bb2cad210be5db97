"""Made from `client/facade/chats.py` by `make client`; do not edit."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

from owui_sync.client.call_time import Timeout
from owui_sync.client.results import ChatResult, ParallelChatResult
from owui_sync.client.sync.base import Base


class Chats(Base):
    """Asking models in stored chats, which open in the web page as if they had been typed there."""

    def chat(
        self,
        question: str,
        chat_title: str,
        model_id: str | None = None,
        folder_name: str | None = None,
        image_paths: Sequence[str | Path] | None = None,
        tags: list[str] | None = None,
        rag_files: Sequence[str | Path] | None = None,
        rag_collections: list[str] | None = None,
        tool_ids: list[str] | None = None,
        enable_follow_up: bool = False,
        enable_auto_tagging: bool = False,
        enable_auto_titling: bool = False,
        *,
        timeout: Timeout = None,
    ) -> ChatResult | None:
        """Ask one model in a stored chat.

        Args:
            question: what to ask.
            chat_title: the title of the chat; the newest one of that title is continued, else one is made.
            model_id: the model; the default one if not given.
            folder_name: the folder that the chat lies in; made if it is not there.
            image_paths: PNG, JPEG, GIF or WebP files, or URLs.
            tags: tags that the chat gets.
            rag_files: files to answer from; uploaded first.
            rag_collections: names or ids of knowledge bases to answer from.
            tool_ids: tools of the server that the model may call.
            enable_follow_up: let a model propose questions that might follow.
            enable_auto_tagging: let a model find tags.
            enable_auto_titling: let a model find another title.

        Returns:
            `response`, `chat_id`, `message_id`, `sources`; `follow_ups`, `suggested_tags` and `suggested_title` where
            they were asked for and found. None on failure: something is not there, or the answer is not whole.
        """
        return self._run(
            self._async.chat(
                question,
                chat_title,
                model_id,
                folder_name,
                image_paths,
                tags,
                rag_files,
                rag_collections,
                tool_ids,
                enable_follow_up,
                enable_auto_tagging,
                enable_auto_titling,
                timeout=timeout,
            )
        )

    def stream_chat(
        self,
        question: str,
        chat_title: str,
        model_id: str | None = None,
        folder_name: str | None = None,
        image_paths: Sequence[str | Path] | None = None,
        tags: list[str] | None = None,
        rag_files: Sequence[str | Path] | None = None,
        rag_collections: list[str] | None = None,
        tool_ids: list[str] | None = None,
        enable_follow_up: bool = False,
        cleanup_placeholder_messages: bool = False,
        placeholder_pool_size: int = 30,
        min_available_messages: int = 10,
        wait_before_request: float = 10.0,
        enable_auto_tagging: bool = False,
        enable_auto_titling: bool = False,
        *,
        timeout: Timeout = None,
    ) -> Generator[str, None, ChatResult | None]:
        """Ask one model in a stored chat, and get the text while it is written.

        The parameters are those of `chat`; tools are described to the model in the prompt. The four about placeholders
        and waiting are accepted and not needed.

        Returns:
            Pieces of the text; the result is that of `chat`. What was cut off gives the pieces that came, and fails.
        """
        return (
            yield from self._stream(
                self._async.stream_chat(
                    question,
                    chat_title,
                    model_id,
                    folder_name,
                    image_paths,
                    tags,
                    rag_files,
                    rag_collections,
                    tool_ids,
                    enable_follow_up,
                    cleanup_placeholder_messages,
                    placeholder_pool_size,
                    min_available_messages,
                    wait_before_request,
                    enable_auto_tagging,
                    enable_auto_titling,
                    timeout=timeout,
                )
            )
        )

    def parallel_chat(
        self,
        question: str,
        chat_title: str,
        model_ids: list[str],
        folder_name: str | None = None,
        image_paths: Sequence[str | Path] | None = None,
        tags: list[str] | None = None,
        rag_files: Sequence[str | Path] | None = None,
        rag_collections: list[str] | None = None,
        tool_ids: list[str] | None = None,
        enable_follow_up: bool = False,
        enable_auto_tagging: bool = False,
        enable_auto_titling: bool = False,
        *,
        timeout: Timeout = None,
    ) -> ParallelChatResult | None:
        """Ask several models the same at the same time; the page shows their answers side by side.

        Args:
            question: what to ask.
            chat_title: the title of the chat; the newest one of that title is continued, else one is made.
            model_ids: the models.
            folder_name: the folder that the chat lies in; made if it is not there.
            image_paths: PNG, JPEG, GIF or WebP files, or URLs.
            tags: tags that the chat gets.
            rag_files: files to answer from; uploaded first.
            rag_collections: names or ids of knowledge bases to answer from.
            tool_ids: tools of the server that the models may call.
            enable_follow_up: let a model propose questions that might follow.
            enable_auto_tagging: let a model find tags.
            enable_auto_titling: let a model find another title.

        Returns:
            `responses` and `message_ids` by model, `chat_id`; `sources` and `follow_ups` by model, `suggested_tags` and
            `suggested_title` where there are any. A response is a text that also answers `["content"]`,
            `["follow_ups"]`, `["message_id"]`, `["sources"]` and `.get`. That of a model that failed is None, and
            `errors` says why. None when all failed, or something is not there.
        """
        return self._run(
            self._async.parallel_chat(
                question,
                chat_title,
                model_ids,
                folder_name,
                image_paths,
                tags,
                rag_files,
                rag_collections,
                tool_ids,
                enable_follow_up,
                enable_auto_tagging,
                enable_auto_titling,
                timeout=timeout,
            )
        )
