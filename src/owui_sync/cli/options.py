"""Options that several commands share, as decorators; each puts its values where a command takes them.

    @click.command(cls=Command)
    @connection_options            # connection: Connection
    @target_options                # target: str | None, config: Path | None
    @selection_options             # only: tuple[str, ...], exclude: tuple[str, ...]
    @output_options("text", "json")    # reporter: Reporter
    def command(connection, target, config, only, exclude, reporter): ...

`-v`, `-q`, `--log-format` and `--no-color` need no decorator: the group puts them on every command, and
`current_settings()` gives their values.
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from click.core import ParameterSource

from owui_sync.cli.connection import FILE, HOW, WHO, Option
from owui_sync.errors import Interrupted, OwuiSyncError, UsageError
from owui_sync.report.settings import Settings
from owui_sync.values import STACK_NAME, STACK_RULE

if TYPE_CHECKING:
    from owui_sync.report.reporters import Reporter

Function = TypeVar("Function", bound=Callable[..., Any])
"""A command's function."""


@dataclass(frozen=True, slots=True)
class ConnectionOptions:
    """How to reach the server, as far as the command line and the environment say.

    Args:
        url: base URL.
        token: API key or JWT; never shown.
        token_file: file that holds the token.
        ca_bundle: PEM file of certificate authorities to trust.
        insecure: neither check certificates nor refuse a token on plain http.
        timeout: seconds for one request; None: the client's default.
        parallelism: requests at the same time.
        rate: requests per second at most; None: no limit.
        silence: seconds without anything new after which an answer or the text of a file is given up; None: the
            client's default.
        header: names and values of headers to send with each request; the values are never shown.
        email: account to sign in with instead of a token; the password comes from the environment.
        wait: seconds to wait until the server is ready; None: not at all.
        client_cert: PEM file with the certificate that shows who this machine is.
        client_key: PEM file with its key; None: it is in the same file.
    """

    url: str | None = None
    token: str | None = field(default=None, repr=False)
    token_file: Path | None = None
    ca_bundle: Path | None = None
    insecure: bool = False
    timeout: float | None = None
    parallelism: int = 4
    rate: float | None = None
    silence: float | None = None
    header: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    email: str | None = None
    wait: float | None = None
    client_cert: Path | None = None
    client_key: Path | None = None


