"""Formats that are one document, which is printed when the command ends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from owui_sync.report.out import say
from owui_sync.report.reporters.base import BaseReporter
from owui_sync.report.settings import Settings
from owui_sync.report.visible import dumps

if TYPE_CHECKING:
    from owui_sync.errors import OwuiSyncError
    from owui_sync.report.lines import Line
    from owui_sync.report.run_report import RunReport
    from owui_sync.values import Json


class DocumentReporter(BaseReporter, ABC):
    """One document on stdout."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._is_printed = False

    @abstractmethod
    def render(self, report: RunReport) -> str | None:
        """Return the document; None where there is nothing that it could hold."""

    def show_document(self, document: Json, text: str | Sequence[Line], warnings: Sequence[str] = ()) -> None:
        """Print the document as JSON."""
        self._print(dumps(document))

    def show_invalid(self, error: OwuiSyncError, document: Json) -> None:
        """Print the document as JSON."""
        self._print(dumps(document))

    def print_report(self, report: RunReport) -> None:
        """Print the document, unless another one was printed or there is nothing to tell."""
        if self._is_printed or not (report.plan or report.error):
            return
        if text := self.render(report):
            self._print(text)

    def _print(self, text: str) -> None:
        self._is_printed = True
        say(text)
