"""What the digests of a plan depend on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from owui_sync.plan.file.digests import is_intact, sealed
from owui_sync.plan.file.document import plan_document
from owui_sync.plan.types import Action, Plan, ServerIdentity
from owui_sync.values import ABSENT, Json
from tests.support.jobs import chat_job, due
from tests.support.samples import change, every_action, field, plan

ELSEWHERE = ServerIdentity("https://other.example.com", "0.11.4")


def differing(one: Plan, other: Plan) -> set[str]:
    """The digests in which two plans differ."""
    documents = plan_document(one), plan_document(other)
    return {key for key in ("digest", "review_digest", "checksum") if documents[0][key] != documents[1][key]}


@pytest.mark.parametrize(
    "told",
    [
        {"created_at": "2026-01-01T00:00:00Z", "tool": "0.0.1", "requests": 99, "serial": 7, "message": "x"},
        {"warnings": ("careful",), "unchanged": ("prompt/other",), "owned": 5},
    ],
)
def test_how_a_plan_was_made_does_not_count(told: Json) -> None:
    assert differing(every_action(), replace(every_action(), **told)) == {"checksum"}


def test_sentences_and_preconditions_do_not_count() -> None:
    one = plan(change(Action.UPDATE, "prompt/a", field("content", "x", "y")))
    other = replace(one.changes[0], reason="another", precondition="sha256:1", source=None)
    assert differing(one, replace(one, changes=(other,))) == {"checksum"}


def test_the_server_counts_only_for_the_digest() -> None:
    assert differing(every_action(), replace(every_action(), server=ELSEWHERE)) == {"digest", "checksum"}
    one = plan(change(Action.UPDATE, "prompt/a", field("content", "x", "y")))
    other = replace(one, changes=(replace(one.changes[0], id="another"),))
    assert differing(one, other) == {"digest", "checksum"}


EDITS: list[Callable[[Any], Any]] = [
    lambda one: replace(one, fields=(field("content", "x", "z"),)),
    lambda one: replace(one, fields=(field("content", "x", ABSENT),)),
    lambda one: replace(one, fields=(field("content", "x", None),)),
    lambda one: replace(one, key="b"),
    lambda one: replace(one, moved_from="b"),
    lambda one: replace(one, rewritten=(field("name", "n", "n"),)),
]


@pytest.mark.parametrize("edit", EDITS)
def test_whatever_is_written_counts(edit: Callable[[Any], Any]) -> None:
    one = plan(change(Action.UPDATE, "prompt/a", field("content", "x", "y")))
    other = replace(one, changes=(edit(one.changes[0]),))
    assert differing(one, other) == {"digest", "review_digest", "checksum"}


def test_no_value_is_not_the_same_as_null() -> None:
    one, other = (plan(change(Action.UPDATE, "prompt/a", field("x", 1, value))) for value in (None, ABSENT))
    assert "digest" in differing(one, other)


def test_all_of_a_job_counts() -> None:
    one = replace(plan(), jobs=(due(chat_job("a")),))
    other = replace(plan(), jobs=(due(chat_job("a", prompts=["something else"])),))
    assert differing(one, other) == {"digest", "review_digest", "checksum"}


def test_an_edited_document_is_not_intact() -> None:
    document = plan_document(every_action())
    assert is_intact(document)
    for key in ("message", "digest", "review_digest"):
        assert not is_intact(document | {key: "another"})
    assert is_intact(sealed(document | {"message": "another"}))
