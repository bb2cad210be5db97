from __future__ import annotations

import io

import pytest

from owui_sync.kinds.files.meter import ProgressTracker
from owui_sync.kinds.write import Progress
from owui_sync.values import inline_file


@pytest.fixture
def told() -> list[Progress]:
    return []


@pytest.fixture
def meter(told: list[Progress]) -> ProgressTracker:
    return ProgressTracker(told.append, 2, 100)


def test_the_totals_are_told_first_and_each_file_as_it_is_done(meter: ProgressTracker, told: list[Progress]) -> None:
    meter.start()
    meter.done(inline_file("a.md", "x"), "uploaded")
    meter.done("b.md", "removed")
    assert told == [
        Progress(0, 2, 0, 100),
        Progress(1, 2, 0, 100, "a.md", "uploaded"),
        Progress(2, 2, 0, 100, "b.md", "removed"),
    ]


def test_bytes_count_while_they_are_read_and_again_only_once(meter: ProgressTracker) -> None:
    with meter.counting(io.BytesIO(b"x" * 200_000)) as content:
        assert content.seek(0, io.SEEK_END) == 200_000
        for _ in range(2):
            content.seek(0)
            assert len(content.read()) == 200_000
    assert meter.bytes == 200_000


def test_notices_about_bytes_alone_are_few(meter: ProgressTracker, told: list[Progress]) -> None:
    for _ in range(1000):
        meter.sent(1)
    assert len(told) < 20
    assert meter.bytes == 1000
