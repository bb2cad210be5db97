"""`owui-sync explain`."""

from __future__ import annotations

import click

from owui_sync.cli.options import Command, completing
from owui_sync.report.out import say


@click.command(cls=Command, name="explain")
@click.argument("topic", metavar="[KIND[.FIELD]]", required=False, shell_complete=completing("topics"))
def command(topic: str | None) -> None:
    """Explain a kind or a field.

    Examples: `explain prompt`, `explain models.params`, `explain access`. Without an argument it lists the topics.
    """
    from owui_sync.manifest.schema.explain import explain, overview

    say(explain(topic) if topic else overview())
