"""`owui-sync ci`: tell the forge that a pipeline runs on what a command found."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from owui_sync.cli.options import Command, target_options
from owui_sync.report.out import say

if TYPE_CHECKING:
    from owui_sync.ci.github import GitHub, Run
    from owui_sync.ci.report import Report

_FILE = click.Path(path_type=Path, dir_okay=False)
_PERMISSION = "pull-requests: write"


@click.group(name="ci")
def command() -> None:
    """Show a plan where a pipeline runs: comments, drift issues, summaries.

    These commands read what plan or apply wrote, and never change a server. They end with 0 when the forge does not
    let them write, and say which permission is missing: a good plan does not fail because of a comment.
    """


@command.group()
def github() -> None:
    """Comment on pull requests and keep an issue about drift, on GitHub."""


@command.group()
def gitlab() -> None:
    """Write notes on merge requests, on GitLab."""


def _report_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return what a command left; the command gets `report: Report` and `key: str`."""

    @functools.wraps(function)
    def with_report(
        plan: Path | None,
        markdown: Path | None,
        errors: Path | None,
        exit_code: int,
        key: str | None,
        target: str | None,
        config: Path | None,
        **more: Any,
    ) -> Any:
        from owui_sync.ci.report import Report

        report = Report(exit_code, _document(plan), _text(markdown), _text(errors))
        return function(report=report, key=key or _key(config, target), **more)

    options = (
        click.option("--plan", type=_FILE, help="JSON that plan or apply wrote (--out, --format json)."),
        click.option("--markdown", type=_FILE, help="Markdown that it wrote (--format markdown)."),
        click.option("--errors", type=_FILE, help="What it wrote to stderr; shown if it failed."),
        click.option("--exit-code", type=int, default=0, show_default=True, help="The code that it ended with."),
        click.option("--key", help="Tells comments of several runs apart.  [default: TARGET/STACK]"),
    )
    result: Callable[..., Any] = target_options(with_report)
    for option in reversed(options):
        result = option(result)
    return result


_comment_option = click.option(
    "--comment",
    "mode",
    type=click.Choice(("changes", "always", "new", "off")),
    default="changes",
    show_default=True,
    help="Comment if there are changes, always, with a new comment for each run, or not at all.",
)


