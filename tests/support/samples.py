"""Plans and outcomes for the tests of reports."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from owui_sync.apply.outcome import Failure, Outcome, Result, Status
from owui_sync.plan.file import digests
from owui_sync.plan.types import Action, Cause, Change, FieldChange, InventoryEntry, Plan, ServerIdentity
from owui_sync.values import ABSENT, FileSource, Json, Position, Secret, SourcedText
from tests.support.jobs import chat_job, due

HERE = Position("manifests/models.yaml", 12, 3)
PROMPT = FileSource("prompts/support.md", "ab" * 32, 3412)
LOGO = FileSource("logo.png", "cd" * 32, 2700, "image")
PICTURE = "data:image/png;base64," + "iVBO" * 900


def field(path: str, before: Any = ABSENT, after: Any = ABSENT, cause: Cause = Cause.MANIFEST) -> FieldChange:
    """A field of a change."""
    return FieldChange(path, before, after, cause)


def secret(path: str, text: str, before: Any = ABSENT) -> FieldChange:
    """A secret field of a change."""
    return FieldChange(path, before, Secret(text, {"$secret": "NAME"}), Cause.MANIFEST, True)


def change(action: Action, address: str, *fields: FieldChange, reason: str = "") -> Change:
    """A change with plausible facts around its fields."""
    kind, _, key = address.partition("/")
    id, source = (None if action is Action.CREATE else "an-id"), (None if action is Action.DELETE else HERE)
    record = None if action is Action.DELETE else InventoryEntry("an-id", {fields[0].path if fields else "name": "f1"})
    return Change(action, kind, key, id, source, fields, "absent", ("group/Support",), reason, record)


def plan(*changes: Change, unchanged: tuple[str, ...] = ()) -> Plan:
    """A plan of these changes."""
    server = ServerIdentity("https://chat.example.com", "0.12.4")
    return Plan("support", server, changes, unchanged, created_at="2025-11-22T23:00:00Z", tool="0.0.9", requests=11)


def sealed(document: Json) -> Json:
    """A plan's document that was edited, with the digests that it has now, if it still can have any."""
    with suppress(AttributeError, KeyError, TypeError, ValueError):
        return digests.sealed(document)
    return document


def every_action() -> Plan:
    """A plan in which every action and every kind of value occurs."""
    return plan(
        change(Action.DELETE, "prompt/old-triage", reason="no longer in the manifests"),
        change(Action.CREATE, "user/bob@example.com", secret("password", "hunter2"), field("name", ABSENT, "Bob")),
        change(
            Action.CREATE,
            "model/faq",
            field("system", ABSENT, SourcedText("one\ntwo\n", PROMPT)),
            field("image", ABSENT, SourcedText(PICTURE, LOGO)),
        ),
        change(
            Action.REPLACE, "model/fork", field("base", None, "gpt-4.1"), reason="model/fork is deleted and made anew"
        ),
        change(Action.ADOPT, "model/gpt-4.1", field("access", "private", "public")),
        change(
            Action.UPDATE,
            "model/support-bot",
            field("params.temperature", 0.7, 0.2),
            field("system", "Hello.\nAlways apologise.\n", "Hello.\nBe brief.\n", Cause.DRIFT),
            field("hidden", True, False, Cause.RESET),
        ),
        unchanged=("group/Support", "model/m1"),
    )


def whole_plan() -> Plan:
    """A plan with all that a report of one can show."""
    triage = change(Action.MOVE, "prompt/triage", field("name", "Triage", "Sort"), reason="was prompt/sorting")
    made = every_action()
    return replace(
        made,
        changes=(*made.changes, replace(triage, moved_from="sorting")),
        awaited=("user/carol@example.com",),
        jobs=(due(chat_job("smoke"), "its prompt changed"),),
        warnings=("manifests/models.yaml:3:1: `legacy` will go", "prompt/old-triage is used by nobody"),
    )


EVERY_ADDRESS = (
    *(change.address for change in whole_plan().changes),
    *whole_plan().awaited,
    *(due.job.address for due in whole_plan().jobs),
)
"""What every report of the whole plan must name."""


def whole_outcome() -> Outcome:
    """An outcome of the whole plan with all that a report of one can show."""
    taken = Failure(
        "Uh-oh! This model id is already registered.", 400, "POST /api/v1/models/create", "choose another id"
    )
    ends: dict[str, tuple[Status, Failure | None]] = {
        "model/faq": (Status.FAILED, taken),
        "model/fork": (Status.SKIPPED, Failure("it needs model/faq, which was not done")),
    }
    return outcome(*((each, *ends.get(each.address, (Status.DONE, None))) for each in whole_plan().changes))


def outcome(*results: tuple[Change, Status, Failure | None], interrupted: bool = False) -> Outcome:
    """An outcome with these results, each of which took 0.1 s."""
    planned = plan(*(each for each, _, _ in results))
    done = tuple(Result(each, status, 0.1, error) for each, status, error in results)
    return Outcome(planned, done, 99, interrupted)
