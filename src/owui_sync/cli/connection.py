"""The options that say which server is meant and how requests are sent to it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

Option = tuple[tuple[str, ...], dict[str, Any]]
"""The names of an option, and what click is told of it."""


class Number(click.FloatRange):
    """A number of seconds or the like: `nan` and `inf`, which Python takes for numbers, are none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number; fails as other types of click do."""
        number = super().convert(value, param, ctx)
        return number if math.isfinite(number) else self.fail(f"{value} is no finite number", param, ctx)


NOT_NEGATIVE = Number(min=0)
POSITIVE = Number(min=0, min_open=True)
FILE = click.Path(dir_okay=False, path_type=Path)


def _headers(context: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the values of `--header`. Raises UsageError for what is none."""
    if not values:
        return ()
    from owui_sync.client.headers import check_header

    pairs = [value.partition("=") for value in values]
    return tuple(check_header(name.strip(), value, "--header") for name, _, value in pairs)


WHO: tuple[Option, ...] = (
    (("--url",), {"envvar": "OWUI_URL", "show_envvar": True, "help": "Base URL of the server."}),
    (
        ("--token",),
        {
            "envvar": "OWUI_TOKEN",
            "show_envvar": True,
            "help": "API key or JWT. Other users of this machine can see it in the process list; prefer the "
            "variable or --token-file.",
        },
    ),
    (
        ("--token-file",),
        {"envvar": "OWUI_TOKEN_FILE", "show_envvar": True, "type": FILE, "help": "File that holds the token."},
    ),
    (
        ("--email",),
        {
            "envvar": "OWUI_EMAIL",
            "show_envvar": True,
            "help": "Sign in with this account instead of a token; the password is OWUI_PASSWORD, or in the file "
            "that OWUI_PASSWORD_FILE names.",
        },
    ),
    (
        ("--header",),
        {
            "multiple": True,
            "metavar": "NAME=VALUE",
            "callback": _headers,
            "help": "Send this header with each request, for a gateway; repeatable. Values are never shown.",
        },
    ),
    (("--ca-bundle",), {"type": FILE, "help": "PEM file with certificate authorities to trust."}),
    (("--client-cert",), {"type": FILE, "help": "PEM file with the certificate that identifies this machine."}),
    (("--client-key",), {"type": FILE, "help": "PEM file with its key; default: the same file."}),
    (
        ("--insecure",),
        {"is_flag": True, "help": "Skip certificate checks, and allow the token over plain http."},
    ),
    (
        ("--wait",),
        {
            "envvar": "OWUI_WAIT",
            "show_envvar": True,
            "type": POSITIVE,
            "metavar": "SECONDS",
            "help": "Wait for a server that is starting; exit with 69 if it is not ready then.",
        },
    ),
)
"""Which server, and by which right."""

HOW: tuple[Option, ...] = (
    (("--timeout",), {"type": POSITIVE, "metavar": "SECONDS", "help": "Time limit for one request."}),
    (
        ("--silence",),
        {
            "envvar": "OWUI_SILENCE",
            "show_envvar": True,
            "type": POSITIVE,
            "metavar": "SECONDS",
            "help": "Give up waiting for an answer, or the text of a file, after this long without anything new; "
            "default: 300.",
        },
    ),
    (
        ("--parallelism",),
        {
            "type": click.IntRange(1),
            "metavar": "N",
            "default": 4,
            "show_default": True,
            "help": "Requests at a time.",
        },
    ),
    (("--rate",), {"type": POSITIVE, "metavar": "N", "help": "Maximum number of requests per second."}),
)
"""How requests are sent."""
