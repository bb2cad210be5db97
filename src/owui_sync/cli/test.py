"""`owui-sync test`."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from owui_sync.cli.manifest_options import chosen_target, manifest_options, read_manifests
from owui_sync.cli.options import (
    Command,
    ConnectionOptions,
    connection_options,
    current_settings,
    format_option,
)
from owui_sync.cli.planning import Planning, planning_options
from owui_sync.cli.reports import junit_option
from owui_sync.cli.throwaway import (
    chosen_setup,
    report_option,
    secrets_option,
    server_options,
    tell,
    version_in_use,
)

if TYPE_CHECKING:
    from owui_sync.environments.gate import Former
    from owui_sync.manifest.desired import Desired
    from owui_sync.plan.options import Options


@click.command(cls=Command, name="test")
@click.option(
    "--version",
    help="Version of Open WebUI.  [default: `server_version` of the target, else the one that its server runs]",
)
@click.option("--base", metavar="GIT_REF", help="Begin with the manifests of that commit, and show what changes.")
@secrets_option
@format_option("text", "json", "markdown")
@report_option
@junit_option
@server_options
@manifest_options
@planning_options
@connection_options
def command(
    version: str | None,
    base: str | None,
    real_secrets: bool,
    format: str,
    server: dict[str, Any],
    planning: Planning,
    connection: ConnectionOptions,
    **where: Any,
) -> int:
    """Test manifests on a throwaway server, before they touch a live one.

    Validates them, starts an Open WebUI on this machine, applies them, makes sure that a second plan is empty, and runs
    the jobs that have `expect`. With --base the server first gets the manifests of that commit, and the report shows
    what the change does from there, with what it deletes. The live server is asked for its version at most.

    Exit codes: 0 passed; 1 error, or the second plan is not empty; 3 some changes failed; 5 the change is refused as
    unsafe; 6 a job failed, or its answer is not as expected; 69 no connection; 130 interrupted.
    """
    from owui_sync.environments.gate import GateRequest, run_gate
    from owui_sync.environments.stand_ins import placeholder
    from owui_sync.report.gate import gate_document, gate_junit, gate_lines, gate_markdown
    from owui_sync.report.written import ReportForms

    where["secret"] = None if real_secrets else placeholder

    def read() -> tuple[Desired, Options]:
        manifests = read_manifests(**where)
        return manifests.desired, planning.options(manifests.layers, manifests.target)

    request = GateRequest(
        read=read,
        version=lambda: version_in_use(version, where, connection, "--version"),
        setup=chosen_setup(server),
        threshold=planning.threshold,
        former=_former(base, where) if base else None,
    )
    result = run_gate(request, tell)
    settings = current_settings()
    forms = ReportForms("test", attrgetter("review"), gate_lines, gate_markdown, gate_document, gate_junit)
    forms.show(result, format, settings)
    forms.save(result, settings.reports)
    return result.exit_code


def _former(ref: str, where: dict[str, Any]) -> Former:
    """Return the manifests of another commit, read as those of this one are.

    Raise UsageError if there is no such commit.
    """
    from owui_sync.environments.base import commit_of
    from owui_sync.environments.gate import Former
    from owui_sync.manifest.config import find

    config = where["config"] or find(Path.cwd())
    paths = where["paths"] or chosen_target(config, where["target"]).require_layers()
    commit = commit_of(ref, paths)
    return Former(commit, _reader(commit.path, config, where))


def _reader(
    place: Callable[[Path, Path], Path], config: Path | None, where: dict[str, Any]
) -> Callable[[Path], Desired | None]:
    def read(folder: Path) -> Desired | None:
        then = place(folder, config) if config else None
        there = {**where, "config": then if then and then.exists() else config}
        if where["paths"]:
            there["paths"] = [path for path in (place(folder, path) for path in where["paths"]) if path.exists()]
            return read_manifests(**there).desired if there["paths"] else None
        return read_manifests(**there).desired if there["config"] == then else None

    return read
