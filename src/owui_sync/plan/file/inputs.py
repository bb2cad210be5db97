"""What a saved plan leaves out: secrets and contents of files, which are read again when it is loaded."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, TypeVar

from owui_sync.errors import Diagnostic, OwuiSyncError, StalePlan
from owui_sync.values import Sources, decode

AGAIN = "make it again with `owui-sync plan --out FILE`"
"""What to do about a plan that cannot be read."""

Wanted = TypeVar("Wanted")
Had = TypeVar("Had")


def damaged(place: str, message: str) -> OwuiSyncError:
    """Return the error for a plan that is damaged at `place`."""
    return OwuiSyncError(f"this saved plan is damaged: {place}: {message}", hint=AGAIN)


class Inputs:
    """Decodes values and continues after an error, so that all problems are reported together.

    Args:
        sources: gives secrets and contents of files again.
    """

    def __init__(self, sources: Sources) -> None:
        secret, file = self._noting(sources.secret, ""), self._noting(sources.file, "")
        self._sources = Sources(secret, file, self._noting(sources.upload, io.BytesIO))
        self._problems: list[Diagnostic] = []
        self._stale = False

    def value(self, saved: Any) -> Any:
        """Return the value behind what the plan holds."""
        try:
            return decode(saved, self._sources)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise damaged("a value", "it names no secret and no file in a way that is known") from None

    def note(self, *problems: Diagnostic) -> None:
        """Keep problems for `raise_all`."""
        self._problems += problems

    def raise_all(self) -> None:
        """Raise one error for all problems: `StalePlan` as soon as one of them is."""
        if self._problems:
            raise (StalePlan if self._stale else OwuiSyncError).of(self._problems)

    def _noting(self, get: Callable[[Wanted], Had], nothing: Had) -> Callable[[Wanted], Had]:
        def get_or_note(wanted: Wanted) -> Had:
            try:
                return get(wanted)
            except OwuiSyncError as error:
                self.note(*error.problems)
                self._stale = self._stale or isinstance(error, StalePlan)
                return nothing

        return get_or_note


def unsaved(address: str, path: str, where: str | None) -> Diagnostic:
    """Return the problem of a secret value that a saved plan cannot hold."""
    return Diagnostic(
        f"{address}: {path} is secret but written in clear, so a saved plan does not hold it",
        where,
        "write it with !secret, or apply the manifests instead of a saved plan",
    )
