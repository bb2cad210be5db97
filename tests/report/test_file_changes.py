"""What becomes of files between two sets of them."""

from __future__ import annotations

import random
from typing import Any, BinaryIO

from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import StalePlan
from owui_sync.plan.stored_files import file_changes
from owui_sync.report.difference import files_difference
from owui_sync.report.file_changes import file_lines, files_summary
from owui_sync.values import FileSource, LocalFile, StoredFile, inline_file
from tests.support.words import numbers_in


def file(path: str, sha256: str, size: int = 10) -> dict[str, Any]:
    return {"path": path, "sha256": sha256, "size": size}


def test_each_file_is_named_once_by_what_becomes_of_it(golden: SnapshotAssertion) -> None:
    before = [file("a.md", "1"), file("b.md", "2", 12_345), file("old/c.md", "3"), file("same.md", "4")]
    after = [file("b.md", "9", 14_000), file("new/c.md", "3"), file("d.md", "5", 500), file("same.md", "4")]
    found = file_changes(before, after)
    assert numbers_in(files_summary(found)) == ["1", "1", "1", "1", "14.5"]
    assert files_summary(found) == golden
    assert list(file_lines(found)) == [
        ("-", "a.md (10 B)"),
        ("»", "old/c.md -> new/c.md"),
        ("~", "b.md (12.3 kB -> 14.0 kB)"),
        ("+", "d.md (500 B)"),
    ]
    assert found.document() == {
        "added": [{"path": "d.md", "size": 500}],
        "changed": [{"path": "b.md", "size_before": 12_345, "size": 14_000}],
        "moved": [{"from": "old/c.md", "path": "new/c.md"}],
        "removed": [{"path": "a.md", "size": 10}],
    }


def test_a_file_that_is_there_twice_is_one_to_remove() -> None:
    twice = [file("a", "1"), file("a", "1")]
    assert list(file_lines(file_changes(twice, twice[:1]))) == [("-", "a (10 B)")]
    stale = [file("a", "0"), file("a", "1")]
    assert list(file_lines(file_changes(stale, [file("a", "1")]))) == [("-", "a (10 B)")]


def test_files_of_which_the_server_knows_no_digest_are_never_moved(golden: SnapshotAssertion) -> None:
    found = file_changes([file("a", "", 0)], [file("b", "")])
    (gone, removed), added = file_lines(found)
    assert (gone, removed.split()[0], added) == ("-", "a", ("+", "b (10 B)"))
    assert removed == golden


def test_a_name_cannot_drive_the_terminal() -> None:
    assert list(file_lines(file_changes([], [file("a\x1b[31m.md", "1")]))) == [("+", "a\\x1b[31m.md (10 B)")]


SETS = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("123")).map(
    lambda found: [file(path, sha256) for path, sha256 in found.items()]
)


@given(SETS, SETS, st.randoms())
def test_what_is_told_makes_one_set_of_the_other(
    before: list[dict[str, Any]], after: list[dict[str, Any]], chance: random.Random
) -> None:
    found = file_changes(before, after)
    now = {each["path"]: each["sha256"] for each in before}
    for old, _ in found.moved:
        del now[old["path"]]
    for each in found.removed:
        del now[each["path"]]
    now |= {new["path"]: new["sha256"] for pairs in (found.moved, found.changed) for _, new in pairs}
    assert not now.keys() & {each["path"] for each in found.added}
    now |= {each["path"]: each["sha256"] for each in found.added}
    assert now == {each["path"]: each["sha256"] for each in after}
    chance.shuffle(before)
    chance.shuffle(after)
    assert file_changes(before, after).document() == found.document()


def changed(before: StoredFile, after: LocalFile | StoredFile) -> tuple[tuple[str, str], ...]:
    """The lines of one file that changes."""
    return files_difference([before], [after]).lines


def stored(text: str) -> StoredFile:
    return StoredFile("a.md", text.encode(), text)


def test_texts_that_are_known_are_compared_line_by_line() -> None:
    before = stored("one\ntwo\nthree\nfour\n")
    expected = (("@", "line 2"), (" ", "two"), ("-", "three"), ("+", "3"), (" ", "four"))
    for after in (inline_file("a.md", "one\ntwo\n3\nfour\n"), stored("one\ntwo\n3\nfour\n")):
        assert changed(before, after) == (("~", "a.md (19 B -> 15 B)"), *expected)


def test_a_file_that_is_no_text_is_told_by_size_and_digest() -> None:
    before, after = StoredFile("a.md", b"\xff\x01", None), StoredFile("a.md", b"\xff\x02", None)
    (line,) = changed(before, after)
    assert line == ("~", f"a.md (2 B -> 2 B, sha256 {before['sha256'][:8]} -> {after['sha256'][:8]})")
    assert len(changed(stored("text"), after)) == 1


def test_a_file_that_is_gone_or_was_edited_since_is_told_by_size_and_digest() -> None:
    def gone() -> BinaryIO:
        raise StalePlan("it has changed")

    source = FileSource("a.md", "ab" * 32, 3, "upload")
    (line,) = changed(stored("text"), LocalFile("a.md", source, gone))
    assert "sha256" in line[1]
