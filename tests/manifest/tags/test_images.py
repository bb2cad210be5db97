"""Pictures are known by their first bytes."""

from __future__ import annotations

import base64

import pytest

from owui_sync.manifest.tags.images import MAX_BYTES, data_url
from owui_sync.manifest.yaml.value_problem import ValueProblem


@pytest.mark.parametrize(
    ("data", "subtype"),
    [
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"RIFF\x0a\x00\x00\nWEBPVP8 ", "webp"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg+xml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a > b -->\n<svg/>", "svg+xml"),
    ],
)
def test_the_type_is_told_by_the_first_bytes(data: bytes, subtype: str) -> None:
    head, _, content = data_url(data).partition(",")
    assert head == f"data:image/{subtype};base64"
    assert base64.b64decode(content) == data


@pytest.mark.parametrize("data", [b"", b"<html><svg/></html>", b"RIFF....WAVE", b"%PDF-1.7"])
def test_anything_else_is_no_picture(data: bytes) -> None:
    with pytest.raises(ValueProblem, match="not a PNG"):
        data_url(data)


def test_the_largest_picture_has_one_mebibyte() -> None:
    start = b"\xff\xd8\xff"
    assert data_url(start.ljust(MAX_BYTES, b"\0"))
    with pytest.raises(ValueProblem, match="1,048,577 bytes; the most is 1,048,576"):
        data_url(start.ljust(MAX_BYTES + 1, b"\0"))


def test_a_picture_that_begins_with_many_comments_takes_no_time() -> None:
    with pytest.raises(ValueProblem):
        data_url(b"<!-- -->" * 50_000)
    assert data_url(b"<!-- -->" * 50 + b"<svg>").startswith("data:image/svg")
