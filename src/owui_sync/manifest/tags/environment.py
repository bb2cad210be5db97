"""Environment variables and secrets."""

from __future__ import annotations

import os
from pathlib import Path

from owui_sync.inputs import SECRET, read_input
from owui_sync.manifest.yaml.value_problem import ValueProblem


class MissingSecret(ValueProblem):
    """A secret that is not set."""


def read_env(name: str) -> str | None:
    """Return an environment variable, or None when it is not set. Raises `ValueProblem` when it is not UTF-8 text."""
    value = os.environ.get(name)
    return value if value is None else _utf8(name, value)


def read_secret(name: str) -> str:
    """Return the text of a secret: the environment variable `name`, else the file that `name`_FILE names.

    One line break at the end of the file is not part of the secret. An empty secret counts as not set: CI systems give
    an empty text for a secret that they do not know.

    Raises:
        MissingSecret: neither is set.
        ValueProblem: the file cannot be read, is not UTF-8 or is empty.
    """
    if value := os.environ.get(name):
        return _utf8(name, value)
    if path := os.environ.get(f"{name}_FILE"):
        return _from_file(name, Path(path))
    state = "empty" if name in os.environ else "not set"
    raise MissingSecret(
        f"the secret `{name}` is {state}",
        f"set the environment variable {name}, or {name}_FILE to the path of a file with the secret",
    )


def _utf8(name: str, value: str) -> str:
    """Return the value. Python keeps bytes that are no text as halves of surrogate pairs, which cannot be sent."""
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueProblem(f"the environment variable `{name}` is not UTF-8 text")
    return value


def _from_file(name: str, path: Path) -> str:
    try:
        text = read_input(path, SECRET).decode("utf-8")
    except OSError as error:
        raise ValueProblem(f"cannot read the file of {name}_FILE: {error.strerror}", f"it is `{path}`") from None
    except UnicodeDecodeError:
        raise ValueProblem(f"the file of {name}_FILE is not UTF-8 text", f"it is `{path}`") from None
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise ValueProblem(f"the file of {name}_FILE is empty", f"it is `{path}`")
    return text
