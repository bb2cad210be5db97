"""What `plan` and `apply` have in common: their options, and what those mean for a server and for a plan."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from owui_sync.cli.options import ConnectionOptions, SectionOption, selection_options, source_of
from owui_sync.errors import UsageError

if TYPE_CHECKING:
    from ssl import SSLContext

    from owui_sync.client.connect import Server
    from owui_sync.manifest.config import Connection as Known
    from owui_sync.manifest.config import Target
    from owui_sync.plan.options import Options
    from owui_sync.plan.safety import Threshold
    from owui_sync.resolve.select import Selection
    from owui_sync.values import Secret

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--take-over", {"is_flag": True, "help": "Take over objects that belong to another stack."}),
    ("--no-delete", {"is_flag": True, "help": "Delete nothing."}),
    (
        "--max-delete",
        {
            "metavar": "N|N%",
            "help": "Refuse to delete more objects than this.  [default: 30%; with fewer than 10 owned objects: 2, "
            "or half of them]",
        },
    ),
    (
        "--claim-stack",
        {
            "is_flag": True,
            "help": "Confirm that these manifests belong to the stack although they name none of its objects.",
        },
    ),
    (
        "--allow-lockout",
        {
            "is_flag": True,
            "help": "Allow changes that take rights from the first administrator or from the token's own account, or "
            "that close a way in.",
        },
    ),
    ("--no-jobs", {"is_flag": True, "help": "Run no jobs."}),
    (
        "--message",
        {
            "metavar": "TEXT",
            "help": "Message for the histories on the server.  [default: the git commit of the manifests]",
        },
    ),
)


@dataclass(frozen=True, slots=True)
class Planning:
    """What the command line says of the plan to be made; every value is false where it says nothing."""

    only: tuple[str, ...]
    exclude: tuple[str, ...]
    take_over: bool
    no_delete: bool
    max_delete: str | None
    claim_stack: bool
    allow_lockout: bool
    message: str | None
    no_jobs: bool

    @property
    def given(self) -> bool:
        """Whether it says how to make a plan; consent to what a plan would do can be given later, too."""
        return any(astuple(replace(self, claim_stack=False, allow_lockout=False)))

    def options(self, layers: Sequence[Path], target: Target) -> Options:
        """Return the options of a plan for these layers. Raises UsageError for a selection that makes no sense."""
        from owui_sync.manifest.git import commit
        from owui_sync.plan.options import Options

        message = self.message if self.message is not None else commit(layers) or ""
        return Options(
            selected(target, self.only, self.exclude),
            self.take_over,
            not self.no_delete,
            message,
            jobs=not self.no_jobs,
            claim=self.claim_stack,
            allow_lockout=self.allow_lockout,
        )

    @property
    def threshold(self) -> Threshold | None:
        """How much may be deleted; None for the default. Raises UsageError for what is no threshold."""
        from owui_sync.plan.safety import Threshold

        return Threshold.parse(self.max_delete) if self.max_delete is not None else None


def selected(target: Target, only: Sequence[str] = (), exclude: Sequence[str] = ()) -> Selection:
    """Return what a command is about: the selection of the configuration, narrowed by that of the command line.

    Raises:
        UsageError: a pattern names no kind.
    """
    from owui_sync.resolve.select import Selection

    return Selection.parse(only, exclude, within=Selection.parse(target.only, target.exclude))


def planning_options(function: Function) -> Function:
    """Return the options of a plan, selection included; the command gets `planning: Planning`."""

    @functools.wraps(function)
    def with_planning(*args: Any, **kwargs: Any) -> Any:
        values = {each.name: kwargs.pop(each.name) for each in fields(Planning)}
        return function(*args, planning=Planning(**values), **kwargs)

    result = selection_options(cast(Function, with_planning))
    for name, settings in reversed(_OPTIONS):
        result = click.option(name, cls=SectionOption, section="Planning", **settings)(result)
    return result


def server_for(connection: ConnectionOptions, target: Target) -> Server:
    """Return the server that options and target mean; an option wins over the target.

    Raises:
        UsageError: no URL or no token.
    """
    import os

    from stamina.instrumentation import set_on_retry_hooks

    from owui_sync.client.connect import PATIENCE, Server, find_token
    from owui_sync.client.sign_in import Login, find_password
    from owui_sync.client.silence import SILENCE

    set_on_retry_hooks([])  # A command says itself what it waits for.
    given = {name for name in ("url", "token", "token_file", "ca_bundle") if getattr(connection, name)}
    if connection.email or given & {"token", "token_file"}:
        given |= {"token", "token_file"}
    known = target.connection(leave_out=given)
    url = connection.url or known.url
    if url is None:
        raise UsageError(
            "no server is given",
            hint="set OWUI_URL, pass --url, or choose a target of owui-sync.yaml with --target",
        )
    login = Login(connection.email, find_password(os.environ)) if connection.email else None
    token, file, sources = _token(connection, known)
    return Server(
        url=url,
        token="" if login else find_token(token, file, os.environ, sources),
        login=login,
        wait=connection.wait,
        headers=_merged_headers(known.headers, connection.header),
        rate=connection.rate,
        connections=connection.parallelism,
        ca_bundle=_trusted(connection, known),
        insecure=connection.insecure,
        timeout=connection.timeout or PATIENCE,
        silence=connection.silence or SILENCE,
    )


def _trusted(connection: ConnectionOptions, known: Known) -> Path | SSLContext | None:
    """Whom to trust, and who we are if that is shown by a certificate."""
    import os

    from owui_sync.client.environment import with_client_certificate

    bundle = connection.ca_bundle or known.ca_bundle
    if connection.client_cert is None:
        return bundle
    return with_client_certificate(
        connection.client_cert, connection.client_key, bundle, os.environ, insecure=connection.insecure
    )


def _merged_headers(known: Mapping[str, Secret], given: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the headers of the target and those of the command line, which win; names are compared without case."""
    from owui_sync.client.headers import check_header

    told = [check_header(name, value.reveal(), "`headers` of the target") for name, value in known.items()]
    by_name = {name.lower(): (name, value) for name, value in (*told, *given)}
    return dict(by_name.values())


def _token(connection: ConnectionOptions, known: Known) -> tuple[str | None, Path | None, tuple[str, str]]:
    """Return token and token file, and where they are: of the command line or the environment, else of the target."""
    if connection.token is not None or connection.token_file is not None:
        return connection.token, connection.token_file, (source_of("token"), source_of("token_file"))
    token = known.token.reveal() if known.token else None
    return token, known.token_file, ("`token` of the target", "`token_file` of the target")
