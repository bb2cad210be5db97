"""Asking models in stored chats."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path

from owui_sync.client.call_time import Timeout
from owui_sync.client.chat.results import several, single
from owui_sync.client.chat.talk import ConversationOptions, talk
from owui_sync.client.chat.turn import Answer
from owui_sync.client.facade.base import Base, texts
from owui_sync.client.facade.failures import checking, otherwise
from owui_sync.client.facade.stream import Done, Stream
from owui_sync.client.results import ChatResult, ParallelChatResult


class Chats(Base):
    """Asking models in stored chats, which open in the web page as if they had been typed there."""

    @otherwise(None)
    async def chat(
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
        options = ConversationOptions(
            title=chat_title,
            models=(self._model(model_id),),
            folder=folder_name,
            images=texts(image_paths),
            files=texts(rag_files),
            collections=rag_collections,
            tool_ids=tool_ids,
            tags=tags,
            auto_tags=enable_auto_tagging,
            auto_title=enable_auto_titling,
            silence=self.answer_timeout,
            task_model=self.task_model,
        )
        async with talk(self._writer, options) as chat:
            self._begun(chat)
            [answer] = await chat.ask(question)
            extras = await chat.extras([answer], follow_ups=enable_follow_up)
            return single(answer.whole(), extras)

    @checking
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
    ) -> Stream[str, ChatResult | None]:
        """Ask one model in a stored chat, and get the text while it is written.

        The parameters are those of `chat`; tools are described to the model in the prompt. The four about placeholders
        and waiting are accepted and not needed.

        Returns:
            Pieces of the text; the result is that of `chat`. What was cut off gives the pieces that came, and fails.
        """
        options = ConversationOptions(
            title=chat_title,
            models=(self._model(model_id),),
            folder=folder_name,
            images=texts(image_paths),
            files=texts(rag_files),
            collections=rag_collections,
            tool_ids=tool_ids,
            tags=tags,
            auto_tags=enable_auto_tagging,
            auto_title=enable_auto_titling,
            silence=self.answer_timeout,
            task_model=self.task_model,
        )
        return self._stream("stream_chat", self._streamed(question, options, enable_follow_up), None)

    @otherwise(None, lenient=("model_ids",))
    async def parallel_chat(
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
        options = ConversationOptions(
            title=chat_title,
            models=tuple(dict.fromkeys(model_ids)),
            folder=folder_name,
            images=texts(image_paths),
            files=texts(rag_files),
            collections=rag_collections,
            tool_ids=tool_ids,
            tags=tags,
            auto_tags=enable_auto_tagging,
            auto_title=enable_auto_titling,
            silence=self.answer_timeout,
            task_model=self.task_model,
        )
        async with talk(self._writer, options) as chat:
            self._begun(chat)
            answers = await chat.ask(question)
            extras = await chat.extras(answers, follow_ups=enable_follow_up)
            return several(answers, extras)

    async def _streamed(
        self, question: str, options: ConversationOptions, follow_ups: bool
    ) -> AsyncGenerator[str | Done[ChatResult | None], None]:
        async with talk(self._writer, options) as chat:
            self._begun(chat)
            async with aclosing(chat.stream(question)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Answer):
                        answer = piece
                    else:
                        yield piece
            extras = await chat.extras([answer], follow_ups=follow_ups)
            result = single(answer.whole(), extras)
            result.setdefault("follow_ups", None)
            yield Done(result)
