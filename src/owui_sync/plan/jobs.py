"""Which jobs are due, and why: what is written, against what is known of the last runs. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from owui_sync.errors import Diagnostic, ManifestError
from owui_sync.manifest.desired import Desired, Job
from owui_sync.plan.job_history import claim_of
from owui_sync.plan.job_inputs import changed, parts_of, then_of
from owui_sync.plan.owners import of_others, unusable
from owui_sync.plan.references import check_use
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import Action, DueJob, JobRecord, JobState, Plan
from owui_sync.resolve.jobs import named_by_job
from owui_sync.resolve.pipes import functions_of, with_pipes


def add_due_jobs(
    plan: Plan,
    desired: Desired,
    jobs: Mapping[str, Job],
    snapshot: Snapshot,
    known: Mapping[str, JobRecord],
    asked: Collection[str] = (),
) -> Plan:
    """Return the plan with the jobs that run after its changes, in the order of the manifests.

    Args:
        jobs: those that the run is about.
        known: name -> the last run of a job, where its chat is still there.
        asked: jobs that a person wants run now; of the others in `jobs` then only those run that have not succeeded.

    Raises:
        ManifestError: a job names what neither the manifests nor the server have, or needs a job that is left out.
    """
    chosen, problems, warnings = [], list[Diagnostic](), list(plan.warnings)
    for job in jobs.values():
        found = _chosen(job, desired, snapshot.inventory.salt, known.get(job.name), asked)
        if found:
            chosen.append(replace(found, claim=claim_of(known.get(job.name))))
            check_job(job, desired, plan, snapshot, problems, warnings)
            problems += [] if asked else _left_out(job, jobs, known)
    if problems:
        raise ManifestError.of(problems)
    return replace(plan, jobs=tuple(chosen), warnings=tuple(dict.fromkeys(warnings)))


def _chosen(job: Job, desired: Desired, salt: str, record: JobRecord | None, asked: Collection[str]) -> DueJob | None:
    """Return the job as it is to be run; None when it is not."""
    found = due(job, desired, salt, record)
    if not asked:
        return found if job.run != "manual" else None
    if job.name not in asked and succeeded(record):
        return None
    if found and found.last and found.last.state in (JobState.RUNNING, JobState.FAILED):
        return found
    reason = "asked for" if job.name in asked else "needed, and has not succeeded yet"
    return DueJob(job, reason, parts_of(job, desired.jobs, desired.entries, salt), then_of(job))


def succeeded(record: JobRecord | None) -> bool:
    """Return whether what needs the job can run without running it again."""
    return record is not None and record.state is JobState.DONE


def due(job: Job, desired: Desired, salt: str, record: JobRecord | None) -> DueJob | None:
    """Return why the job would run, and with which run it goes on; None for one that is done.

    Args:
        salt: of the inventory.
        record: its last run.
    """
    parts, then = parts_of(job, desired.jobs, desired.entries, salt), then_of(job)
    if record is None:
        return DueJob(job, "never ran", parts, then)
    difference, later = changed(parts, record.parts), changed(then, record.then)
    if difference and not (job.run == "once" and record.state is JobState.DONE):
        return DueJob(job, "always" if job.run == "always" else difference, parts, then)
    if record.state is JobState.RUNNING:
        return DueJob(job, f"interrupted at {record.step}" if record.step else "interrupted", parts, then, record)
    if record.state is JobState.FAILED:
        return DueJob(job, "failed last time", parts, then, record)
    if job.run == "always":
        return DueJob(job, "always", parts, then)
    if record.state is JobState.UNMET:
        # What it is expected to be may have been wrong: then the answer that is there may do.
        return DueJob(job, later or "not as expected last time", parts, then, record if later else None)
    return DueJob(job, later, parts, then, record) if later and job.run != "once" else None


def check_job(
    job: Job, desired: Desired, plan: Plan, snapshot: Snapshot, problems: list[Diagnostic], warnings: list[str]
) -> None:
    """Add a problem for each name that will not be there when the job runs, and for what the server cannot do."""
    made = {change.address for change in plan.changes if change.action is not Action.DELETE}
    gone = {change.address for change in plan.changes if change.action is Action.DELETE}
    others = of_others(snapshot)
    functions = {**functions_of(snapshot.objects), **functions_of(desired.entries)}
    for use in with_pipes(named_by_job(job), functions, desired.entries):
        if use.address in gone:
            message = f"{job.address}: `{use.path}` names {use.address}, which this plan deletes"
            problems.append(
                Diagnostic(message, str(job.where(use.path)), f"write {use.address} again, or do without it")
            )
        elif use.address in others:
            problems.append(unusable(job.address, use.address, str(job.where(use.path)), others, snapshot))
        elif use.address not in made:
            check_use(job.address, use, str(job.where(use.path)), desired.entries, snapshot.names, problems, warnings)


def _left_out(job: Job, jobs: Mapping[str, Job], known: Mapping[str, JobRecord]) -> list[Diagnostic]:
    """Return the jobs that it needs, that have not succeeded, and that this run will not run."""
    found, where = [], str(job.where("needs"))
    for name in job.needs:
        if succeeded(known.get(name)):
            continue
        if name not in jobs:
            message = f"{job.address} needs job/{name}, which is left out and is not known to have succeeded"
            found.append(Diagnostic(message, where, "select it too"))
        elif jobs[name].run == "manual":
            message = f"{job.address} needs job/{name}, which has not succeeded yet and is only run by hand"
            found.append(Diagnostic(message, where, f"run it first: owui-sync run {name}"))
    return found
