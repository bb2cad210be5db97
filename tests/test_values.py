from __future__ import annotations

import copy
import io
import json
import pickle
from collections.abc import Callable
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from owui_sync.values import (
    ABSENT,
    FileSource,
    LocalFile,
    Secret,
    SourcedText,
    Sources,
    canonical,
    decode,
    encode,
    has_secret,
    inline_file,
    reveal,
    same,
)

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.just("$secret"), inner, max_size=3),
    max_leaves=8,
)
SECRET = Secret("hunter2", {"$secret": "NAME"})
SOURCES = Sources(secret=lambda name: f"value of {name}", file=lambda source: f"text of {source.path}")


def test_a_secret_is_in_no_text_form_of_it() -> None:
    for text in (repr(SECRET), str(SECRET), f"{SECRET}", repr({"key": [SECRET]}), "%s" % SECRET):  # noqa: UP031
        assert "hunter2" not in text


def test_a_secret_cannot_be_compared_hashed_copied_or_stored() -> None:
    for act in (lambda: SECRET == "hunter2", lambda: hash(SECRET), lambda: pickle.dumps(SECRET), lambda: list(SECRET)):  # type: ignore[call-overload]
        with pytest.raises(TypeError):
            act()
    with pytest.raises(TypeError):
        json.dumps({"key": SECRET})
    with pytest.raises(TypeError):
        copy.copy(SECRET)
    with pytest.raises(TypeError):
        canonical({"key": SECRET})


def test_reveal_reaches_secrets_at_any_depth() -> None:
    assert reveal({"a": [SECRET, {"b": SECRET}]}) == {"a": ["hunter2", {"b": "hunter2"}]}
    assert has_secret({"a": [{"b": SECRET}]})
    assert not has_secret({"a": ["hunter2"]})


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [(1, 1.0, True), (1, True, False), (0, False, False), ("1", 1, False), (None, ABSENT, False), ([1.0], [1], True)],
)
def test_values_are_the_same_when_their_json_is(one: Any, other: Any, equal: bool) -> None:
    assert same(one, other) is equal


@given(PLAIN)
def test_a_plain_value_survives_a_saved_plan(value: Any) -> None:
    assert decode(json.loads(json.dumps(encode(value))), SOURCES) == value


def test_secrets_and_files_come_back_from_their_sources() -> None:
    text = SourcedText("hello", FileSource("a.md", "00", 5))
    joined = Secret("Bearer hunter2", {"$join": ["Bearer ", {"$secret": "NAME"}]})
    encoded = json.loads(json.dumps(encode({"text": text, "secret": SECRET, "joined": joined})))
    assert "hunter2" not in json.dumps(encoded)
    assert reveal(decode(encoded, SOURCES)) == {
        "text": "text of a.md",
        "secret": "value of NAME",
        "joined": "Bearer value of NAME",
    }


def test_a_file_to_upload_is_compared_by_place_digest_and_size() -> None:
    file = inline_file("x/a.md", "hello")
    assert same(file, {"path": "x/a.md", "sha256": file.source.sha256, "size": 5})
    assert reveal([file])[0] is file


def test_a_file_to_upload_comes_back_from_a_saved_plan_without_its_content_being_in_it() -> None:
    read: list[FileSource] = []

    def upload(source: FileSource) -> Callable[[], BinaryIO]:
        read.append(source)
        return lambda: io.BytesIO(b"bytes")

    file = LocalFile("x/a.md", FileSource("docs/a.md", "00", 5, "upload"), lambda: io.BytesIO(b"bytes"))
    sources = Sources(secret=lambda name: "", file=lambda source: "", upload=upload)
    again = decode(json.loads(json.dumps(encode(file))), sources)
    assert (again, again.source, read) == (file, file.source, [file.source])
    assert again.open().read() == b"bytes"
    assert "bytes" not in json.dumps(encode(file))


def test_a_text_of_the_manifest_to_upload_comes_back_with_the_plan() -> None:
    file = inline_file("a", "hello")
    again = decode(json.loads(json.dumps(encode(file))), SOURCES)
    assert (again, again.open().read()) == (file, b"hello")
