"""How a command talks, as its options say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from owui_sync.report.logs import LogFormat


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file of `--report`, in one of the formats of the command."""

    format: str
    path: Path


@dataclass(slots=True)
class Settings:
    """How a command talks: the values of `-v`, `-q`, `--log-format`, `--no-color`, `--show-unchanged` and so on.

    Not frozen: the options may stand before and after the command's name, and each adds to the ones of the run.
    """

    verbosity: int = 0
    quiet: bool = False
    no_color: bool = False
    log_format: LogFormat = "text"
    show_unchanged: bool = False
    full_diff: bool = False
    reports: tuple[ReportFile, ...] = ()

    @property
    def shows_progress(self) -> bool:
        """Whether to show progress: not with `-q`, nor between log lines that a machine reads."""
        return not self.quiet and self.log_format == "text"
