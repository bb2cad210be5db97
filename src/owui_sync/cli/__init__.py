"""The command line: `main` runs a command and turns whatever happens into an exit code.

Commands are imported when they are called and not before, and so is all that prints and logs, so that `--help` is
fast: the table below holds all that the listing needs. The command NAME is the object `command` of the module
`owui_sync.cli.NAME`.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

import click

from owui_sync import __version__
from owui_sync.cli.options import format_sections, set_up_output, with_global_options
from owui_sync.errors import OwuiSyncError, UsageError
from owui_sync.report.settings import Settings
from owui_sync.wording import did_you_mean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

PROGRAM = "owui-sync"

COMMANDS = {
    "init": "Start a project: configuration, manifests, CI workflow, editor settings.",
    "validate": "Check manifests without a server.",
    "fmt": "Write manifests in one style, with their comments.",
    "plan": "Show what apply would change.",
    "show": "Show a saved plan.",
    "apply": "Make the server match the manifests.",
    "test": "Test manifests on a throwaway server, before they touch a live one.",
    "run": "Run jobs now, whatever their `run` says.",
    "jobs": "List the jobs of the manifests with their last runs.",
    "export": "Write manifests and files for the objects on a server.",
    "diff": "Show what differs between two servers.",
    "clone": "Copy one server to another, after a plan.",
    "destroy": "Delete everything that the stack owns.",
    "graph": "Draw how the objects in the manifests depend on each other.",
    "fleet": "Plan and change many instances from one repository.",
    "state": "Inspect and repair a stack's state.",
    "schema": "Print a JSON Schema.",
    "explain": "Explain a kind or a field.",
    "doctor": "Check connection, rights and server version.",
    "rehearse": "Rehearse an upgrade of the server on a throwaway one.",
    "sandbox": "Run a throwaway Open WebUI on this machine, with a scripted model provider.",
    "ci": "Show a plan where a pipeline runs: comments, drift issues, summaries.",
    "completion": "Print a shell completion script.",
    "version": "Print the version, as --version does.",
    "help": "Show the help of a command, as its --help does.",
}
"""Name of each command -> the first sentence of its help."""

_CLOSE = 0.65
"""How much of the spelling of a command must agree."""

_HABITS = {
    "import": "`owui-sync export` writes manifests for what is on a server",
}
"""Commands of other tools -> what does the same here."""

_MODULES = {"run": "run_jobs"}
"""Commands whose module has another name than they: `run` is a function here."""

EXIT_CODES = {
    0: "done, or nothing to do",
    1: "error in the manifests or from the server; possibly only a part was changed",
    2: "plan --detailed-exitcode or --drift-only, fleet drift: there are changes",
    3: "apply: some changes were made, some failed or were skipped; fleet: so did some instances",
    4: "the saved plan is stale, or the plan is not the expected one",
    5: "refused as unsafe: too many deletes, `keep`, another stack's object",
    6: "a job failed, or its answer did not meet `expect`",
    64: "wrong usage",
    69: "no connection, or the server is not ready (502, 503, 504); nothing was changed",
    75: "locked by another run",
    130: "interrupted; changes in flight were finished and recorded",
}


class LazyGroup(click.Group):
    """A group that imports a command when it is called; its listing comes from `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            module = importlib.import_module(f"owui_sync.cli.{_MODULES.get(cmd_name, cmd_name)}")
            self.add_command(with_global_options(module.command), cmd_name)
        return self.commands.get(cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        set_up_output(ctx)
        return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            hint = _HABITS.get(args[0]) or did_you_mean(args[0], COMMANDS, _CLOSE) or _try_help(ctx)
            raise UsageError(f"no such command: {args[0]}", hint=hint)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text.removesuffix(".")) for name, text in COMMANDS.items()])
        format_sections(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), meaning) for code, meaning in EXIT_CODES.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name, help=COMMANDS[name]) for name in COMMANDS if name.startswith(incomplete)]
        return names + click.Command.shell_complete(self, ctx, incomplete)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Configuration as code for Open WebUI.

    Describe models, prompts, groups, knowledge and access in YAML. owui-sync shows what differs on the server
    and applies the changes. It touches nothing that its plan did not show.
    """


with_global_options(cli)


def main() -> None:
    """Entry point of `owui-sync`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(args: Sequence[str]) -> int:
    """Run a command line, print what went wrong, and return the exit code.

    Args:
        args: the words after the program's name.
    """
    settings = Settings()
    try:
        result = cli.main(list(args), PROGRAM, standalone_mode=False, obj=settings)
        sys.stdout.flush()
    except OwuiSyncError as error:
        return _fail(error, settings)
    except click.exceptions.NoArgsIsHelpError as error:
        from owui_sync.report.out import say

        say(error.format_message(), err=True)
        return UsageError.exit_code
    except click.UsageError as error:
        return _fail(_usage(error), settings)
    except click.ClickException as error:
        return _fail(OwuiSyncError(error.format_message()), settings)
    except (click.Abort, KeyboardInterrupt):
        from owui_sync.report.out import say

        say("Aborted.", err=True)
        return 130
    except BrokenPipeError:
        return _nobody_reads(sys.stdout)
    except Exception as error:
        return _internal(error, settings)
    return result if isinstance(result, int) else 0


def _fail(error: OwuiSyncError, settings: Settings) -> int:
    from owui_sync.report.reporters import reporter_for

    reporter_for("text", settings).show_error(error)
    return error.exit_code


def _usage(error: click.UsageError) -> UsageError:
    """Return an error of click in the words and the form of all others."""
    matches: Any = getattr(error, "possibilities", None)
    hint = f"did you mean {' or '.join(matches)}?" if matches else None
    if hint is None and error.ctx is not None:
        hint = _try_help(error.ctx)
    message = " ".join((error.message if matches else error.format_message()).split()).rstrip(".")
    if isinstance(error, click.NoSuchOption):
        message = f"no such option '{error.option_name}'"  # click says it in other words from release to release.
    return UsageError(message[:1].lower() + message[1:], hint=hint)


def _try_help(ctx: click.Context) -> str:
    return f"see {ctx.command_path} --help"


def _internal(error: Exception, settings: Settings) -> int:
    import logging

    logging.getLogger(__name__).debug("internal error", exc_info=error)
    hint = None if settings.verbosity > 1 else "this is a bug in owui-sync; run again with -vv and report the traceback"
    return _fail(OwuiSyncError(f"internal error: {type(error).__name__}: {error}", hint=hint), settings)


def _nobody_reads(stream: TextIO) -> int:
    """End quietly when the reader of stdout has gone, and keep Python from complaining when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return 1
