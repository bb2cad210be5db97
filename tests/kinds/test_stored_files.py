from __future__ import annotations

from typing import Any

import pytest

from owui_sync.kinds.stored_files import is_ours, seen

MARK = {"data": {"owui_sync": {"sha256": "noted", "path": "x/a.md"}}}


@pytest.mark.parametrize(
    ("row", "place", "digest"),
    [
        ({"directory_path": "x/y", "meta": {"file_hash": "h"}}, "x/y/a.md", "h"),
        ({"directory_path": "", "meta": {"file_hash": "h"}}, "a.md", "h"),
        ({"directory_path": "", "meta": MARK}, "x/a.md", "noted"),
        ({"directory_path": "z", "meta": MARK}, "z/a.md", "noted"),
        ({"directory_path": "", "meta": {**MARK, "file_hash": "h"}}, "x/a.md", "h"),
        ({"directory_path": "", "meta": {"data": {"owui_sync": {"path": "x/other"}}}}, "a.md", ""),
        ({"meta": None}, "a.md", ""),
    ],
    ids=["in a folder", "at the top", "old server", "moved since", "upgraded", "renamed since", "nothing known"],
)
def test_place_and_digest_of_a_stored_file(row: dict[str, Any], place: str, digest: str) -> None:
    assert seen({"filename": "a.md", **row}) == {"path": place, "sha256": digest, "size": 0}


def test_the_size_is_that_of_the_original() -> None:
    assert seen({"filename": "a.md", "meta": {"size": 3}})["size"] == 3
    assert seen({"filename": "a.md", "meta": {"size": None}})["size"] == 0


def test_only_a_file_with_the_mark_is_ours() -> None:
    assert is_ours({"meta": MARK})
    assert not is_ours({"meta": {"data": {"owui_sync": "forged"}}})
    assert not is_ours({"meta": None})
