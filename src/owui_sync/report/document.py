"""The document of an apply: what `apply --format json` prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from owui_sync.apply.outcome import Outcome, Status
from owui_sync.jobs.outcome import JobResult
from owui_sync.plan.file import change, job
from owui_sync.plan.file.document import HEAD, REQUESTS, WARNINGS, digest_of
from owui_sync.plan.file.table import (
    Codec,
    Key,
    Record,
    choice,
    count,
    flag,
    inline,
    maybe,
    maybe_one,
    one,
    optional,
    seconds,
    several,
    shown,
    text,
    texts,
    through,
)
from owui_sync.values import Json

ERROR = Record(
    "error",
    "Why a change failed or was skipped.",
    (
        Key("status", maybe("integer", "HTTP status; null when there was no answer.")),
        Key("detail", text("The server's own words, or why it was not tried.")),
        Key("request", maybe("string", "Such as `POST /api/v1/models/create`.")),
        Key("hint", maybe("string", "What to do next.")),
    ),
)
APPLIED_CHANGE = Record(
    "appliedChange",
    "What happened to one object.",
    (
        *through("change", change.SHOWN_KEYS),
        Key(
            "status",
            choice(
                Status, "How it ended. `done` with an `error`: the object is there, and something in it is missing."
            ),
        ),
        Key("seconds", seconds("Wall time.")),
        optional("error", one(ERROR)),
    ),
)
VERDICT = Record(
    "verdict",
    "An expectation.",
    (
        Key("check", text("Its key, such as `contains`.")),
        Key("wanted", text("What was wanted.")),
        Key("met", flag("Whether it is so.")),
        Key("reason", text("What is there instead, or what a judge says.")),
    ),
)


def _chat_id(result: JobResult) -> str | None:
    return (result.record.chat_id or None) if result.record else None


_SOURCES = Codec(
    {"type": "array", "items": {"type": "object"}, "description": "Where the answers come from, once."},
    lambda sources: [dict(source) for source in sources],
)
_TOKENS = count("Questions and answers, as the providers count them.")
_USAGE = Record("", "Tokens.", (shown("total_tokens", _TOKENS, lambda tokens: tokens),))
APPLIED_JOB = Record(
    "appliedJob",
    "How a job went.",
    (
        *through("due", job.SHOWN_KEYS),
        Key("status", choice(Status, "How it ended.")),
        Key("seconds", seconds("Wall time.")),
        shown("chat_id", maybe("string", "Its chat; null for a job without one."), _chat_id),
        shown("chat_url", maybe("string", "Where that chat is in the page."), lambda result: result.chat_url or None),
        shown("response", text("The answer, as far as it came."), attrgetter("answered.text")),
        shown("sources", _SOURCES, attrgetter("answered.sources")),
        shown("usage", inline(_USAGE), attrgetter("answered.tokens")),
        shown("expect", several(VERDICT, "What was expected of the answer."), attrgetter("verdicts")),
        Key("outputs", texts("Where the answer went.")),
        shown(
            "notes", texts("What a person should know, such as a budget that was spent."), attrgetter("answered.notes")
        ),
        optional("error", one(ERROR)),
        optional("unrecorded", one(ERROR, "Why its chat or the inventory could not be told how it ended.")),
    ),
)
APPLY = Record(
    "apply",
    "What an apply did.",
    (
        *through("outcome.plan", HEAD),
        shown("digest", text("The `digest` of the plan."), lambda applied: digest_of(applied.outcome.plan)),
        shown("changes", several(APPLIED_CHANGE, "In the plan's order."), attrgetter("outcome.results")),
        Key("jobs", several(APPLIED_JOB, "Jobs that ran, or were to run.")),
        shown("interrupted", flag("Whether the user stopped it."), attrgetter("outcome.interrupted")),
        shown(
            "unrecorded",
            maybe_one(ERROR, "Why the inventory could not be kept after the changes, as a rule null."),
            attrgetter("outcome.unrecorded"),
        ),
        *through("outcome.plan", WARNINGS),
        *through("outcome", REQUESTS),
    ),
)
RECORDS = (APPLY, APPLIED_CHANGE, ERROR, APPLIED_JOB, VERDICT)
"""What the schema defines for the document of an apply, besides the records of a plan."""


@dataclass(frozen=True, slots=True)
class _Applied:
    outcome: Outcome
    jobs: tuple[JobResult, ...]


def outcome_document(outcome: Outcome, jobs: Iterable[JobResult] = ()) -> Json:
    """Return what `apply --format json` prints; `jobs` are those that ran after the changes."""
    return APPLY.dump(_Applied(outcome, tuple(jobs)))
