from __future__ import annotations

from owui_sync.client.api.files import FileMeta
from owui_sync.client.api.knowledge import KnowledgeFileRow
from owui_sync.kinds.files.steps import Steps, steps
from owui_sync.values import LocalFile, inline_file

A, B = inline_file("x/a.md", "alpha"), inline_file("b.md", "beta")


def at(place: str, file: LocalFile, id: str = "") -> KnowledgeFileRow:
    """A row with the bytes of a file."""
    folder, _, name = place.rpartition("/")
    meta: FileMeta = {"file_hash": file["sha256"], "size": file["size"]}
    return {"id": id or place, "filename": name, "directory_path": folder, "meta": meta}


def test_what_is_there_as_it_is_wanted_needs_nothing() -> None:
    assert steps([A, B], [at("x/a.md", A), at("b.md", B)], lambda *_: True) == Steps([], [], [])


def test_a_changed_file_is_uploaded_and_its_former_self_goes() -> None:
    old = at("b.md", A)
    assert steps([B], [old], lambda *_: False) == Steps([B], [], [old])


def test_the_same_bytes_at_another_place_are_moved() -> None:
    row = at("old/a.md", A)
    assert steps([A], [row], lambda *_: True) == Steps([], [(row, A)], [])


def test_what_cannot_be_moved_is_uploaded_again() -> None:
    row = at("old/a.md", A)
    assert steps([A], [row], lambda *_: False) == Steps([A], [], [row])


def test_a_row_with_the_right_name_is_moved_rather_than_one_to_rename() -> None:
    other, named = at("other.md", A), at("old/a.md", A)
    assert steps([A], [other, named], lambda *_: True) == Steps([], [(named, A)], [other])


def test_of_two_rows_for_one_file_the_second_goes() -> None:
    second = at("b.md", B, "second")
    assert steps([B], [at("b.md", B), second], lambda *_: True) == Steps([], [], [second])


def test_two_files_with_the_same_bytes_take_two_rows() -> None:
    twin = inline_file("c.md", "beta")
    rows = [at("1", B), at("2", B)]
    assert [row["id"] for row, _ in steps([B, twin], rows, lambda *_: True).move] == ["1", "2"]
