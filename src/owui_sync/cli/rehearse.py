"""`owui-sync rehearse`."""

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
    selection_options,
)
from owui_sync.cli.planning import selected, server_for
from owui_sync.cli.reports import junit_option
from owui_sync.cli.throwaway import (
    chosen_setup,
    ensure_only_with,
    report_option,
    secrets_option,
    server_options,
    tell,
    version_in_use,
)
from owui_sync.errors import UsageError

if TYPE_CHECKING:
    from owui_sync.manifest.desired import Desired
    from owui_sync.plan.options import Options


@click.command(cls=Command, name="rehearse")
@click.option(
    "--from",
    "former",
    metavar="VERSION",
    help="Version in use.  [default: `server_version` of the target, else the one that its server runs]",
)
@click.option("--to", "version", metavar="VERSION", required=True, help="Version to upgrade to.")
@click.option("--export", "live", is_flag=True, help="Rehearse with an export of the live server, which is only read.")
@click.option("--files", is_flag=True, help="With --export, take the files of knowledge bases, too.")
@click.option("--no-jobs", is_flag=True, help="Run no jobs.")
@secrets_option
@format_option("text", "json", "markdown")
@report_option
@junit_option
@server_options
@manifest_options
@selection_options
@connection_options
def command(
    former: str | None,
    version: str,
    live: bool,
    files: bool,
    no_jobs: bool,
    real_secrets: bool,
    format: str,
    server: dict[str, Any],
    only: tuple[str, ...],
    exclude: tuple[str, ...],
    connection: ConnectionOptions,
    **where: Any,
) -> int:
    """Rehearse an upgrade of the server on a throwaway one.

    Starts the version in use on this machine and applies the manifests, then starts the new version on the same data,
    with its own migrations. Reports what the upgrade changed of what is managed, field by field: kept, changed by the
    migration, no longer possible. Then it applies the manifests, makes sure that a second plan is empty, and compares
    the answers of jobs that have `expect`. The live server is asked for its version at most, or read with --export.

    Exit codes: 0 everything is kept, or an apply brings it back; 1 error, or something is no longer possible; 6 a job
    went well before and does not any more; 69 no connection; 130 interrupted.
    """
    from owui_sync.environments.rehearsal import RehearsalRequest, rehearse
    from owui_sync.report.rehearsal import rehearsal_junit, rehearsal_lines, rehearsal_markdown
    from owui_sync.report.rehearsal_document import rehearsal_document
    from owui_sync.report.written import ReportForms

    if live and where["paths"]:
        raise UsageError("--export and PATH exclude each other")
    if not live:
        ensure_only_with("--export", {"--files": files})
    request = RehearsalRequest(
        read=None if live else _manifests(where, only, exclude, real_secrets=real_secrets),
        export=_export(connection, where, only, exclude, files=files) if live else None,
        former=lambda: version_in_use(former, where, connection, "--from"),
        version=version,
        setup=chosen_setup(server),
        jobs=not no_jobs,
    )
    result = rehearse(request, tell)
    settings = current_settings()
    forms = ReportForms(
        "rehearse", attrgetter("plan"), rehearsal_lines, rehearsal_markdown, rehearsal_document, rehearsal_junit
    )
    forms.show(result, format, settings)
    forms.save(result, settings.reports)
    return result.exit_code


def _manifests(
    where: dict[str, Any], only: tuple[str, ...], exclude: tuple[str, ...], *, real_secrets: bool
) -> Callable[[], tuple[Desired, Options]]:
    from owui_sync.environments.stand_ins import placeholder
    from owui_sync.plan.options import Options

    def read() -> tuple[Desired, Options]:
        manifests = read_manifests(**where, secret=None if real_secrets else placeholder)
        return manifests.desired, Options(selected(manifests.target, only, exclude))

    return read


def _export(
    connection: ConnectionOptions,
    where: dict[str, Any],
    only: tuple[str, ...],
    exclude: tuple[str, ...],
    *,
    files: bool,
) -> Callable[[Path], tuple[Desired, Options]]:
    from owui_sync.environments.live import exported
    from owui_sync.plan.options import Options
    from owui_sync.resolve.select import Selection

    server = server_for(connection, chosen_target(where["config"], where["target"]))

    def read(folder: Path) -> tuple[Desired, Options]:
        desired, target, warnings = exported(server, folder, Selection.parse(only, exclude), files=files)
        for warning in warnings:
            tell(f"warning: {warning}")
        return desired, Options(selected(target))

    return read
