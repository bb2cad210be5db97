"""What can go wrong with an answer, as a tree below `ClientError`.

ClientError
├── AnswerFailed       the model, or who serves it, failed; carries what had come till then
│   ├── AnswerCut      what came is not the whole answer
│   └── AnswerSilent   nothing came any more
└── Missing            a model, collection, file, tool or image that is to be used is not there
"""

from __future__ import annotations

from owui_sync.client.api.completions import PATH
from owui_sync.client.errors import ClientError


class AnswerFailed(ClientError):
    """A model gave no answer, or no whole one; the message in the chat says so too.

    Args:
        model: the model that was asked.
        reason: what happened, in the words of whoever said it.
        partial: the text that had come till then.
        chat_id: the chat.
        message_id: the message in it.
    """

    advice = "try again, and look at the provider of this model if it stays so"
    verb = "failed"

    def __init__(self, model: str, reason: str, *, partial: str = "", chat_id: str = "", message_id: str = "") -> None:
        self.model = model
        self.reason = reason
        self.partial = partial
        self.chat_id = chat_id
        self.message_id = message_id
        after = f" after {len(partial)} characters" if partial else ""
        super().__init__("POST", PATH, f"to {model} {self.verb}{after}: {reason}")


class AnswerCut(AnswerFailed):
    """The answer ends without its regular end: what came is not the whole of it."""

    verb = "was cut off"


class AnswerSilent(AnswerFailed):
    """Nothing came any more for as long as was to be waited."""

    advice = "try again, or allow more time"
    verb = "was given up"
