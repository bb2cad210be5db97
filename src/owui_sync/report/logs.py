"""Set-up of logging for the command line."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal

from owui_sync.report.visible import visible_lines

LogFormat = Literal["text", "json"]

_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
_OTHERS = ("httpx", "httpcore")
"""Libraries that log each request, with what may be in its URL; owui-sync logs its requests itself."""
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "taskName"}
"""Attributes that every record has; the others came with `extra`."""


def set_up_logging(verbosity: int, log_format: LogFormat, *, quiet: bool = False) -> None:
    """Send what `owui_sync` logs to stderr; calling it again replaces the earlier set-up.

    Args:
        verbosity: 0 warnings, 1 what is done (INFO), 2 and more everything (DEBUG).
        log_format: lines for people, or one JSON object a line.
        quiet: errors only.
    """
    handler = _Stderr()
    handler.setFormatter(_JsonFormatter() if log_format == "json" else _TextFormatter())
    logger = logging.getLogger("owui_sync")
    logger.handlers = [each for each in logger.handlers if not isinstance(each, _Stderr)] + [handler]
    logger.setLevel(logging.ERROR if quiet else _LEVELS[min(verbosity, 2)])
    for name in _OTHERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class _Stderr(logging.Handler):
    """Writes to whatever `sys.stderr` is at the moment: a live display puts itself there."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:
            self.handleError(record)


class _TextFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        return visible_lines(super().format(record))


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{key: value for key, value in vars(record).items() if key not in _OWN and value is not None},
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)
