"""What the jobs of each type are to do, with what is not written at its default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from owui_sync.client.runs import BREADTH, MAX_ITERATIONS, STEPS
from owui_sync.client.runs.definition import Budget, Models
from owui_sync.manifest.desired import Job
from owui_sync.values import LocalFile


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSpec:
    """Questions to one or several models, in one chat.

    Args:
        models: ids of the models.
        prompts: the questions that are written.
        follow_ups: how many questions follow that the models propose.
        system: the system prompt.
        params: temperature and the like.
        files: local files to retrieve from.
        knowledge: names of knowledge bases to retrieve from.
        notes: titles of notes to read.
        tools: ids of tools that the models may call, besides their own.
        images: local pictures, shown with the first question.
        web_search: whether the server searches the web for each question.
    """

    models: tuple[str, ...]
    prompts: tuple[str, ...]
    follow_ups: int = 0
    system: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[LocalFile, ...] = ()
    knowledge: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    images: tuple[LocalFile, ...] = ()
    web_search: bool = False

    @property
    def questions(self) -> int:
        """How many questions are asked."""
        return len(self.prompts) + self.follow_ups


@dataclass(frozen=True, slots=True, kw_only=True)
class ResearchSpec:
    """Questions on a topic, and a report.

    Args:
        topic: what is to be found out.
        models: who does what.
        steps: how many questions.
        questions: the questions themselves; empty lets a model plan them.
        approve: ask nothing but questions that are written.
        gap_rounds: how often, after the questions, a model is asked what is still missing.
        knowledge: names of knowledge bases to retrieve from.
        web_search: whether the server searches the web.
        budget: where to stop.
        concurrency: how many questions are asked at once.
        depth: how deep it goes; above 1, questions are asked below those that were answered.
        breadth: how many questions at the most are asked below one.
        sections: whether the report is written section by section.
    """

    topic: str
    models: Models
    steps: int = STEPS
    questions: tuple[str, ...] = ()
    approve: bool = False
    gap_rounds: int = 0
    knowledge: tuple[str, ...] = ()
    web_search: bool = False
    budget: Budget = field(default_factory=Budget)
    concurrency: int = 1
    depth: int = 1
    breadth: int = BREADTH
    sections: bool = False

    @property
    def max_questions(self) -> int:
        """How many questions are asked at the most."""
        below = sum(int(self.breadth**level) for level in range(self.depth))
        return (len(self.questions) or self.steps) * below + self.steps * self.gap_rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSpec:
    """A goal that a model works on with tools.

    Args:
        goal: what is to be done.
        model: id of the model.
        tools: ids of tools that it may call.
        knowledge: names of knowledge bases to retrieve from.
        max_iterations: how many turns at the most.
        decision_model: id of the model that chooses where options are offered; None takes the first.
        web_search: whether the server searches the web for each turn.
    """

    goal: str
    model: str
    tools: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()
    max_iterations: int = MAX_ITERATIONS
    decision_model: str | None = None
    web_search: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSpec:
    """Old chats that are archived.

    Args:
        older_than_days: days since the last change of a chat.
        folder: path of the folder that they lie in; None for any.
    """

    older_than_days: int
    folder: str | None = None


JobSpec = ChatSpec | ResearchSpec | TaskSpec | ArchiveSpec

_TYPES: Mapping[str, Callable[..., JobSpec]] = {
    "chat": ChatSpec,
    "research": ResearchSpec,
    "task": TaskSpec,
    "archive": ArchiveSpec,
}


def spec_of(job: Job) -> JobSpec:
    """Return what a job is to do; the manifests have been checked by then, so that it has all that it needs."""
    written = {key: tuple(value) if isinstance(value, list) else value for key, value in job.spec.items()}
    if job.type == "research":
        written |= {"models": _models(job.spec), "budget": Budget(**job.spec.get("budget", {}))}
        written.pop("model", None)
    return _TYPES[job.type](**written)


def _models(written: Mapping[str, Any]) -> Models:
    """Return who does what in a research; the answering model does what is not named."""
    named: Mapping[str, str] = written.get("models", {})
    answer = named.get("answer") or written["model"]
    rest = written.get("model", answer)
    search = (named.get("search", answer),) if "search" in named or written.get("web_search") else ()
    return Models(plan=named.get("plan", rest), answer=(answer,), search=search, report=named.get("report", rest))
