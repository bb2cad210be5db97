"""`owui-sync completion`: the script that makes a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from owui_sync.cli.options import Command
from owui_sync.report.out import say

_SHELLS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command(
    cls=Command,
    epilog="""\b
Put it where the shell reads it:
  bash   owui-sync completion bash > ~/.local/share/bash-completion/completions/owui-sync
  zsh    owui-sync completion zsh > "${fpath[1]}/_owui-sync"
  fish   owui-sync completion fish > ~/.config/fish/completions/owui-sync.fish""",
)
@click.argument("shell", type=click.Choice(list(_SHELLS)))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print a shell completion script."""
    root = context.find_root()
    program = root.info_name or ""
    variable = f"_{program.replace('-', '_').upper()}_COMPLETE"
    say(_SHELLS[shell](root.command, {}, program, variable).source())
