from __future__ import annotations

import pytest

from owui_sync.media import data_url, is_for_models, picture_kind

PICTURES = {
    "png": b"\x89PNG\r\n\x1a\nrest",
    "jpeg": b"\xff\xd8\xff\xe0rest",
    "gif": b"GIF89arest",
    "webp": b"RIFF\x00\x01\x02\x03WEBPrest",
    "svg+xml": b"<?xml version='1.0'?>\n<!-- a -->\n<svg xmlns='x'/>",
}


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_told_by_its_first_bytes(kind: str) -> None:
    assert picture_kind(PICTURES[kind]) == kind
    assert data_url(PICTURES[kind]).startswith(f"data:image/{kind};base64,")
    assert is_for_models(PICTURES[kind]) == (kind != "svg+xml")


@pytest.mark.parametrize("content", [b"", b"text", b"GIF8", b"RIFF....WAVE", b"\x89PN"])
def test_anything_else_is_no_picture(content: bytes) -> None:
    assert picture_kind(content) is None
    assert not is_for_models(content)
    with pytest.raises(ValueError, match="not a PNG, JPEG, GIF, WebP or SVG picture"):
        data_url(content)
