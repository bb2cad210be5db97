"""Conversations that go on by themselves, in stored chats."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from owui_sync.client.chat.results import conversation, round_entry
from owui_sync.client.chat.rounds import Round, rounds, streamed_rounds
from owui_sync.client.chat.talk import ConversationOptions, talk
from owui_sync.client.facade.base import Base
from owui_sync.client.facade.failures import otherwise
from owui_sync.client.facade.stream import Done, Stream

log = logging.getLogger("owui_sync.client")


class Rounds(Base):
    """Conversations that go on by themselves: each next question is one that a model proposes."""

    @otherwise(None)
    async def continuous_chat(
        self,
        initial_question: str,
        num_questions: int,
        chat_title: str,
        model_id: str | None = None,
        folder_name: str | None = None,
        image_paths: list[str] | None = None,
        tags: list[str] | None = None,
        rag_files: list[str] | None = None,
        rag_collections: list[str] | None = None,
        tool_ids: list[str] | None = None,
        enable_auto_tagging: bool = False,
        enable_auto_titling: bool = False,
    ) -> dict[str, Any] | None:
        """Ask one model again and again, each time a question that a model proposes after the answer before.

        Args:
            initial_question: the first question.
            num_questions: how many questions to ask, the first one included.
            chat_title: the title of the chat; the newest one of that title is continued, else one is made.
            model_id: the model; the default one if not given.
            folder_name: the folder that the chat lies in; made if it is not there.
            image_paths: PNG or JPEG files, or URLs, given with the first question.
            tags: tags that the chat gets.
            rag_files: files to answer from; uploaded first.
            rag_collections: names or ids of knowledge bases to answer from.
            tool_ids: tools of the server that the model may call.
            enable_auto_tagging: let a model find tags.
            enable_auto_titling: let a model find another title.

        Returns:
            `conversation_history` (one entry a round: `round`, `question`, `response`, `message_id`, `sources`,
            `follow_ups`), `total_rounds`, `chat_id`, `chat_title`. When a later round fails it has those before, and
            `error`. None when the first round fails, or something is not there.
        """
        wish = ConversationOptions(
            title=chat_title,
            models=(model_id or self.default_model_id,),
            folder=folder_name,
            images=image_paths,
            files=rag_files,
            collections=rag_collections,
            tool_ids=tool_ids,
            tags=tags,
            auto_tags=enable_auto_tagging,
            auto_title=enable_auto_titling,
            silence=self.answer_timeout,
        )
        return await self._continued(initial_question, num_questions, wish)

    @otherwise(None)
    async def continuous_parallel_chat(
        self,
        initial_question: str,
        num_questions: int,
        chat_title: str,
        model_ids: list[str],
        folder_name: str | None = None,
        image_paths: list[str] | None = None,
        tags: list[str] | None = None,
        rag_files: list[str] | None = None,
        rag_collections: list[str] | None = None,
        tool_ids: list[str] | None = None,
        enable_auto_tagging: bool = False,
        enable_auto_titling: bool = False,
    ) -> dict[str, Any] | None:
        """Ask several models again and again, each time a question that a model proposes after the answers before.

        Each round follows the answer of the first model that gave one, for all models, as in the web page.

        Args:
            initial_question: the first question.
            num_questions: how many questions to ask, the first one included.
            chat_title: the title of the chat; the newest one of that title is continued, else one is made.
            model_ids: the models.
            folder_name: the folder that the chat lies in; made if it is not there.
            image_paths: PNG or JPEG files, or URLs, given with the first question.
            tags: tags that the chat gets.
            rag_files: files to answer from; uploaded first.
            rag_collections: names or ids of knowledge bases to answer from.
            tool_ids: tools of the server that the models may call.
            enable_auto_tagging: let a model find tags.
            enable_auto_titling: let a model find another title.

        Returns:
            As `continuous_chat`; each entry has `responses`, `message_ids` and `sources` by model, and `errors` where a
            model failed.
        """
        wish = ConversationOptions(
            title=chat_title,
            models=tuple(dict.fromkeys(model_ids)),
            folder=folder_name,
            images=image_paths,
            files=rag_files,
            collections=rag_collections,
            tool_ids=tool_ids,
            tags=tags,
            auto_tags=enable_auto_tagging,
            auto_title=enable_auto_titling,
            silence=self.answer_timeout,
        )
        return await self._continued(initial_question, num_questions, wish, several=True)

    def continuous_stream_chat(
        self,
        initial_question: str,
        num_questions: int,
        chat_title: str,
        model_id: str | None = None,
        folder_name: str | None = None,
        image_paths: list[str] | None = None,
        tags: list[str] | None = None,
        rag_files: list[str] | None = None,
        rag_collections: list[str] | None = None,
        tool_ids: list[str] | None = None,
        enable_auto_tagging: bool = False,
        enable_auto_titling: bool = False,
    ) -> Stream[dict[str, Any], dict[str, Any] | None]:
        """As `continuous_chat`, with the same parameters, and with the text of the answers while it is written.

        Returns:
            Dictionaries with `type`, `round` and `question`: those of type `chunk` have a piece of the text in `chunk`,
            those of type `round` are the entry of a finished round. The result is that of `continuous_chat`.
        """
        wish = ConversationOptions(
            title=chat_title,
            models=(model_id or self.default_model_id,),
            folder=folder_name,
            images=image_paths,
            files=rag_files,
            collections=rag_collections,
            tool_ids=tool_ids,
            tags=tags,
            auto_tags=enable_auto_tagging,
            auto_title=enable_auto_titling,
            silence=self.answer_timeout,
        )
        pieces = self._streamed_rounds(initial_question, num_questions, wish)
        return self._stream("continuous_stream_chat", pieces, None)

    async def _continued(
        self, question: str, number: int, wish: ConversationOptions, several: bool = False
    ) -> dict[str, Any]:
        done: list[Round] = []
        async with talk(self._writer, wish) as talking:
            self.chat_id, self.model_id = talking.chat_id, wish.models[0]
            async with aclosing(rounds(talking, question, number)) as going:
                async for one in going:
                    done.append(one)
            self._check(done)
            return conversation(done, talking.chat_id, wish.title, several)

    async def _streamed_rounds(
        self, question: str, number: int, wish: ConversationOptions
    ) -> AsyncGenerator[dict[str, Any] | Done[dict[str, Any] | None], None]:
        done: list[Round] = []
        async with talk(self._writer, wish) as talking:
            self.chat_id, self.model_id = talking.chat_id, wish.models[0]
            async with aclosing(streamed_rounds(talking, question, number)) as going:
                async for one in going:
                    if isinstance(one, Round):
                        done.append(one)
                        yield {"type": "round", **round_entry(one, several=False)}
                    else:
                        round_number, asked, piece = one
                        yield {"type": "chunk", "round": round_number, "question": asked, "chunk": piece}
            self._check(done)
            yield Done(conversation(done, talking.chat_id, wish.title, several=False))

    def _check(self, done: list[Round]) -> None:
        """Raises the failure of the last round, unless rounds before it went well and failures are not to be raised."""
        error = done[-1].error if done else None
        if error and (self.raise_on_error or len(done) == 1):
            raise error
        if error:
            log.error("round %d failed, and was the last: %s", done[-1].number, error)
