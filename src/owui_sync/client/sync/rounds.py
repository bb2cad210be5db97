"""Made from `client/facade/rounds.py` by `make client`; do not edit."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

from owui_sync.client.call_time import Timeout
from owui_sync.client.results import ConversationResult
from owui_sync.client.sync.base import Base


class Rounds(Base):
    """Conversations that go on by themselves: each next question is one that a model proposes."""

    def continuous_chat(
        self,
        initial_question: str,
        num_questions: int,
        chat_title: str,
        model_id: str | None = None,
        folder_name: str | None = None,
        image_paths: Sequence[str | Path] | None = None,
        tags: list[str] | None = None,
        rag_files: Sequence[str | Path] | None = None,
        rag_collections: list[str] | None = None,
        tool_ids: list[str] | None = None,
        enable_auto_tagging: bool = False,
        enable_auto_titling: bool = False,
        *,
        timeout: Timeout = None,
    ) -> ConversationResult | None:
        """Ask one model again and again, each time a question that a model proposes after the answer before.

        Args:
            initial_question: the first question.
            num_questions: how many questions to ask, the first one included.
            chat_title: the title of the chat; the newest one of that title is continued, else one is made.
            model_id: the model; the default one if not given.
            folder_name: the folder that the chat lies in; made if it is not there.
            image_paths: PNG, JPEG, GIF or WebP files, or URLs, given with the first question.
            tags: tags that the chat gets.
            rag_files: files to answer from; uploaded first.
            rag_collections: names or ids of knowledge bases to answer from.
            tool_ids: tools of the server that the model may call.
            enable_auto_tagging: let a model find tags.
            enable_auto_titling: let a model find another title.

        Returns:
            `conversation_history` (one entry a round: `round`, `question`, `response`, `chat_id`, `message_id`,
            `sources`, `follow_ups`), `total_rounds`, `chat_id`, `chat_title`. When a later round fails it has those
            before, and `error`. None when the first round fails, or something is not there.
        """
        return self._run(
            self._async.continuous_chat(
                initial_question,
                num_questions,
                chat_title,
                model_id,
                folder_name,
                image_paths,
                tags,
                rag_files,
                rag_collections,
                tool_ids,
                enable_auto_tagging,
                enable_auto_titling,
                timeout=timeout,
            )
        )

    def continuous_parallel_chat(
        self,
        initial_question: str,
        num_questions: int,
        chat_title: str,
        model_ids: list[str],
        folder_name: str | None = None,
        image_paths: Sequence[str | Path] | None = None,
        tags: list[str] | None = None,
        rag_files: Sequence[str | Path] | None = None,
        rag_collections: list[str] | None = None,
        tool_ids: list[str] | None = None,
        enable_auto_tagging: bool = False,
        enable_auto_titling: bool = False,
        *,
        timeout: Timeout = None,
    ) -> ConversationResult | None:
        """Ask several models again and again, each time a question that a model proposes after the answers before.

        Each round follows the answer of the first model that gave one, for all models, as in the web page.

        Args:
            initial_question: the first question.
            num_questions: how many questions to ask, the first one included.
            chat_title: the title of the chat; the newest one of that title is continued, else one is made.
            model_ids: the models.
            folder_name: the folder that the chat lies in; made if it is not there.
            image_paths: PNG, JPEG, GIF or WebP files, or URLs, given with the first question.
            tags: tags that the chat gets.
            rag_files: files to answer from; uploaded first.
            rag_collections: names or ids of knowledge bases to answer from.
            tool_ids: tools of the server that the models may call.
            enable_auto_tagging: let a model find tags.
            enable_auto_titling: let a model find another title.

        Returns:
            As `continuous_chat`, and `model_ids`; each entry has `responses`, `message_ids` and `sources` by model, as
            in `parallel_chat`, and `errors` where a model failed.
        """
        return self._run(
            self._async.continuous_parallel_chat(
                initial_question,
                num_questions,
                chat_title,
                model_ids,
                folder_name,
                image_paths,
                tags,
                rag_files,
                rag_collections,
                tool_ids,
                enable_auto_tagging,
                enable_auto_titling,
                timeout=timeout,
            )
        )

    def continuous_stream_chat(
        self,
        initial_question: str,
        num_questions: int,
        chat_title: str,
        model_id: str | None = None,
        folder_name: str | None = None,
        image_paths: Sequence[str | Path] | None = None,
        tags: list[str] | None = None,
        rag_files: Sequence[str | Path] | None = None,
        rag_collections: list[str] | None = None,
        tool_ids: list[str] | None = None,
        enable_auto_tagging: bool = False,
        enable_auto_titling: bool = False,
        *,
        timeout: Timeout = None,
    ) -> Generator[dict[str, Any], None, ConversationResult | None]:
        """As `continuous_chat`, with the same parameters, and with the text of the answers while it is written.

        Returns:
            Events, each with `type` and `round`: `round_start` (`question`, `total_rounds`), `content` (`content`, a
            piece of the text), `round_complete` (`response`, `follow_ups`, and the rest of the entry of that round) or
            `round_error` (`error`); at last `conversation_complete` (no `round`; `summary`, which is the result). The
            result is that of `continuous_chat`.
        """
        return (
            yield from self._stream(
                self._async.continuous_stream_chat(
                    initial_question,
                    num_questions,
                    chat_title,
                    model_id,
                    folder_name,
                    image_paths,
                    tags,
                    rag_files,
                    rag_collections,
                    tool_ids,
                    enable_auto_tagging,
                    enable_auto_titling,
                    timeout=timeout,
                )
            )
        )
