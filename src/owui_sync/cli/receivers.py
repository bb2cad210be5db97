"""Tells the receivers of the configuration how a command ended."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from owui_sync.errors import ManifestError, OwuiSyncError
from owui_sync.values import Json

if TYPE_CHECKING:
    from owui_sync.fleet.instance import Fleet
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
        reporter.warn(send(message_of(report, os.environ), told))


Ended = Callable[[Json, int], int]
"""Gets the report of a fleet and the exit code of the command, and returns the code."""


@contextmanager
def telling_of_fleet(reporter: Reporter, fleet: Fleet, command: str) -> Iterator[Ended]:
    """Send one message for the block to each receiver of the fleet that wants to know, also where the block fails.

    Args:
        reporter: shows warnings of receivers that cannot be reached.
        fleet: knows the receivers.
        command: `plan`, `apply` or `drift`.
    """
    start, documents = time.time(), list[Json]()

    def ended(document: Json, code: int) -> int:
        documents.append(document)
        tell(code)
        return code

    def tell(code: int) -> None:
        from owui_sync.fleet.text import totals_words
        from owui_sync.notify.fleet_message import FleetEnd, fleet_events, fleet_message
        from owui_sync.notify.send import send

        document, end = documents[0] if documents else None, time.time()
        totals = totals_words(document) if document else ""
        found = FleetEnd(command, fleet.path.name, code, document, totals, end - start, end)
        events = set(fleet_events(found))
        if told := [receiver for receiver in fleet.receivers if set(receiver.when) & events]:
            reporter.warn(send(fleet_message(found, os.environ), told))

    try:
        yield ended
    except OwuiSyncError as error:
        if not documents:
            tell(error.exit_code)
        raise
