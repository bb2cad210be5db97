"""Files that a person names are regular files: a pipe or a device would be waited for, perhaps for ever."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path

STDIN = "-"
"""What other programs take for standard input; here it is the name of a file that is hardly ever there."""

_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_OPENED_BY_THE_SHELL = re.compile(r"/dev/fd/(?:[3-9]|[1-9][0-9]+)")
"""`<(command)` of a shell: a pipe that has a writer already."""


def read_input(path: str | Path) -> bytes:
    """The bytes of a file.

    Raises:
        OSError: it cannot be read, or is no regular file; `strerror` says it in plain words.
    """
    check_input(path)
    return Path(path).read_bytes()


def check_input(path: str | Path) -> None:
    """Raises OSError for what is not there, and for what cannot be read like a file. A folder passes."""
    try:
        mode = Path(path).stat().st_mode
    except OSError as error:
        raise _in_words(error, path) from None
    if kind := next((words for fits, words in _KINDS if fits(mode)), None):
        if stat.S_ISFIFO(mode) and _OPENED_BY_THE_SHELL.fullmatch(str(path)):
            return
        raise OSError(errno.EINVAL, f"it is {kind}, not a file", str(path))


def real(path: Path) -> Path:
    """The path without links; other than `Path.resolve` also of a link that leads to itself."""
    return Path(os.path.realpath(path))


def _in_words(error: OSError, path: str | Path) -> OSError:
    if error.errno == errno.ELOOP:
        return OSError(errno.ELOOP, "it is a link that leads to itself", str(path))
    if error.errno == errno.ENOENT and Path(path).is_symlink():
        return OSError(errno.ENOLINK, f"it is a link to `{Path(path).readlink()}`, which leads nowhere", str(path))
    if error.errno == errno.ENOENT and Path(path).name == STDIN:
        return OSError(errno.EINVAL, "nothing is read from standard input: name a file", str(path))
    return error
