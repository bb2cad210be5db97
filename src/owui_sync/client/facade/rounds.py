"""Conversations that go on by themselves, in stored chats."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from owui_sync.client.call_time import Timeout
from owui_sync.client.chat.results import conversation, round_entry
from owui_sync.client.chat.rounds import Round, RoundStart, rounds, streamed_rounds
from owui_sync.client.chat.talk import ConversationOptions, talk
from owui_sync.client.errors import WrongValue
from owui_sync.client.facade.base import Base, texts
from owui_sync.client.facade.failures import checking, for_programs, otherwise
from owui_sync.client.facade.stream import Done, Stream
from owui_sync.client.results import ConversationResult

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
        return await self._continued(initial_question, num_questions, options)

    @otherwise(None, lenient=("model_ids",))
    async def continuous_parallel_chat(
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
        return await self._continued(initial_question, num_questions, options, several=True)

    @checking
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
    ) -> Stream[dict[str, Any], ConversationResult | None]:
        """As `continuous_chat`, with the same parameters, and with the text of the answers while it is written.

        Returns:
            Events, each with `type` and `round`: `round_start` (`question`, `total_rounds`), `content` (`content`, a
            piece of the text), `round_complete` (`response`, `follow_ups`, and the rest of the entry of that round) or
            `round_error` (`error`); at last `conversation_complete` (no `round`; `summary`, which is the result). The
            result is that of `continuous_chat`.
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
        pieces = self._streamed_rounds(initial_question, num_questions, options)
        return self._stream("continuous_stream_chat", pieces, None)

    async def _continued(
        self, question: str, number: int, options: ConversationOptions, several: bool = False
    ) -> ConversationResult:
        done: list[Round] = []
        _check_number(number)
        async with talk(self._writer, options) as chat:
            self._begun(chat)
            async with aclosing(rounds(chat, question, number)) as going:
                async for one in going:
                    done.append(one)
            self._check(done)
            return conversation(done, chat.chat_id, options.title, options.models, several)

    async def _streamed_rounds(
        self, question: str, number: int, options: ConversationOptions
    ) -> AsyncGenerator[dict[str, Any] | Done[ConversationResult | None], None]:
        done: list[Round] = []
        _check_number(number)
        async with talk(self._writer, options) as chat:
            self._begun(chat)
            async with aclosing(streamed_rounds(chat, question, number)) as going:
                async for one in going:
                    match one:
                        case RoundStart(number=begun, question=asked):
                            current = {"round": begun, "question": asked}
                            yield {"type": "round_start", **current, "total_rounds": number}
                        case str():
                            yield {"type": "content", **current, "content": one}
                        case Round():
                            done.append(one)
                            yield _ended(one)
            result = conversation(done, chat.chat_id, options.title, options.models, several=False)
            if not (done[-1].error and self.raise_on_error):
                yield {"type": "conversation_complete", "summary": result}
            self._check(done)
            yield Done(result)

    def _check(self, done: list[Round]) -> None:
        """Raise the failure of the last round, unless rounds before it went well and failures are not to be raised."""
        error = done[-1].error
        if error and (self.raise_on_error or len(done) == 1):
            raise error
        if error:
            log.error("round %d failed, and was the last: %s", done[-1].number, for_programs(error))


def _check_number(number: int) -> None:
    if number < 1:
        raise WrongValue(f"num_questions is {number}", hint="it has to be at least 1")


def _ended(one: Round) -> dict[str, Any]:
    """Return the event at the end of a round."""
    if one.error:
        error = str(for_programs(one.error).problems[0])
        return {"type": "round_error", "round": one.number, "question": one.question, "error": error}
    return {"type": "round_complete", **round_entry(one, several=False)}
