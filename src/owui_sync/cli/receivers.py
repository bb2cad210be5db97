"""Tells the receivers of the configuration how a command ended."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from owui_sync.errors import ManifestError

if TYPE_CHECKING:
    from owui_sync.report.reporters import Reporter
    from owui_sync.report.run_report import RunReport

_COMMANDS = ("plan", "apply", "destroy", "run")
"""Those that look at one server, or change one, for a configuration."""


def tell_receivers(reporter: Reporter, report: RunReport, config: Path | None) -> None:
    """Send a message to each receiver that wants to know; warn of those that cannot be reached.

    Args:
        reporter: knows the plan and the result, and shows warnings.
        report: what the command said at its end.
        config: the value of `--config`.
    """
    if report.command not in _COMMANDS:
        return
    from owui_sync.cli.manifest_options import chosen_target

    target = None
    with suppress(ManifestError):  # That is what the command failed with, and where receivers are is not known.
        target = chosen_target(config, report.target or None)
    if target is None or not target.receivers:
        return
    from owui_sync.notify.message import events_of, message_of
    from owui_sync.notify.send import send

    report = replace(reporter.completed(report), target=target.name or "")
    events = events_of(report)
    if told := [receiver for receiver in target.receivers if set(receiver.when) & set(events)]:
        import os

        reporter.warn(send(message_of(report, os.environ), told))
