"""How far files are, in words."""

from __future__ import annotations

from owui_sync.kinds.base import Progress
from owui_sync.report.file_progress import FileProgress, file_words

ONE, OTHER = "knowledge/one", "knowledge/other"


class Clock:
    """A clock that is set by hand."""

    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_the_files_of_all_changes_are_counted_together() -> None:
    clock = Clock()
    files = FileProgress(clock)
    files.take(ONE, Progress(0, 200, 0, 40_000_000))
    files.take(OTHER, Progress(0, 100, 0, 10_000_000))
    assert files.words == "0 of 300 files, 0 B of 50.0 MB"
    clock.seconds += 10
    files.take(ONE, Progress(20, 200, 4_000_000, 40_000_000))
    files.take(OTHER, Progress(40, 100, 6_000_000, 10_000_000))
    assert files.words == "60 of 300 files, 10.0 of 50.0 MB, 6.0 files/s, 0:40 left"


def test_one_large_file_is_measured_by_its_bytes() -> None:
    clock = Clock()
    files = FileProgress(clock)
    files.take(ONE, Progress(0, 1, 0, 500_000_000))
    clock.seconds += 3600
    files.take(ONE, Progress(0, 1, 250_000_000, 500_000_000))
    assert (files.rate, files.left) == ("", "3:00:00 left")


def test_files_that_are_only_moved_have_no_bytes_and_the_end_has_no_rest() -> None:
    clock = Clock()
    files = FileProgress(clock)
    files.take(ONE, Progress(0, 50, 0, 0))
    clock.seconds += 5
    files.take(ONE, Progress(50, 50, 0, 0))
    assert files.words == "50 of 50 files, 10 files/s"


def test_bytes_that_are_sent_again_are_never_more_than_there_are() -> None:
    files = FileProgress(Clock())
    files.take(ONE, Progress(0, 1, 1500, 1000))
    assert files.bytes == "1.0 of 1.0 kB"


def test_a_file_is_named_harmlessly_with_what_became_of_it() -> None:
    assert file_words(Progress(1, 2, 0, 0, "a\x1b.md", "failed")) == "a\\x1b.md failed"
