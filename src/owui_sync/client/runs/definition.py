"""What a research is to find out, and what it came to: frozen data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from owui_sync.client.runs import BREADTH, STEPS
from owui_sync.client.runs.citations import CitedSource
from owui_sync.client.runs.run import RunOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a run may take; None for no limit.

    It is looked at before each question but the first; when it is used up, the report is written from what there is.
    """

    tokens: int | None = None
    seconds: float | None = None
    sources: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Who does what: the plan, the answers from general knowledge, those that need a search, and the report.

    With several models for answers or searches, the questions go round among them.
    """

    plan: str
    answer: tuple[str, ...]
    search: tuple[str, ...] = ()
    report: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(RunOptions):
    """What is to be found out, and how; the arguments are those of `RunOptions`, and these.

    Args:
        topic: the topic.
        title: the title of the chat.
        models: who does what.
        steps: how many questions.
        questions: questions to ask in place of planned ones; they are for those who search, where there are such.
        gap_rounds: how often, after the questions, a model is asked what is still missing.
        web_search: whether the server searches the web for questions that need a search.
        budget: what it may take.
        concurrency: how many questions are asked at once.
        depth: how deep it goes; above 1, questions are asked below those that were answered, and so on.
        breadth: how many questions at the most are asked below one.
        sections: whether the report is written section by section, one for each planned question.
        approve: is given the planned questions, each `question` and `kind` (`general` or `search`), before any is
            asked; it may be a coroutine function. It returns None to leave them as they are, others in their place, or
            an empty list to end the research.
    """

    topic: str
    title: str
    models: Models
    steps: int = STEPS
    questions: tuple[str, ...] = ()
    gap_rounds: int = 0
    web_search: bool = False
    budget: Budget = field(default_factory=Budget)
    concurrency: int = 1
    depth: int = 1
    breadth: int = BREADTH
    sections: bool = False
    approve: Callable[[list[dict[str, str]]], Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one question came to.

    Attributes:
        parent: number of the question below which it was asked.
        error: why there is no answer.
        problems: in words, what was of no use for the answer: tools that failed, searches without an answer.
    """

    number: int
    question: str
    kind: str
    model: str
    parent: int | None = None
    text: str = ""
    message_id: str = ""
    sources: tuple[CitedSource, ...] = ()
    error: str | None = None
    problems: tuple[str, ...] = ()

    def with_text(self, text: str) -> Finding:
        """Return it with another text."""
        return replace(self, text=text)


CITES_NOTHING = "the report cites none of its sources"
"""What is wrong with a report in which nothing is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the research came to.

    Attributes:
        chat_id: the chat.
        message_id: the message with the report.
        findings: one a question, in their order.
        text: the report.
        sources: what its numbers stand for: `[1]` is the first.
        removed: citations and addresses that it had and that nothing backs.
        partial: why it is not all that was asked for, or None.
        problems: the same one by one, and what else is wrong with it.
        tokens: tokens of the whole run.
    """

    chat_id: str
    message_id: str
    findings: tuple[Finding, ...]
    text: str
    sources: tuple[CitedSource, ...]
    removed: tuple[str, ...]
    partial: str | None
    problems: tuple[str, ...] = ()
    tokens: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question, who is to answer it (`general` or `search`), and the number of the one below which it is asked."""

    text: str
    kind: str = "general"
    parent: int | None = None

    def item(self) -> dict[str, Any]:
        """Return it as the state of a run keeps it."""
        return {"text": self.text, "kind": self.kind, **({"parent": self.parent} if self.parent else {})}
