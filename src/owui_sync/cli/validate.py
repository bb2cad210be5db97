"""`owui-sync validate`."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from owui_sync.cli.manifest_options import manifest_options, read_manifests
from owui_sync.cli.options import Command, SectionOption, output_options

if TYPE_CHECKING:
    from owui_sync.errors import Diagnostic
    from owui_sync.manifest.desired import Desired
    from owui_sync.report.reporters import Reporter
    from owui_sync.values import Json

_PLACE = re.compile(r"(?P<file>.*):(?P<line>\d+):(?P<column>\d+)")


@click.command(cls=Command, name="validate")
@manifest_options
@click.option(
    "--allow-missing-secrets",
    cls=SectionOption,
    section="Manifests",
    is_flag=True,
    help="Accept secrets that are not set, for example in the CI run of a pull request.",
)
@output_options("text", "json")
def command(allow_missing_secrets: bool, reporter: Reporter, **where: Any) -> int:
    """Check manifests without a server.

    Reads the manifests (files, or folders of *.yaml; without PATH, the layers of ./owui-sync.yaml) with all files,
    variables and secrets that they name, and reports all problems together. No request is sent.

    Exit codes: 0 valid; 1 not valid.
    """
    from owui_sync.errors import ManifestError

    try:
        desired = read_manifests(**where, allow_missing_secrets=allow_missing_secrets).desired
    except ManifestError as error:
        reporter.show_invalid(error, _document(error.problems, None))
        return error.exit_code
    reporter.show_document(_document((), desired), summary(desired), tuple(map(str, desired.warnings)))
    return 0


def summary(desired: Desired) -> str:
    """Return one line such as `valid: 20 groups, 1 prompt in 3 files`."""
    from owui_sync.kinds import KINDS

    counts = _counts(desired)
    entries = [
        f"{counts[kind.name]} {kind.name if counts[kind.name] == 1 else kind.section}"
        for kind in KINDS.values()
        if kind.name in counts
    ]
    if jobs := len(desired.jobs):
        entries.append(f"{jobs} {'job' if jobs == 1 else 'jobs'}")
    files = len(desired.files)
    return f"valid: {', '.join(entries) or 'nothing'} in {files} {'file' if files == 1 else 'files'}"


def _counts(desired: Desired) -> dict[str, int]:
    jobs = ["job"] * len(desired.jobs)
    return dict(Counter([*(entry.kind for entry in desired.entries.values()), *jobs]))


def _document(problems: tuple[Diagnostic, ...], desired: Desired | None) -> Json:
    return {
        "format": 1,
        "valid": desired is not None,
        "problems": [_as_json(problem) for problem in problems],
        "warnings": [_as_json(warning) for warning in (desired.warnings if desired else ())],
        "entries": _counts(desired) if desired else {},
    }


def _as_json(problem: Diagnostic) -> dict[str, Any]:
    place = _PLACE.fullmatch(problem.where or "")
    return {
        "message": problem.message,
        "where": problem.where,
        "file": place["file"] if place else problem.where,
        "line": int(place["line"]) if place else None,
        "column": int(place["column"]) if place else None,
        "hint": problem.hint,
    }
