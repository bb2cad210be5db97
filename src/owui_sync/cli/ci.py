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
    from owui_sync.ci.marker import Marker
    from owui_sync.ci.report import Report

_FILE = click.Path(path_type=Path, dir_okay=False)
_PERMISSION = "pull-requests: write"
_WAY_ON = "look at the plan of now and start the workflow by hand (Run workflow), which applies it without a comparison"
_NOT_REVIEWED = (
    "**Nothing was changed:** the plan below is not the one that was reviewed in the pull request. The server or the "
    f"manifests have changed since. To go on, {_WAY_ON}; or open a pull request, which gets a plan of its own."
)


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
@click.option("--expect-digest", "expected", metavar="SHA", default="", help="What the apply was told to expect.")
@click.option("--artifact", metavar="URL", default="", help="Address of an artifact with the reports, for a link.")
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
    from owui_sync.ci.github import GitHub, Run
    from owui_sync.ci.marker import Marker

    run = Run.of(os.environ)
    text = report.text(about)
    if about == "apply" and report.is_unreviewed:
        text, mode = f"{_NOT_REVIEWED}\n\n{text}", "new" if mode != "off" else mode
    for line in beside_lines(report.problems, Path.cwd(), Path(os.environ.get("GITHUB_WORKSPACE", Path.cwd()))):
        say(line)
    if not no_summary:
        _append("GITHUB_STEP_SUMMARY", f"{text}\n")
    is_done = about == "apply" and not report.failed
    plan = expected if about == "apply" else report.plan_digest
    marker = Marker("drift" if about == "drift" else "plan", key, report.digest, is_done, plan)
    footer = _footer(run, artifact)
    url = ""
    if about == "drift" or mode != "off":
        token = os.environ.get("GITHUB_TOKEN", "")
        url = _told(
            lambda: _show(GitHub(run, token), report, marker, f"{text}\n\n{footer}", mode, number, label), about
        )
    _append("GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in _outputs(report, about, url).items()))


def _show(github: GitHub, report: Report, marker: Marker, text: str, mode: str, number: int | None, label: str) -> str:
    from owui_sync.ci.comments import show
    from owui_sync.ci.github import PullRequest, show_drift

    if marker.about == "drift":
        if report.failed:
            return ""  # Nothing is known of the server: an issue stays as it is.
        title = f"owui-sync: {marker.key} differs from the manifests"
        body = f"{_drift_words(report)}\n\n{text}"
        return show_drift(github, marker, title, body, label, drifted=report.has_changes)
    number = number or github.pull_request()
    if number is None:
        return ""
    thread = PullRequest(github, number, github.me())
    worth = report.failed or report.has_changes
    comment = show(thread, marker, text, mode, worth=worth)  # type: ignore[arg-type]
    return comment.url if comment else ""


def _drift_words(report: Report) -> str:
    others = len((report.document or {}).get("changes", [])) - report.drifted
    return (
        f"{report.drifted} changed on the server since the last apply, {others} not applied yet. "
        "`owui-sync apply` makes the server match the manifests; `owui-sync export` shows what it has."
    )


def _footer(run: Run, artifact: str) -> str:
    page = f" · [all of it as a page]({artifact})" if artifact else ""
    return f"<sub>commit {run.sha[:12]} · [run]({run.url}){page}</sub>"


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
    from owui_sync.ci.comments import reviewed
    from owui_sync.ci.github import GitHub, PullRequest, Run
    from owui_sync.run.confirmation import EMPTY

    github = GitHub(Run.of(os.environ), os.environ.get("GITHUB_TOKEN", ""))
    number, found = number or github.pull_request(), None
    if number is not None:
        found = reviewed(PullRequest(github, number, github.me()), key or _key(config, target))
    digest = found.plan if found else EMPTY if number is not None else ""
    if number is None:
        say("::notice title=owui-sync::no plan was reviewed: this commit has no pull request", err=True)
    elif found is None:
        what = "shows no plan, so only one without changes is applied"
        say(f"::notice title=owui-sync::pull request #{number} {what}", err=True)
    elif not digest:
        from owui_sync.errors import StalePlan

        why = "is applied already" if found.closed else "failed, so nothing was reviewed"
        raise StalePlan(f"the plan of pull request #{number} {why}", hint=_WAY_ON)
    _append("GITHUB_OUTPUT", f"digest={digest}\n")
    say(digest)


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
    from owui_sync.ci.annotations import escaped
    from owui_sync.ci.http import ForgeError

    try:
        return write()
    except ForgeError as error:
        permission = "issues: write" if about == "drift" else _PERMISSION
        missing = error.status in (401, 403, 404)
        hint = f"; the job needs `permissions: {permission}`" if missing and workflow else ""
        text = f"{error.problems[0].message}{hint}"
        if workflow:
            say(f"::{'notice' if missing else 'warning'} title=owui-sync::{escaped(text)}")
        else:
            say(text, err=True)
        return ""


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
