"""What can go wrong, as a tree; each class knows the exit code that the command line ends with.

    OwuiSyncError          1    anything that stops a command
    ├── ManifestError      1    the manifests are wrong; carries every problem that was found
    ├── StalePlan          4    a saved plan no longer fits the server
    ├── UnsafePlan         5    safe rules forbid the plan; carries every reason
    ├── UsageError        64    the command line itself is wrong
    ├── Locked            75    another run holds the stack's lock
    ├── Interrupted      130    stopped by the user after recording what was done
    ├── client errors      1    or 69 without a server; see `owui_sync.client.errors`
    └── sandbox errors     1    see `owui_sync.sandbox.errors`

A message says what is wrong, `where` it is (file:line:column, or a request), and `hint` what to do next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

NO_SERVER = 69
"""Exit code of a command that found no server; one that had changed something already ends with another."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that a person has to put right.

    Args:
        message: what is wrong, one sentence.
        where: `file:line:column`, a request such as `GET /api/v1/models/all`, or None.
        hint: what to do next, or None.
    """

    message: str
    where: str | None = None
    hint: str | None = None

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\n    {self.hint}" if self.hint else text


class OwuiSyncError(Exception):
    """Base of everything that this package raises on purpose; carries one `Diagnostic` or several."""

    exit_code = 1

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.problems: tuple[Diagnostic, ...] = (Diagnostic(message, where, hint),)

    @classmethod
    def of(cls, problems: Iterable[Diagnostic]) -> OwuiSyncError:
        """Return an error of this class that carries all `problems`, in their order, without repetition."""
        unique = tuple(dict.fromkeys(problems))
        error = cls.__new__(cls)
        Exception.__init__(error, "\n".join(map(str, unique)))
        error.problems = unique
        return error

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[OwuiSyncError], args: tuple[Any, ...], attributes: dict[str, Any]) -> OwuiSyncError:
    """Return how a pickle is read: the classes have initializers of their own, which need not be told all of it."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(attributes)
    return error


class ManifestError(OwuiSyncError):
    """The manifests, the configuration or a file they name is wrong; nothing was sent to a server."""


class StalePlan(OwuiSyncError):
    """An object that a saved plan touches, or a file that it names, changed since the plan was made."""

    exit_code = 4


class UnsafePlan(OwuiSyncError):
    """A rule of safety forbids the plan: too many deletes, `keep`, another stack's object."""

    exit_code = 5


class UsageError(OwuiSyncError):
    """The command line is wrong."""

    exit_code = 64


class Locked(OwuiSyncError):
    """Another run holds the lock of the stack."""

    exit_code = 75


class Interrupted(OwuiSyncError):
    """The user stopped the run; what was in flight was finished and recorded."""

    exit_code = 130
