"""How far files are, in words."""

from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from owui_sync.kinds.write import Progress
from owui_sync.report.file_progress import FileProgress, file_words
from tests.support.words import numbers_in

ONE, OTHER = "knowledge/one", "knowledge/other"


class Clock:
    """A clock that is set by hand."""

    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_the_files_of_all_changes_are_counted_together(golden: SnapshotAssertion) -> None:
    clock = Clock()
    files = FileProgress(clock)
    files.take(ONE, Progress(0, 200, 0, 40_000_000))
    files.take(OTHER, Progress(0, 100, 0, 10_000_000))
    first = files.words
    clock.seconds += 10
    files.take(ONE, Progress(20, 200, 4_000_000, 40_000_000))
    files.take(OTHER, Progress(40, 100, 6_000_000, 10_000_000))
    assert numbers_in(first) == ["0", "300", "0", "50.0"]
    assert numbers_in(files.words) == ["60", "300", "10.0", "50.0", "6.0", "0", "40"]
    assert [first, files.words] == golden


def test_one_large_file_is_measured_by_its_bytes(golden: SnapshotAssertion) -> None:
    clock = Clock()
    files = FileProgress(clock)
    files.take(ONE, Progress(0, 1, 0, 500_000_000))
    clock.seconds += 3600
    files.take(ONE, Progress(0, 1, 250_000_000, 500_000_000))
    assert files.rate == ""
    assert "3:00:00" in files.left
    assert files.words == golden


def test_files_that_are_only_moved_have_no_bytes_and_the_end_has_no_rest(golden: SnapshotAssertion) -> None:
    clock = Clock()
    files = FileProgress(clock)
    files.take(ONE, Progress(0, 50, 0, 0))
    clock.seconds += 5
    files.take(ONE, Progress(50, 50, 0, 0))
    assert numbers_in(files.words) == ["50", "50", "10"]
    assert files.words == golden


def test_bytes_that_are_sent_again_are_never_more_than_there_are(golden: SnapshotAssertion) -> None:
    files = FileProgress(Clock())
    files.take(ONE, Progress(0, 1, 1500, 1000))
    assert numbers_in(files.bytes) == ["1.0", "1.0"]
    assert files.bytes == golden


def test_a_file_is_named_harmlessly_with_what_became_of_it() -> None:
    assert file_words(Progress(1, 2, 0, 0, "a\x1b.md", "failed")).split() == ["a\\x1b.md", "failed"]
