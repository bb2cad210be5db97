from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.client.chat.context import image_url
from owui_sync.client.uploads import FileRefused


@pytest.mark.parametrize("url", ["https://a.test/x.png", "http://a.test/x", "data:image/png;base64,AA=="])
def test_a_url_stays_as_it_is(url: str) -> None:
    assert image_url(url) == url


@pytest.mark.parametrize(
    ("head", "media"),
    [
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"GIF89a", "gif"),
        (b"RIFF\n\x00\x00\x00WEBPVP8 ", "webp"),
    ],
)
def test_a_file_becomes_a_data_url_by_what_it_is_and_not_by_its_name(tmp_path: Path, head: bytes, media: str) -> None:
    path = tmp_path / "image.txt"
    path.write_bytes(head + b"rest")
    assert image_url(str(path)).startswith(f"data:image/{media};base64,")


def test_anything_else_is_refused_with_its_path(tmp_path: Path, golden: SnapshotAssertion) -> None:
    path = tmp_path / "image.png"
    with pytest.raises(FileRefused) as missing:
        image_url(str(path))
    path.write_bytes(b"text")
    with pytest.raises(FileRefused) as foreign:
        image_url(str(path))
    messages = [str(missing.value), str(foreign.value)]
    assert all(str(path) in message for message in messages)
    assert [message.replace(str(path), "IMAGE") for message in messages] == golden
