"""`owui-sync ci gitlab`: what a pipeline of GitLab shows of a run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from owui_sync.cli.ci_options import (
    artifact_option,
    comment_option,
    drift_text,
    expected_option,
    footer,
    key_of,
    label_option,
    marker_of,
    report_options,
    text_of,
    write_comment,
)
from owui_sync.cli.options import Command, target_options
from owui_sync.report.out import say

if TYPE_CHECKING:
    from owui_sync.ci.report import Report

_REVIEW = "merge request"
_WAY_ON = "start a pipeline of the branch by hand (New pipeline): it shows the plan of now, and applies that"
_TOKEN = "GITLAB_TOKEN"


@click.group()
def gitlab() -> None:
    """Write notes on merge requests and keep an issue about drift, on GitLab."""


@gitlab.command(cls=Command, name="report")
@click.argument("about", metavar="[plan|apply|drift]", type=click.Choice(("plan", "apply", "drift")))
@report_options
@comment_option
@click.option("--mr", "number", type=int, help="Number of the merge request.  [default: the one of the pipeline]")
@label_option
@expected_option
@artifact_option
def gitlab_report(
    about: str,
    report: Report,
    key: str,
    mode: str,
    number: int | None,
    label: str,
    expected: str,
    artifact: str,
) -> None:
    """Show what a command left, in a note on the merge request or in an issue.

    There is one note for each key. A later run changes it in place, and a failed plan replaces the old plan. After
    `apply` it is finished: it finds the merge request that its commit came with. Of `drift` there is one issue for
    each key: it is closed when nothing differs any more.

    Reads GITLAB_TOKEN, an access token of the project with the scope `api`: the token of a job cannot write notes.
    Without it nothing is written, and neither is a plan outside of merge requests.
    """
    from owui_sync.ci.gitlab import GitLab, GitLabIssues, Job, MergeRequest
    from owui_sync.ci.issues import show_drift

    job = Job.of(os.environ)
    text, mode = text_of(about, report, mode, _REVIEW, _WAY_ON)
    marker = marker_of(about, report, key, expected)
    signed = f"{text}\n\n{footer(job.sha, ('job', job.url), artifact)}"
    number = number or job.merge_request

    def write() -> None:
        gitlab = GitLab(job, os.environ[_TOKEN])
        if about == "drift":
            body, issues = drift_text(report, signed), GitLabIssues(gitlab, label)
            show_drift(issues, marker, body, job.url, drifted=report.has_changes)
        elif request := number or gitlab.merge_request():
            write_comment(MergeRequest(gitlab, request), report, marker, signed, mode)

    # Of a plan for drift that failed nothing is known: an issue stays as it is. A plan of a branch is no review.
    wanted = {"drift": not report.failed, "plan": mode != "off" and number is not None, "apply": mode != "off"}
    if wanted[about]:
        _tell(write, "issue" if about == "drift" else "note")


@gitlab.command(cls=Command, name="digest")
@target_options
@click.option("--key", help="The key that the note has.  [default: TARGET/STACK]")
@click.option("--mr", "number", type=int, help="Number of the merge request.  [default: the one that was merged]")
def gitlab_digest(target: str | None, config: Path | None, key: str | None, number: int | None) -> None:
    """Print the digest of the plan that was reviewed in a merge request, for `apply --expect-digest`.

    It is read from the note that `ci gitlab report plan` wrote, with the GITLAB_TOKEN that wrote it. For a merge
    request without a note it is `empty`: its plan had no changes, or was not shown. For a commit without a merge
    request nothing is printed.

    Exit codes: 0 done; 1 GitLab did not answer; 4 the last plan of the merge request failed, or was applied already;
    64 there is no GITLAB_TOKEN.
    """
    from owui_sync.ci.gitlab import GitLab, Job, MergeRequest
    from owui_sync.ci.review import expected_digest
    from owui_sync.errors import UsageError

    job, token = Job.of(os.environ), os.environ.get(_TOKEN)
    if not token:
        raise UsageError(
            f"{_TOKEN} is not set, so the note with the reviewed plan cannot be read",
            hint="set the access token of the project that writes the notes, or apply without --expect-digest",
        )
    gitlab = GitLab(job, token)
    number = number or gitlab.merge_request()
    thread = None if number is None else MergeRequest(gitlab, number)
    digest, notice = expected_digest(thread, key or key_of(config, target), _REVIEW, _WAY_ON)
    if notice:
        say(notice, err=True)
    say(digest)


def _tell(write: Callable[[], None], what: str) -> None:
    """Write to GitLab, and say why where that cannot be."""
    from owui_sync.ci.http import ForgeError

    if not os.environ.get(_TOKEN):
        say(f"no {what} is written: {_TOKEN} is not set", err=True)
        return
    try:
        write()
    except ForgeError as error:
        hint = f"; {_TOKEN} needs the scope `api`" if error.status in (401, 403, 404) else ""
        say(f"{error.problems[0].message}{hint}", err=True)
