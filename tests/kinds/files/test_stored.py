from __future__ import annotations

from typing import Any

import pytest

from owui_sync.kinds.files.stored import MARK, flat, is_ours, likely, mark, marked, seen
from owui_sync.values import inline_file

NOTED: Any = {"data": {MARK: {"knowledge": "k", "sha256": "noted", "path": "x/a.md"}}}


@pytest.mark.parametrize(
    ("row", "place", "digest"),
    [
        ({"directory_path": "x/y", "filename": "a.md", "meta": {"file_hash": "h"}}, "x/y/a.md", "h"),
        ({"directory_path": "", "filename": "a.md", "meta": {"file_hash": "h"}}, "a.md", "h"),
        ({"directory_path": None, "filename": "x__a.md", "meta": NOTED}, "x/a.md", "noted"),
        ({"directory_path": None, "filename": "b.md", "meta": NOTED}, "b.md", "noted"),
        ({"directory_path": "", "filename": "x__a.md", "meta": NOTED}, "x__a.md", "noted"),
        ({"directory_path": "z", "filename": "a.md", "meta": NOTED}, "z/a.md", "noted"),
        ({"filename": "a.md", "meta": None}, "a.md", ""),
    ],
    ids=["in a folder", "at the top", "old server", "renamed there", "upgraded", "moved since", "nothing known"],
)
def test_place_and_digest_of_a_stored_file(row: Any, place: str, digest: str) -> None:
    assert seen(row) == {"path": place, "sha256": digest, "size": 0}


def test_the_size_is_the_servers() -> None:
    assert seen({"id": "1", "filename": "a", "directory_path": "", "meta": {"size": 7}})["size"] == 7


def test_an_upload_is_known_again_by_its_mark() -> None:
    file = inline_file("x/a.md", "text")
    row: Any = {"meta": {"data": {MARK: mark("base", file)}}}
    assert marked(row) == {"knowledge": "base", "path": "x/a.md", "sha256": file["sha256"]}


def test_only_a_file_with_the_mark_is_ours() -> None:
    assert is_ours({"id": "1", "meta": NOTED})
    assert not is_ours({"id": "1", "meta": {"data": {MARK: "forged"}}})
    assert not is_ours({"id": "1", "meta": None})


def test_a_flat_name_keeps_the_folders() -> None:
    assert (flat("docs/api/x.md"), flat("x.md")) == ("docs__api__x.md", "x.md")


def test_files_probably_are_where_they_are_wanted_or_were_put() -> None:
    assert likely([{"id": "1", "meta": NOTED}, {"id": "2", "meta": None}], [inline_file("y", "t")]) == {"x/a.md", "y"}
