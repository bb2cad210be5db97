"""`owui-sync help`."""

from __future__ import annotations

import click

from owui_sync.cli.options import Command, completing
from owui_sync.errors import UsageError
from owui_sync.report.out import say


@click.command(cls=Command, name="help")
@click.argument("words", metavar="[COMMAND]...", nargs=-1, shell_complete=completing("commands"))
@click.pass_context
def command(context: click.Context, words: tuple[str, ...]) -> None:
    """Show the help of a command, as its --help does.

    Such as `help apply` or `help state list`. Without a word it lists all commands.
    """
    shown = context.find_root()
    for word in words:
        group = shown.command
        found = group.get_command(shown, word) if isinstance(group, click.Group) else None
        if found is None:
            raise UsageError(f"no such command: {' '.join(words)}", hint=f"see {shown.command_path} --help")
        shown = click.Context(found, info_name=word, parent=shown)
    say(shown.get_help())
