"""What came of turns, in the dictionaries that the methods of the two client classes return."""

from __future__ import annotations

from collections.abc import Sequence

from owui_sync.client.chat.extras import Extras
from owui_sync.client.chat.keyed_text import KeyedText
from owui_sync.client.chat.rounds import Round
from owui_sync.client.chat.turn import Answer
from owui_sync.client.results import ByModel, ChatResult, ConversationResult, ParallelChatResult, Suggested
from owui_sync.client.shapes import Row


def single(answer: Answer, extras: Extras) -> ChatResult:
    """Return the result of a turn of one model."""
    found = ChatResult(
        response=answer.text,
        chat_id=answer.chat_id,
        message_id=answer.message_id,
        sources=list(answer.sources),
    )
    _suggest(found, extras)
    if extras.follow_ups:
        found["follow_ups"] = extras.follow_ups[0]
    return found


def several(answers: Sequence[Answer], extras: Extras) -> ParallelChatResult:
    """Return the result of a turn of several models, by model.

    Raises:
        AnswerFailed: of the first model, when all failed.
    """
    if all(answer.error for answer in answers):
        answers[0].whole()
    models = by_model(answers, extras)
    found = ParallelChatResult(
        responses=models["responses"],
        chat_id=answers[0].chat_id,
        message_ids=models["message_ids"],
        sources=models["sources"],
    )
    if "errors" in models:
        found["errors"] = models["errors"]
    _suggest(found, extras)
    if follow_ups := {a.model: list_ for a, list_ in zip(answers, extras.follow_ups, strict=False) if list_}:
        found["follow_ups"] = follow_ups
    return found


def by_model(answers: Sequence[Answer], extras: Extras) -> ByModel:
    """Return responses, ids and sources by model; None for a model that failed, and why in `errors`."""
    proposed = [*extras.follow_ups, *[None] * (len(answers) - len(extras.follow_ups))]
    found = ByModel(
        responses={
            answer.model: None if answer.error else reply(answer, follow_ups)
            for answer, follow_ups in zip(answers, proposed, strict=True)
        },
        message_ids={answer.model: answer.message_id for answer in answers},
        sources={answer.model: list(answer.sources) for answer in answers},
    )
    if errors := {answer.model: str(answer.error.problems[0]) for answer in answers if answer.error}:
        found["errors"] = errors
    return found


def reply(answer: Answer, follow_ups: list[str] | None) -> KeyedText:
    """Return the text of an answer, which also has keys."""
    sources = list(answer.sources)
    return KeyedText(answer.text, follow_ups=follow_ups, message_id=answer.message_id, sources=sources)


def round_entry(one: Round, several: bool) -> Row:
    """Return a round of a conversation that goes on by itself, as an entry of its history."""
    entry: Row = {"round": one.number, "question": one.question, "chat_id": one.answers[0].chat_id}
    if several:
        entry |= by_model(one.answers, one.extras)
    else:
        [answer] = one.answers
        entry |= {"response": answer.text, "message_id": answer.message_id, "sources": list(answer.sources)}
    return {**entry, "follow_ups": one.proposed}


def conversation(
    done: Sequence[Round], chat_id: str, title: str, models: Sequence[str], several: bool
) -> ConversationResult:
    """Return the result of a conversation that went on by itself: the rounds that went well, and why it ended early."""
    good = [one for one in done if not one.error]
    found = ConversationResult(
        conversation_history=[round_entry(one, several) for one in good],
        total_rounds=len(good),
        chat_id=chat_id,
        chat_title=title,
    )
    for one in good:
        _suggest(found, one.extras)
    found["chat_title"] = found.get("suggested_title", title)
    if several:
        found["model_ids"] = list(models)
    if error := done[-1].error if done else None:
        found["error"] = str(error.problems[0])
    return found


def _suggest(found: Suggested, extras: Extras) -> None:
    """Add the tags and the title that a model found."""
    if extras.tags:
        found["suggested_tags"] = extras.tags
    if extras.title:
        found["suggested_title"] = extras.title
