"""What came of turns, in the dictionaries that the methods of the two client classes return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from owui_sync.client.chat.extras import Extras
from owui_sync.client.chat.rounds import Round
from owui_sync.client.chat.turn import Answer


def single(answer: Answer, extras: Extras) -> dict[str, Any]:
    """The result of a turn of one model."""
    follow_ups = {"follow_ups": extras.follow_ups[0]} if extras.follow_ups else {}
    return {
        "response": answer.text,
        "chat_id": answer.chat_id,
        "message_id": answer.message_id,
        "sources": list(answer.sources),
        **follow_ups,
        **_suggested(extras),
    }


def several(answers: Sequence[Answer], extras: Extras) -> dict[str, Any]:
    """The result of a turn of several models, by model.

    Raises:
        AnswerFailed: of the first model, when all failed.
    """
    if all(answer.error for answer in answers):
        answers[0].whole()
    follow_ups = {a.model: found for a, found in zip(answers, extras.follow_ups, strict=False) if found}
    return {
        **by_model(answers),
        "chat_id": answers[0].chat_id,
        **({"follow_ups": follow_ups} if follow_ups else {}),
        **_suggested(extras),
    }


def by_model(answers: Sequence[Answer]) -> dict[str, Any]:
    """Responses, ids and sources by model; None for a model that failed, and why in `errors`."""
    errors = {answer.model: str(answer.error.problems[0]) for answer in answers if answer.error}
    return {
        "responses": {answer.model: None if answer.error else answer.text for answer in answers},
        "message_ids": {answer.model: answer.message_id for answer in answers},
        "sources": {answer.model: list(answer.sources) for answer in answers},
        **({"errors": errors} if errors else {}),
    }


def round_entry(one: Round, several: bool) -> dict[str, Any]:
    """A round of a conversation that goes on by itself, as an entry of its history."""
    entry: dict[str, Any] = {"round": one.number, "question": one.question}
    if several:
        entry |= by_model(one.answers)
    else:
        [answer] = one.answers
        entry |= {"response": answer.text, "message_id": answer.message_id, "sources": list(answer.sources)}
    return {**entry, "follow_ups": one.proposed}


def conversation(done: Sequence[Round], chat_id: str, title: str, several: bool) -> dict[str, Any]:
    """The result of a conversation that went on by itself: the rounds that went well, and why it ended early."""
    good = [one for one in done if not one.error]
    found = {key: value for one in good for key, value in _suggested(one.extras).items()}
    error = done[-1].error if done else None
    return {
        "conversation_history": [round_entry(one, several) for one in good],
        "total_rounds": len(good),
        "chat_id": chat_id,
        "chat_title": found.get("suggested_title", title),
        **found,
        **({"error": str(error.problems[0])} if error else {}),
    }


def _suggested(extras: Extras) -> dict[str, Any]:
    found = {"suggested_tags": extras.tags, "suggested_title": extras.title}
    return {key: value for key, value in found.items() if value}