def completing(what: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Return what an option or argument takes as `shell_complete`; see `owui_sync.cli.complete`."""

    def offer(context: click.Context, param: click.Parameter, typed: str) -> list[str]:
        from owui_sync.cli.complete import offered

        return offered(what, context, typed)

    return offer


def current_settings() -> Settings:
    """Return the `Settings` of the running command."""
    return click.get_current_context().find_root().ensure_object(Settings)


def current_reporter(format: str = "text") -> Reporter:
    """Make the reporter of the running command."""
    from owui_sync.report.reporters import reporter_for

    return reporter_for(format, current_settings())


class OutputPath(click.Path):
    """Where a command writes files; `-` would be the name of one, and is not what is meant by it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if str(value) == "-":
            self.fail("this is the name of a file; use --format for standard output.", param, ctx)
        return super().convert(value, param, ctx)


class SectionOption(click.Option):
    """An option that help lists under a heading of its own."""

    def __init__(self, *args: Any, section: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section


class Command(click.Command):
    """A command whose help lists options under headings (see `SectionOption`)."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        format_sections(self, ctx, formatter)


def format_sections(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the options of a command under their headings, its own first."""
    sections: dict[str, list[tuple[str, str]]] = {"Options": []}
    for param in command.get_params(ctx):
        if isinstance(param, click.Option) and (record := param.get_help_record(ctx)):
            sections.setdefault(getattr(param, "section", "Options"), []).append(record)
    for title, records in sections.items():
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


def _options(function: Function, section: str, *options: Option) -> Function:
    """Put options on a command's function, in the order in which help shows them."""
    for names, settings in reversed(options):
        function = click.option(*names, cls=SectionOption, section=section, **settings)(function)
    return function


def connection_options(function: Function) -> Function:
    """`--url`, `--token` and so on; the command gets `connection: Connection`."""

    @functools.wraps(function)
    def with_connection(*args: Any, **kwargs: Any) -> Any:
        values = {each.name: kwargs.pop(each.name) for each in fields(ConnectionOptions)}
        return function(*args, connection=_one_token(ConnectionOptions(**values)), **kwargs)

    return _options(cast(Function, with_connection), "Connection", *WHO, *HOW)


def source_of(name: str) -> str:
    """Return what a message calls the place that the value of a connection option comes from."""
    typed = click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE
    return f"--{name.replace('_', '-')}" if typed else f"OWUI_{name.upper()}"


def _one_token(connection: ConnectionOptions) -> ConnectionOptions:
    """Let a token on the command line beat one in the environment; two in the same place are a mistake.

    So are a token and an account to sign in with, and a key without its certificate.
    """
    if connection.email and (connection.token is not None or connection.token_file is not None):
        raise UsageError("both a token and an e-mail to sign in with are given", hint="keep one of them")
    if connection.client_key and not connection.client_cert:
        raise UsageError("--client-key is given without --client-cert")
    if connection.token is None or connection.token_file is None:
        return connection
    context = click.get_current_context()
    typed = [
        name for name in ("token", "token_file") if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if len(typed) != 1:
        place = "--token and --token-file" if typed else "OWUI_TOKEN and OWUI_TOKEN_FILE"
        raise UsageError(f"both {place} are given", hint="use only one of them")
    return replace(connection, token=None) if typed == ["token_file"] else replace(connection, token_file=None)


def target_options(function: Function) -> Function:
    """`--target` and `--config`, for commands without manifests; `target: str | None`, `config: Path | None`."""
    return _options(
        function,
        "Target",
        (
            ("--target",),
            {
                "envvar": "OWUI_TARGET",
                "show_envvar": True,
                "metavar": "NAME",
                "shell_complete": completing("targets"),
                "help": "Target in the configuration.",
            },
        ),
        (("--config",), {"type": FILE, "help": "Configuration file; default: ./owui-sync.yaml."}),
    )


def check_stack(context: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Return the value of `--stack`. Raises UsageError for what is no name of a stack."""
    if value and not re.search(STACK_NAME, value):
        raise UsageError(f"--stack: {STACK_RULE}, not {value!r}")
    return value


def stack_option(function: Function) -> Function:
    """`--stack`, for commands without manifests; `stack: str | None`."""
    return _options(
        function,
        "Target",
        (
            ("--stack",),
            {
                "envvar": "OWUI_STACK",
                "show_envvar": True,
                "metavar": "NAME",
                "callback": check_stack,
                "help": "Stack to work on; default: the one in the configuration, else `default`.",
            },
        ),
    )


def selection_options(function: Function) -> Function:
    """`--only` and `--exclude`; the command gets `only` and `exclude`, tuples of `KIND/GLOB`."""
    patterns = {"multiple": True, "metavar": "KIND/GLOB", "shell_complete": completing("addresses")}
    return _options(
        function,
        "Selection",
        (
            ("--only",),
            {**patterns, "help": "Select only these, such as `models/support-*`; repeatable."},
        ),
        (("--exclude",), {**patterns, "help": "Leave these out; repeatable."}),
    )


def format_option(*formats: str) -> Callable[[Function], Function]:
    """`--format` with these choices, of which the first is the default; the command gets `format: str`."""

    def decorate(function: Function) -> Function:
        choice: dict[str, Any] = {"type": click.Choice(formats), "default": formats[0], "show_default": True}
        return _options(function, "Output", (("--format",), choice | {"help": "Output format."}))

    return decorate


def output_options(*formats: str) -> Callable[[Function], Function]:
    """`--format` with these choices; the command gets the `reporter: Reporter` of the chosen one.

    The reporter is told how the command ends, so that it can print its document and write the files of `--report`.
    """

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def with_reporter(*args: Any, **kwargs: Any) -> Any:
            reporter = current_reporter(kwargs.pop("format"))
            with _reporting(reporter) as ended:
                ended.code = function(*args, reporter=reporter, **kwargs)
            return ended.code

        return format_option(*formats)(cast(Function, with_reporter))

    return decorate


def set_setting(context: click.Context, param: click.Parameter, value: Any) -> None:
    """Put a global option into the settings of the running command."""
    if not value or param.name is None:
        return
    settings = context.find_root().ensure_object(Settings)
    setattr(settings, param.name, settings.verbosity + value if param.name == "verbosity" else value)
    set_up_output(context)


@dataclass(slots=True)
class _Ended:
    code: Any = None


@contextmanager
def _reporting(reporter: Reporter) -> Iterator[_Ended]:
    """Tell the reporter how the block ended, also where it failed or was given up."""
    from owui_sync.cli.receivers import tell_receivers
    from owui_sync.report.run_report import RunReport

    context, start, ended = click.get_current_context(), time.time(), _Ended()

    def finish(code: int, error: OwuiSyncError | None = None) -> None:
        end, target = time.time(), context.params.get("target") or ""
        command = context.info_name or ""
        report = RunReport(command, error=error, exit_code=code, seconds=end - start, ended_at=end, target=target)
        try:
            reporter.finish(report)
        finally:
            tell_receivers(reporter, report, context.params.get("config"))

    try:
        yield ended
    except OwuiSyncError as error:
        finish(error.exit_code, error)
        raise
    except click.Abort:
        finish(Interrupted.exit_code, Interrupted("aborted; nothing was changed"))
        raise
    finish(ended.code if isinstance(ended.code, int) else 0)


def set_up_output(context: click.Context) -> None:
    """Make logging follow the options that were read so far."""
    from owui_sync.report.logs import set_up_logging

    settings = context.find_root().ensure_object(Settings)
    set_up_logging(settings.verbosity, settings.log_format, quiet=settings.quiet)


def with_global_options(command: click.Command) -> click.Command:
    """Put the options that stand before or after any command's name on a command and all commands below it."""
    command.params += [
        SectionOption(names, section="Global options", expose_value=False, callback=set_setting, **settings)
        for names, settings in _GLOBAL
    ]
    if isinstance(command, click.Group):
        for child in command.commands.values():
            with_global_options(child)
    return command


_GLOBAL: tuple[tuple[list[str], dict[str, Any]], ...] = (
    (["-v", "--verbose", "verbosity"], {"count": True, "help": "Log what is done; -vv also logs every request."}),
    (
        ["-q", "--quiet", "quiet"],
        {"is_flag": True, "help": "Print errors and the result only; of a plan, its last line."},
    ),
    (["--log-format"], {"type": click.Choice(("text", "json")), "help": "Format of stderr; default: text."}),
    (["--no-color"], {"is_flag": True, "help": "Use no colours; so does the variable NO_COLOR."}),
)
