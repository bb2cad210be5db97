"""What the commands of `owui-sync ci` have in common: which files they read, and what they write to any forge."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from owui_sync.cli.options import target_options

if TYPE_CHECKING:
    from owui_sync.ci.comments import Mode, Thread
    from owui_sync.ci.marker import Marker
    from owui_sync.ci.report import Report

_FILE = click.Path(path_type=Path, dir_okay=False)


def report_options(function: Callable[..., Any]) -> Callable[..., Any]:
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
        return function(report=report, key=key or key_of(config, target), **more)

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


comment_option = click.option(
    "--comment",
    "mode",
    type=click.Choice(("changes", "always", "new", "off")),
    default="changes",
    show_default=True,
    help="Comment if there are changes, always, with a new comment for each run, or not at all.",
)
label_option = click.option("--label", default="owui-sync-drift", show_default=True, help="Label of drift issues.")
expected_option = click.option(
    "--expect-digest", "expected", metavar="SHA", default="", help="What the apply was told to expect."
)
artifact_option = click.option(
    "--artifact", metavar="URL", default="", help="Address of an artifact with the reports, for a link."
)


def marker_of(about: str, report: Report, key: str, expected: str) -> Marker:
    """Return the marker of what is written about `plan`, `apply` or `drift`; `expected` is what an apply expected."""
    from owui_sync.ci.marker import Marker

    is_done = about == "apply" and not report.failed
    plan = expected if about == "apply" else report.plan_digest
    return Marker("drift" if about == "drift" else "plan", key, report.digest, is_done, plan)


def text_of(about: str, report: Report, mode: str, review: str, way_on: str) -> tuple[str, str]:
    """Return what to say, and the mode of the comment: an apply that was refused stands beside what was reviewed.

    Args:
        review: where plans are reviewed, such as `pull request`.
        way_on: what to do after a refusal.
    """
    from owui_sync.ci.review import refusal

    text = report.text(about)
    if about == "apply" and report.is_unreviewed:
        return f"{refusal(review, way_on)}\n\n{text}", "new" if mode != "off" else mode
    return text, mode


def drift_text(report: Report, text: str) -> str:
    """Return what an issue about drift says, with the plan."""
    others = len((report.document or {}).get("changes", [])) - report.drifted
    words = (
        f"{report.drifted} changed on the server since the last apply, {others} not applied yet. "
        "`owui-sync apply` makes the server match the manifests; `owui-sync export` shows what it has."
    )
    return f"{words}\n\n{text}"


def write_comment(thread: Thread, report: Report, marker: Marker, text: str, mode: str) -> str:
    """Make a thread show a plan or an apply; return the address of the comment, or an empty text without one."""
    from owui_sync.ci.comments import show

    comment = show(thread, marker, text, cast("Mode", mode), worth=report.failed or report.has_changes)
    return comment.url if comment else ""


def footer(commit: str, run: tuple[str, str], artifact: str) -> str:
    """Return the last line of a comment: commit, the run by name and address, and a link to the artifact."""
    page = f" · [all of it as a page]({artifact})" if artifact else ""
    return f"<sub>commit {commit[:12]} · [{run[0]}]({run[1]}){page}</sub>"


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


def key_of(config: Path | None, target: str | None) -> str:
    """Return TARGET/STACK as the configuration has them; also a plan that failed must find its comment."""
    from owui_sync.cli.manifest_options import chosen_target
    from owui_sync.errors import ManifestError

    try:
        chosen = chosen_target(config, target)
    except ManifestError:
        return f"{target or 'default'}/default"
    return f"{chosen.name or 'default'}/{chosen.stack or 'default'}"
