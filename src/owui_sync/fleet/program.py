"""What a program prints, read for a limited time and up to a limit."""

from __future__ import annotations

import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from owui_sync.inputs import MANIFEST, in_words
from owui_sync.manifest.yaml.value_problem import ValueProblem

_CHUNK = 1 << 16


def printed_by(words: list[str], folder: Path, seconds: float, most: int = MANIFEST) -> bytes:
    """Return what a program prints. It gets no input.

    Args:
        words: the program and its arguments.
        folder: where it runs.
        seconds: how long it may take.
        most: bytes that it may print.

    Raises:
        ValueProblem: it cannot be run, failed, took longer or printed more.
    """
    program, pipe = words[0], subprocess.PIPE
    try:
        process = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe)
    except OSError as error:
        raise ValueProblem(f"`{program}` cannot be run: {error.strerror}") from None
    printed, errors = _Collected(process, process.stdout, most), _Collected(process, process.stderr, most)
    try:
        ended = printed.join(deadline := time.monotonic() + seconds) and errors.join(deadline)
        ended = ended and _has_ended(process, deadline)
    finally:
        process.kill()
        process.wait()
    if printed.is_too_much or errors.is_too_much:
        raise ValueProblem(f"`{program}` prints more than {in_words(most)}, the most that is read")
    if not ended:
        raise ValueProblem(f"`{program}` did not end within {seconds:g} s", "give it more with `timeout`")
    if process.returncode:
        last = errors.content.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise ValueProblem(f"`{program}` failed with exit code {process.returncode}" + (f": {last}" if last else ""))
    return bytes(printed.content)


def _has_ended(process: subprocess.Popen[bytes], deadline: float) -> bool:
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True


@dataclass(slots=True)
class _Collected:
    """What comes through a pipe of a process, which is ended when it is too much."""

    process: subprocess.Popen[bytes]
    pipe: IO[bytes] | None
    most: int
    content: bytearray = field(default_factory=bytearray)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    @property
    def is_too_much(self) -> bool:
        return len(self.content) > self.most

    def join(self, deadline: float) -> bool:
        """Wait until nothing more can come; false where that is not so by then."""
        self._thread.join(max(0.0, deadline - time.monotonic()))
        return not self._thread.is_alive()

    def _collect(self) -> None:
        assert self.pipe is not None
        with self.pipe:
            while chunk := self.pipe.read1(_CHUNK):  # type: ignore[attr-defined]
                self.content += chunk
                if self.is_too_much:
                    self.process.kill()
                    return
