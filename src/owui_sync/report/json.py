"""Plans and outcomes for machines: the documents of CLI.md, "Machine formats"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict

from owui_sync.apply.outcome import Outcome
from owui_sync.errors import Diagnostic
from owui_sync.jobs.outcome import JobResult
from owui_sync.plan.types import Action, Plan, ServerIdentity
from owui_sync.report.document import error_document, is_saved, record_document, result_document, saved_change
from owui_sync.report.jobs_document import job_result, read_job, saved_job
from owui_sync.report.saved import (
    FORMAT,
    Collector,
    checked,
    digest_of,
    read_change,
    read_identity,
    read_record,
    unsaved,
)
from owui_sync.report.words import is_hidden
from owui_sync.values import ABSENT, Json, Sources


def plan_document(plan: Plan, requests: int) -> Json:
    """What `plan --format json` prints and `plan --out` saves; holds no secret value and no content of a file.

    Args:
        plan: the plan.
        requests: HTTP requests that were sent for it.
    """
    document = {
        **_head(plan),
        "manifests": {**asdict(plan.manifests), "paths": list(plan.manifests.paths)},
        "changes": [saved_change(change) for change in plan.changes],
        "jobs": [saved_job(due) for due in plan.jobs],
        "unchanged": list(plan.unchanged),
        "awaited": list(plan.awaited),
        "settled": {address: record_document(record) for address, record in plan.settled.items()},
        "want": sorted(plan.want),
        "owned": plan.owned,
        "serial": plan.serial,
        "message": plan.message,
        **({"claims": True} if plan.claims else {}),
        **({"account": plan.account} if plan.account else {}),
        "warnings": list(plan.warnings),
        "requests": requests,
    }
    return {**document, "digest": digest_of(document)}


def outcome_document(outcome: Outcome, jobs: Iterable[JobResult] = ()) -> Json:
    """What `apply --format json` prints; `jobs` are those that ran after the changes."""
    return {
        **_head(outcome.plan),
        "changes": [result_document(result) for result in outcome.results],
        "jobs": [job_result(result) for result in jobs],
        "interrupted": outcome.interrupted,
        "unrecorded": error_document(outcome.unrecorded),
        "warnings": list(outcome.plan.warnings),
        "requests": outcome.requests,
    }


def unsavable(plan: Plan) -> tuple[Diagnostic, ...]:
    """What keeps a plan from being saved: values of secret fields that are written in clear, not with `!secret`."""
    return tuple(
        unsaved(change.address, field.path, str(change.source) if change.source else None)
        for change in plan.changes
        for field in (*change.fields, *change.rewritten)
        if is_hidden(field) and field.after is not ABSENT and not is_saved(field)
    )


def _believe(document: Json) -> None:
    """Asks for nothing."""


def load_plan(document: object, sources: Sources, check: Callable[[Json], None] = _believe) -> Plan:
    """The plan behind a saved document.

    Args:
        document: the parsed JSON.
        check: gets the document once its form is known to be right, before anything is read from `sources`.
        sources: gives secrets and contents of files again; its errors are collected and raised together.

    Raises:
        StalePlan: a file is not what it was.
        OwuiSyncError: it is no plan, or one that this version cannot read; a secret is not set, or was not saved.
    """
    plan = checked(document)
    check(plan)
    collector = Collector(sources)
    changes = tuple(read_change(each, collector) for each in plan["changes"])
    jobs = tuple(read_job(each, collector) for each in plan["jobs"])
    collector.raise_all()
    return Plan(
        stack=plan["stack"],
        server=ServerIdentity(**plan["server"]),
        changes=changes,
        unchanged=tuple(plan["unchanged"]),
        awaited=tuple(plan["awaited"]),
        settled={address: read_record(record) for address, record in plan["settled"].items()},
        want=frozenset(plan["want"]),
        owned=plan["owned"],
        serial=plan["serial"],
        warnings=tuple(plan["warnings"]),
        message=plan["message"],
        requests=plan["requests"],
        created_at=plan["created_at"],
        tool=plan["tool"],
        jobs=jobs,
        manifests=read_identity(plan["manifests"]),
        claims=plan.get("claims", False),
        account=plan.get("account"),
    )


def _head(plan: Plan) -> Json:
    return {
        "format": FORMAT,
        "tool": plan.tool,
        "created_at": plan.created_at,
        "stack": plan.stack,
        "server": {"url": plan.server.url, "version": plan.server.version, "instance": plan.server.instance},
        "summary": {
            **{action.value: plan.count(action) for action in Action},
            "unchanged": len(plan.unchanged),
            "awaited": len(plan.awaited),
            "jobs": len(plan.jobs),
        },
    }
