"""`owui-sync ci github`: what a workflow of GitHub shows of a run."""

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

_REVIEW = "pull request"
_WAY_ON = "look at the plan of now and start the workflow by hand (Run workflow), which applies it without a comparison"


@click.group()
def github() -> None:
    """Comment on pull requests and keep an issue about drift, on GitHub."""


@github.command(cls=Command, name="report")
@click.argument("about", metavar="[plan|apply|drift]", type=click.Choice(("plan", "apply", "drift")))
@report_options
@comment_option
@click.option("--pr", "number", type=int, help="Number of the pull request.  [default: the one of the event]")
@label_option
@click.option("--no-summary", is_flag=True, help="Write no summary of the step.")
@expected_option
@artifact_option
def github_report(
    about: str,
    report: Report,
    key: str,
    mode: str,
    number: int | None,
    label: str,
    no_summary: bool,
    expected: str,
    artifact: str,
) -> None:
    """Show what a command left: a summary, outputs of the step, and a comment or an issue.

    There is one comment for each key. A later run changes it in place, and a failed plan replaces the old plan. After
    `apply` it is finished, and the next plan gets a new one. Of `drift` there is one issue for each key: it is closed
    when nothing differs any more.

    Problems of manifests are shown beside their lines.

    Reads GITHUB_TOKEN, and what GitHub tells a workflow. Outputs: changes, create, update, adopt, replace, move,
    delete, jobs, drift, digest, exitcode, failure-reason, comment-url, issue-url.
    """
    from owui_sync.ci.annotations import beside_lines
    from owui_sync.ci.github import GitHub, GitHubIssues, PullRequest, Run
    from owui_sync.ci.issues import show_drift

    run = Run.of(os.environ)
    text, mode = text_of(about, report, mode, _REVIEW, _WAY_ON)
    for line in beside_lines(report.problems, Path.cwd(), Path(os.environ.get("GITHUB_WORKSPACE", Path.cwd()))):
        say(line)
    if not no_summary:
        _append("GITHUB_STEP_SUMMARY", f"{text}\n")
    marker = marker_of(about, report, key, expected)
    signed = f"{text}\n\n{footer(run.sha, ('run', run.url), artifact)}"

    def write() -> str:
        github = GitHub(run, os.environ.get("GITHUB_TOKEN", ""))
        if about == "drift":
            body, issues = drift_text(report, signed), GitHubIssues(github, label)
            return show_drift(issues, marker, body, run.url, drifted=report.has_changes)
        request = number or github.pull_request()
        if request is None:
            return ""
        return write_comment(PullRequest(github, request, github.me()), report, marker, signed, mode)

    # Of a plan for drift that failed nothing is known: an issue stays as it is.
    is_written = not report.failed if about == "drift" else mode != "off"
    url = _told(write, about) if is_written else ""
    _append("GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in _outputs(report, about, url).items()))


def _outputs(report: Report, about: str, url: str) -> dict[str, object]:
    return {
        "changes": str(report.has_changes).lower(),
        **report.counts,
        "drift": report.drifted,
        "digest": (report.document or {}).get("digest", ""),
        "exitcode": report.exit_code,
        "failure-reason": report.reason,
        "issue-url" if about == "drift" else "comment-url": url,
    }


@github.command(cls=Command, name="digest")
@target_options
@click.option("--key", help="The key that the comment has.  [default: TARGET/STACK]")
@click.option("--pr", "number", type=int, help="Number of the pull request.  [default: the one that was merged]")
def github_digest(target: str | None, config: Path | None, key: str | None, number: int | None) -> None:
    """Print the digest of the plan that was reviewed in a pull request, for `apply --expect-digest`.

    It is read from the comment that `ci github report plan` wrote, and also written to the outputs of the step, as
    `digest`. For a pull request without a comment it is `empty`: its plan had no changes, or was not shown. For a
    commit without a pull request nothing is printed.

    Exit codes: 0 done; 1 GitHub did not answer; 4 the last plan of the pull request failed, or was applied already.
    """
    from owui_sync.ci.github import GitHub, PullRequest, Run
    from owui_sync.ci.review import expected_digest

    github = GitHub(Run.of(os.environ), os.environ.get("GITHUB_TOKEN", ""))
    number = number or github.pull_request()
    thread = None if number is None else PullRequest(github, number, github.me())
    digest, notice = expected_digest(thread, key or key_of(config, target), _REVIEW, _WAY_ON)
    if notice:
        say(f"::notice title=owui-sync::{notice}", err=True)
    _append("GITHUB_OUTPUT", f"digest={digest}\n")
    say(digest)


def _told(write: Callable[[], str], about: str) -> str:
    """Write to GitHub; report a refusal, and return an empty address then."""
    from owui_sync.ci.annotations import escaped
    from owui_sync.ci.http import ForgeError

    try:
        return write()
    except ForgeError as error:
        permission = "issues: write" if about == "drift" else "pull-requests: write"
        missing = error.status in (401, 403, 404)
        hint = f"; the job needs `permissions: {permission}`" if missing else ""
        text = f"{error.problems[0].message}{hint}"
        say(f"::{'notice' if missing else 'warning'} title=owui-sync::{escaped(text)}")
        return ""


def _append(variable: str, text: str) -> None:
    if path := os.environ.get(variable):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
