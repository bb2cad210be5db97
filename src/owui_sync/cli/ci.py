"""`owui-sync ci`: tell the forge that a pipeline runs on what a command found."""

from __future__ import annotations

import click

from owui_sync.cli.ci_github import github
from owui_sync.cli.ci_gitlab import gitlab


@click.group(name="ci")
def command() -> None:
    """Show a plan where a pipeline runs: comments, drift issues, summaries.

    These commands read what plan or apply wrote, and never change a server. They end with 0 when the forge does not
    let them write, and say which permission is missing: a good plan does not fail because of a comment.
    """


command.add_command(github)
command.add_command(gitlab)