@github.command(cls=Command, name="report")
@click.argument("about", metavar="[plan|apply|drift]", type=click.Choice(("plan", "apply", "drift")))
@_report_options
@_comment_option
@click.option("--pr", "number", type=int, help="Number of the pull request.  [default: the one of the event]")
@click.option("--label", default="owui-sync-drift", show_default=True, help="Label of drift issues.")
@click.option("--no-summary", is_flag=True, help="Write no summary of the step.")
def github_report(
    about: str, report: Report, key: str, mode: str, number: int | None, label: str, no_summary: bool
) -> None:
    """Show what a command left: a summary, outputs of the step, and a comment or an issue.

    There is one comment for each key. A later run changes it in place, and a failed plan replaces the old plan. After
    `apply` it is finished, and the next plan gets a new one. Of `drift` there is one issue for each key: it is closed
    when nothing differs any more.

    Reads GITHUB_TOKEN, and what GitHub tells a workflow. Outputs: changes, create, update, adopt, replace, move,
    delete, jobs, drift, digest, exitcode, failure-reason, comment-url, issue-url.
    """
    from owui_sync.ci.github import GitHub, Run

    run = Run.of(os.environ)
    text = report.text(about)
    if not no_summary:
        _append("GITHUB_STEP_SUMMARY", f"{text}\n")
    url = ""
    if about == "drift" or mode != "off":
        token = os.environ.get("GITHUB_TOKEN", "")
        url = _told(lambda: _show(GitHub(run, token), report, about, key, text, mode, number, label), about)
    _append("GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in _outputs(report, about, url).items()))


def _show(
    github: GitHub, report: Report, about: str, key: str, text: str, mode: str, number: int | None, label: str
) -> str:
    from owui_sync.ci.comments import show
    from owui_sync.ci.github import PullRequest, show_drift
    from owui_sync.ci.marker import Marker

    if about == "drift":
        if report.failed:
            return ""  # Nothing is known of the server: an issue stays as it is.
        marker = Marker("drift", key, report.digest)
        title = f"owui-sync: {key} differs from the manifests"
        body = f"{_drift_words(report)}\n\n{text}\n\n{_footer(github.run)}"
        return show_drift(github, marker, title, body, label, drifted=report.has_changes)
    number = number or github.pull_request()
    if number is None:
        return ""
    marker = Marker("plan", key, report.digest, closed=about == "apply" and not report.failed)
    thread = PullRequest(github, number, github.me())
    worth = report.failed or report.has_changes
    comment = show(thread, marker, f"{text}\n\n{_footer(github.run)}", mode, worth=worth)  # type: ignore[arg-type]
    return comment.url if comment else ""


def _drift_words(report: Report) -> str:
    others = len((report.document or {}).get("changes", [])) - report.drifted
    return (
        f"{report.drifted} changed on the server since the last apply, {others} not applied yet. "
        "`owui-sync apply` makes the server match the manifests; `owui-sync export` shows what it has."
    )


def _footer(run: Run) -> str:
    return f"<sub>commit {run.sha[:12]} · [run]({run.url})</sub>"


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


@gitlab.command(cls=Command, name="report")
@click.argument("about", metavar="[plan|apply]", type=click.Choice(("plan", "apply")))
@_report_options
@_comment_option
def gitlab_report(about: str, report: Report, key: str, mode: str) -> None:
    """Write what a command left as a note on the merge request; later runs change it in place.

    Reads GITLAB_TOKEN, an access token of the project with the scope `api`: the token of a job cannot write notes.
    Without it, and outside of merge requests, nothing is written.
    """
    from owui_sync.ci.comments import show
    from owui_sync.ci.gitlab import Job, MergeRequest
    from owui_sync.ci.marker import Marker

    job = Job.of(os.environ)
    token, number = os.environ.get("GITLAB_TOKEN"), job.merge_request
    if mode == "off" or number is None:
        return
    if not token:
        say("no note is written: GITLAB_TOKEN is not set", err=True)
        return
    marker = Marker("plan", key, report.digest, closed=about == "apply" and not report.failed)
    text = f"{report.text(about)}\n\n<sub>commit {job.sha[:12]} · [job]({job.url})</sub>"

    def write() -> str:
        worth = report.failed or report.has_changes
        show(MergeRequest(job, token, number), marker, text, mode, worth=worth)  # type: ignore[arg-type]
        return ""

    _told(write, about, workflow=False)


def _told(write: Callable[[], str], about: str, *, workflow: bool = True) -> str:
    """Write to the forge; report a refusal, and return an empty address then."""
    from owui_sync.ci.http import ForgeError

    try:
        return write()
    except ForgeError as error:
        permission = "issues: write" if about == "drift" else _PERMISSION
        missing = error.status in (401, 403, 404)
        hint = f"; the job needs `permissions: {permission}`" if missing and workflow else ""
        text = f"{error.problems[0].message}{hint}"
        if workflow:
            say(f"::{'notice' if missing else 'warning'} title=owui-sync::{_escaped(text)}")
        else:
            say(text, err=True)
        return ""


def _escaped(text: str) -> str:
    """Return a text as a command of a workflow holds it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _append(variable: str, text: str) -> None:
    if path := os.environ.get(variable):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)


def _document(path: Path | None) -> Any:
    from owui_sync.values import load_json

    text = _text(path)
    try:
        return load_json(text.encode()) if text.strip() else None
    except ValueError as error:
        from owui_sync.errors import OwuiSyncError

        raise OwuiSyncError(f"{path} is not JSON: {error}") from None


def _text(path: Path | None) -> str:
    """Return what a file holds; of a command that failed early it may be missing."""
    return path.read_text(encoding="utf-8") if path and path.is_file() else ""


def _key(config: Path | None, target: str | None) -> str:
    """Return TARGET/STACK as the configuration has them; also a plan that failed must find its comment."""
    from owui_sync.cli.manifest_options import chosen_target
    from owui_sync.errors import ManifestError

    try:
        chosen = chosen_target(config, target)
    except ManifestError:
        return f"{target or 'default'}/default"
    return f"{chosen.name or 'default'}/{chosen.stack or 'default'}"
