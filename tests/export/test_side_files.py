from __future__ import annotations

import base64
from typing import Any

import pytest

from owui_sync.export.entry import ExportedEntry
from owui_sync.export.side_files import LONG, FileSection
from owui_sync.export.tag import Tag

PNG = b"\x89PNG\r\n\x1a\nrest"
URL = "data:image/png;base64," + base64.b64encode(PNG).decode()


def placed(kind: str, key: str, **fields: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
    section = FileSection("things")
    return section.place(ExportedEntry(kind, key, fields)), section.files


@pytest.mark.parametrize(
    "text", ["two\nlines", "a\r\n", "a\rb", "a\u2028b", "a\u0085b", "\ufeffa\n", "x" * (LONG + 1), "\n"]
)
def test_a_text_of_several_lines_or_a_long_one_becomes_a_file_byte_for_byte(text: str) -> None:
    fields, files = placed("prompt", "triage", content=text)
    assert fields == {"content": Tag("file", "things/triage.md")}
    assert files == {"things/triage.md": text.encode()}


@pytest.mark.parametrize("text", ["", "short", "x" * LONG, "\ufeffa", "tab\there"])
def test_a_short_line_stays(text: str) -> None:
    assert placed("prompt", "triage", content=text) == ({"content": text}, {})


def test_what_makes_the_object_has_its_name_and_any_other_text_its_path_too() -> None:
    fields, files = placed("model", "a/b", system="1\n2", params={"stop": ["x", "1\n2"]}, meta={"k y": "1\n2"})
    assert fields["system"] == Tag("file", "things/a-b.system.md")
    assert fields["params"]["stop"][1] == Tag("file", "things/a-b.params.stop.2.md")
    assert fields["meta"] == {"k y": Tag("file", "things/a-b.meta.k-y.md")}
    assert len(files) == 3


def test_a_picture_becomes_a_file_when_its_bytes_give_the_same_url() -> None:
    assert placed("model", "m", image=URL) == (
        {"image": Tag("image", "things/m.image.png")},
        {"things/m.image.png": PNG},
    )


@pytest.mark.parametrize(
    "url",
    [
        "data:image/gif;base64," + base64.b64encode(PNG + b"x" * LONG).decode(),
        URL + "=" * LONG,
        URL + "\n",
        "data:image/png;base64,???" + "x" * LONG,
        "data:image/png;base64," + base64.b64encode(b"x" * 2**21).decode(),
    ],
)
def test_a_picture_that_would_come_back_otherwise_is_a_text(url: str) -> None:
    fields, files = placed("model", "m", image=url)
    assert fields["image"].tag == "file"
    assert list(files.values()) == [url.encode()]


def test_names_of_other_objects_stay_however_long_they_are() -> None:
    fields, files = placed("group", "g", members=["x" * 300], description="d")
    assert (fields["members"], files) == (["x" * 300], {})


def test_mappings_are_sorted() -> None:
    fields, _ = placed("model", "m", params={"b": {"d": 1, "c": 2}, "a": 1})
    assert list(fields["params"]) == ["a", "b"]
    assert list(fields["params"]["b"]) == ["c", "d"]
