"""Files that a person names are regular files: a pipe or a device would be waited for, perhaps for ever.

What is written may be a device such as `/dev/null` too: it gets the text, and stays what it is.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
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
"""`<(command)` and `>(command)` of a shell: a pipe that has another end already."""


PLAN = 256 << 20
"""Bytes of a saved plan."""
MANIFEST = 16 << 20
"""Bytes of one manifest, configuration or file with variables."""
TEXT = 16 << 20
"""Bytes of a text that `!file` reads."""
SECRET = 1 << 20
"""Bytes of the file of a secret or a token."""


def read_input(path: str | Path, most: int = MANIFEST) -> bytes:
    """Read a file.

    Args:
        most: bytes that it may have.

    Raises:
        OSError: it cannot be read, is no regular file or has more bytes; `strerror` says it in plain words.
    """
    check_input(path)
    with Path(path).open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {in_words(most)}, the most that is read", str(path))
    return content


def in_words(size: int) -> str:
    """Return a limit in bytes as messages say it."""
    return f"{size >> 20} MiB" if size >= 1 << 20 else f"{size:,} bytes"


def check_input(path: str | Path) -> None:
    """Raise OSError for what is not there, and for what cannot be read like a file. A folder passes."""
    try:
        mode = Path(path).stat().st_mode
    except OSError as error:
        raise _in_words(error, path) from None
    if kind := next((words for fits, words in _KINDS if fits(mode)), None):
        if stat.S_ISFIFO(mode) and _OPENED_BY_THE_SHELL.fullmatch(str(path)):
            return
        raise OSError(errno.EINVAL, f"it is {kind}, not a file", str(path))


def write_output(path: Path, text: str) -> None:
    """Write a file in one step, so that nobody reads half of it. A link stays one, and so does a device.

    Raises:
        OSError: it cannot be written, or is a named pipe; `strerror` says it in plain words.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    except OSError as error:
        raise _in_words(error, path) from None
    if not stat.S_ISREG(mode):
        if stat.S_ISFIFO(mode):
            check_input(path)
        path.write_text(text, encoding="utf-8", newline="")
        return
    target = real(path)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        draft.write_text(text, encoding="utf-8", newline="")
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def real(path: Path) -> Path:
    """Return the path without links; other than `Path.resolve` also of a link that leads to itself."""
    return Path(os.path.realpath(path))


def _in_words(error: OSError, path: str | Path) -> OSError:
    if error.errno == errno.ELOOP:
        return OSError(errno.ELOOP, "it is a link that leads to itself", str(path))
    if error.errno == errno.ENOENT and Path(path).is_symlink():
        return OSError(errno.ENOLINK, f"it is a link to `{Path(path).readlink()}`, which leads nowhere", str(path))
    if error.errno == errno.ENOENT and Path(path).name == STDIN:
        return OSError(errno.EINVAL, "nothing is read from standard input: name a file", str(path))
    return error
