"""A turn before it is run, and what came of it: frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.shapes import Row
from owui_sync.client.silence import SILENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question to one model or several.

    Args:
        chat_id: the chat.
        question: the user's words.
        models: ids of the models; the same one may come twice.
        among: all models that the question is for, where this turn asks only some of them, as another try does.
        first: which of those the first of `models` is; the others follow it.
        parent_id: the message that it continues, None at the beginning of a chat.
        question_id: id of the user's message.
        answer_ids: ids of the answers, one a model.
        files: files, collections and the like to retrieve from, `{"type", "id", "name"}` each.
        images: URLs or data URLs.
        tool_ids: tools of the server that the model may call.
        system: a system prompt.
        params: temperature and the like.
        web_search: whether the server searches the web for it.
        silence: seconds without anything new after which it is given up.
        again: whether this turn may have been run before, with the same ids: then it is looked for first.
        beside: whether other turns may run in the chat at the same time.
    """

    chat_id: str
    question: str
    models: tuple[str, ...]
    among: tuple[str, ...] = ()
    first: int = 0
    parent_id: str | None = None
    question_id: str = field(default_factory=lambda: str(uuid4()))
    answer_ids: tuple[str, ...] = ()
    files: tuple[Row, ...] = ()
    images: tuple[str, ...] = ()
    tool_ids: tuple[str, ...] = ()
    system: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    web_search: bool = False
    silence: float = SILENCE
    again: bool = False
    beside: bool = False

    def __post_init__(self) -> None:
        if not self.answer_ids:
            object.__setattr__(self, "answer_ids", tuple(str(uuid4()) for _ in self.models))

    @property
    def side_by_side(self) -> tuple[str, ...]:
        """All models whose answers stand beside each other below the question."""
        return self.among or self.models


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one model said.

    Attributes:
        model: the model.
        chat_id: the chat.
        message_id: the message in it.
        text: the answer; with an `error` what had come till then.
        sources: where it comes from, as the page shows them.
        usage: tokens, as the provider counts them; empty where it does not.
        output: the parts of the answer where the server has them: texts, calls of tools and their results.
        error: why it is no whole answer, or None.
        at_limit: whether it ends because a limit of tokens was reached: its end is missing, and there is no error.
    """

    model: str
    chat_id: str
    message_id: str
    text: str
    sources: tuple[Row, ...] = ()
    usage: Mapping[str, Any] = field(default_factory=dict)
    output: tuple[Row, ...] = ()
    error: AnswerFailed | None = None
    at_limit: bool = False

    def whole(self) -> Answer:
        """Return the answer itself.

        Raises:
            AnswerFailed: it is none, or not a whole one.
        """
        if self.error:
            raise self.error
        return self

    @property
    def tokens(self) -> int:
        """Tokens that it took, prompt and answer together; 0 where the provider does not count."""
        total = self.usage.get("total_tokens")
        if isinstance(total, int):
            return total
        return sum(n for key in ("input_tokens", "output_tokens") if isinstance(n := self.usage.get(key), int))
