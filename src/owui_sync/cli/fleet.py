"""`owui-sync fleet`: many instances from one repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from owui_sync.cli.fleet_options import (
    InstanceOptions,
    PlaceOptions,
    SettingsOptions,
    file_argument,
    instance_options,
    place_options,
    report_options,
    settings_options,
)
from owui_sync.cli.options import Command, OutputPath, current_reporter, current_settings, format_option
from owui_sync.cli.planning import Planning, planning_options
from owui_sync.cli.running import asking, run_options
from owui_sync.errors import UsageError
from owui_sync.report.out import say

_FOLDER = OutputPath(path_type=Path, file_okay=False)
_SAVED = click.Path(path_type=Path, dir_okay=False)


@click.group(name="fleet")
def command() -> None:
    """Plan and change many instances from one repository.

    FILE is the fleet: instances, and the waves in which they are changed. Default: ./fleet.yaml.
    """


@command.command(cls=Command, name="list")
@file_argument
@click.option("--shards", type=click.IntRange(1, 256), default=4, show_default=True, help="Of the format matrix.")
@format_option("text", "json", "matrix", "ansible", "argocd")
@instance_options
def list_(file: Path | None, shards: int, format: str, instances: InstanceOptions) -> None:
    """List the instances and their waves.

    matrix prints shards for a matrix of GitHub or GitLab, ansible an inventory, argocd the elements of a list
    generator. No request is sent, and no secret is read.
    """
    from owui_sync.cli.fleet_work import load
    from owui_sync.fleet.listing import LISTINGS

    fleet, chosen = load(file, instances, current_reporter())
    say(LISTINGS[format](fleet, chosen, shards))


@command.command(cls=Command)
@file_argument
@click.option("--allow-missing-secrets", is_flag=True, help="Accept a `!secret` that is not set.")
@click.option("--var", multiple=True, metavar="N=V", help="Set a variable of all instances; repeatable.")
@format_option("text", "json")
@instance_options
def validate(
    file: Path | None, allow_missing_secrets: bool, var: tuple[str, ...], format: str, instances: InstanceOptions
) -> int:
    """Check the fleet and the manifests of every instance without a server.

    Exit codes: 0 valid; 1 not valid.
    """
    from owui_sync.cli.fleet_work import check_manifests, load
    from owui_sync.report.visible import dumps

    fleet, chosen = load(file, instances, current_reporter())
    document, error = check_manifests(fleet, chosen, var, allow_missing_secrets)
    if format == "json":
        say(dumps(document))
        return 0 if error is None else error.exit_code
    if error is not None:
        raise error
    say(f"valid: {len(chosen)} instances")
    return 0


@command.command(cls=Command)
@file_argument
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when an instance has changes.")
@click.option("--plans", type=_FOLDER, metavar="DIR", help="Save each plan to DIR/INSTANCE.json.")
@report_options
@instance_options
@place_options
@planning_options
@settings_options
def plan(file: Path | None, detailed_exitcode: bool, plans: Path | None, **words: Any) -> int:
    """Show what apply would change, equal plans once. It cannot write to any server.

    Exit codes: 0 done; 1 error in the fleet; 2 there are changes (only with --detailed-exitcode); 3 an instance failed;
    130 interrupted.
    """
    from owui_sync.cli.fleet_work import look
    from owui_sync.fleet.unit import Command as Do

    return look(Do.PLAN, file, detailed=detailed_exitcode, plans=plans, **words)


@command.command(cls=Command)
@file_argument
@report_options
@instance_options
@place_options
@planning_options
@settings_options
def drift(file: Path | None, **words: Any) -> int:
    """Show what somebody changed on the servers since it was applied.

    Exit codes: 0 nothing; 1 error in the fleet; 2 an instance drifted; 3 an instance failed; 130 interrupted.
    """
    from owui_sync.cli.fleet_work import look
    from owui_sync.fleet.unit import Command as Do

    return look(Do.DRIFT, file, detailed=True, **words)


@command.command(cls=Command)
@file_argument
@report_options
@instance_options
@place_options
@settings_options
def status(file: Path | None, **words: Any) -> int:
    """Show the last run of each instance, as its server's own inventory tells it.

    Exit codes: 0 done; 1 error in the fleet; 3 an instance could not be read; 130 interrupted.
    """
    from owui_sync.cli.fleet_work import look
    from owui_sync.fleet.unit import Command as Do

    return look(Do.STATUS, file, detailed=False, **words)


@command.command(cls=Command)
@file_argument
@run_options
@click.option("--max-failures", metavar="N|N%", help="Start no more once more than this of a wave failed.")
@click.option("--fail-fast", is_flag=True, help="Start no more once one failed; the same as --max-failures 0.")
@click.option("--resume", type=_SAVED, metavar="REPORT", help="Only what the apply of this JSON report left.")
@click.option("--plans", type=_FOLDER, metavar="DIR", help="Apply the saved plans of `fleet plan --plans DIR`.")
@click.option("--no-wait", is_flag=True, help="Do not bake: neither wait after waves nor plan them again.")
@report_options
@instance_options
@place_options
@planning_options
@settings_options
def apply(
    file: Path | None,
    yes: bool,
    max_failures: str | None,
    fail_fast: bool,
    instances: InstanceOptions,
    place: PlaceOptions,
    planning: Planning,
    options: SettingsOptions,
    **words: Any,
) -> int:
    """Make the servers match the manifests, wave after wave.

    On a terminal it plans all instances first, shows that, asks, and applies what was shown or nothing; without one it
    needs --yes. A wave starts when the one before it ended and not more than its `max_failures` failed. What is started
    is finished; the rest is reported as not started, for --resume.

    Exit codes: 0 done; 1 error in the fleet; 3 some instances failed or were not started; 130 interrupted.
    """
    from owui_sync.cli.fleet_work import Applying
    from owui_sync.fleet.wave import Share

    if fail_fast and max_failures is not None:
        raise UsageError("--fail-fast and --max-failures exclude each other")
    most = "0" if fail_fast else max_failures
    limit = Share.parse(most, "--max-failures") if most is not None else None
    if words["plans"] and planning.given:
        raise UsageError("saved plans are applied as they were made: these options belong to `fleet plan`")
    return Applying(instances, place, planning, options, limit=limit, ask=asking(yes), **words).run(file)


@command.command(cls=Command)
@click.argument("reports", nargs=-1, required=True, metavar="REPORT...", type=_SAVED)
@report_options
def merge(reports: tuple[Path, ...], format: str) -> int:
    """Join the JSON reports of shards into one.

    Exit codes: that of a run of them all.
    """
    from owui_sync.cli.fleet_reports import read_report, show
    from owui_sync.fleet import formats, report

    document = report.merge([read_report(path) for path in reports])
    formats.write(document, current_settings().reports)
    show(document, format)
    return report.exit_code(document)
