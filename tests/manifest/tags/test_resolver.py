"""Every tag: its value, and each way in which it can fail."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from owui_sync.manifest.files.reading import decode
from owui_sync.manifest.load import load
from owui_sync.values import Secret, SourcedText, encode
from tests.support.folder import Folder
from tests.support.words import names_in, place_of

PNG = b"\x89PNG\r\n\x1a\n"


def _content(folder: Folder, value: str, rest: str = "", **options: object) -> object:
    return folder.load(f"prompts:\n  p: {{content: {value}}}\n{rest}", **options).entries["prompt/p"].values["content"]


def _problem(folder: Folder, value: str, rest: str = "", **options: object) -> str:
    problems = folder.problems(f"prompts:\n  p: {{content: {value}}}\n{rest}", **options)
    assert len(problems) == 1
    return problems[0]


def test_a_file_gives_its_text_and_remembers_its_bytes(folder: Folder) -> None:
    data = "😀 {{x}} ${y}\r\ntrailing  \t\n\n".encode()
    folder.write("t/p.md", data)
    text = _content(folder, "!file t/p.md")
    assert isinstance(text, SourcedText)
    assert text.encode() == data
    assert (text.source.path, text.source.size) == ("t/p.md", len(data))
    assert text.source.sha256 == hashlib.sha256(data).hexdigest()


@given(st.text(st.characters(codec="utf-8")))
@settings(max_examples=200)
def test_every_text_survives_decoding_byte_for_byte(text: str) -> None:
    assert decode(text.encode(), Path("x")) == text


def test_a_file_is_relative_to_the_manifest_that_names_it(folder: Folder) -> None:
    folder.write("m/p.md", "here")
    path = folder.manifest("prompts: {p: {content: !file p.md}}", "m/a.yaml")
    assert load([path.parent]).entries["prompt/p"].values["content"] == "here"


FAILURES = {
    "!file promt.md": {"promt.md", "prompt.md"},
    "!file no/x.md": {"no/x.md", "no"},
    "!file .": {"."},
    "!file latin.md": {"latin.md"},
    "!file ../x.md": {"../x.md"},
    "!file link.md": {"link.md"},
    '!file "a\\nb"': {"!file"},
    f"!file {'x' * 2000}": {"!file"},
    "!file {a: b}": {"!file"},
    "!image prompt.md": set[str](),
    "!var nope": {"nope", "vars"},
    "!env OWUI_NO": {"OWUI_NO"},
    "!env {nam: X}": {"!env", "name", "default"},
    "!env {name: X, defalt: 1}": {"defalt", "!env", "default"},
    "!secret OWUI_NO": {"OWUI_NO"},
    '!sub "${a"': {"${", "}"},
    '!sub "${}"': {"${", "}"},
}


@pytest.mark.parametrize("value", FAILURES, ids=lambda value: value if len(value) < 100 else "!file with a long text")
def test_each_tag_says_where_and_why_it_failed_and_nothing_follows(
    folder: Folder, tmp_path_factory: pytest.TempPathFactory, value: str, golden: SnapshotAssertion
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "x.md"
    outside.write_text("x")
    (folder.path / "link.md").symlink_to(outside)
    folder.write("prompt.md", "x")
    folder.write("latin.md", b"a\nb \xe4")
    problem = _problem(folder, value)
    assert place_of(problem) == "m.yaml:3:16"
    assert FAILURES[value] <= names_in(problem)
    assert problem == golden


def test_outside_files_are_read_when_that_is_allowed(folder: Folder) -> None:
    (folder.path / "in").mkdir()
    folder.write("x.md", "outside")
    path = folder.manifest("prompts: {p: {content: !file ../x.md}}", "in/a.yaml")
    assert load([path], allow_outside=True).entries["prompt/p"].values["content"] == "outside"


def test_a_picture_is_a_data_url(folder: Folder) -> None:
    folder.write("logo.jpg", PNG)
    image = folder.load("models: {m: {image: !image logo.jpg}}").entries["model/m"].values["image"]
    assert isinstance(image, SourcedText)
    assert image.startswith("data:image/png;base64,")
    assert encode(image)["$image"] == "logo.jpg"


def test_a_picture_type_that_the_server_drops_is_refused_by_the_schema(
    folder: Folder, golden: SnapshotAssertion
) -> None:
    folder.write("logo.svg", "<svg/>")
    (problem,) = folder.problems("models: {m: {image: !image logo.svg}}")
    assert (place_of(problem), names_in(problem)) == ("m.yaml:2:21", {"models.m.image"})
    assert problem == golden


def test_a_variable_keeps_its_type(folder: Folder) -> None:
    desired = folder.load("vars: {on: false, tags: [b, a]}\nprompts: {p: {active: !var on, tags: !var tags}}")
    values = desired.entries["prompt/p"].values
    assert (values["active"], values["tags"]) == (False, ["a", "b"])


def test_an_undefined_variable_lists_those_that_are(folder: Folder, golden: SnapshotAssertion) -> None:
    unlike, alike = _problem(folder, "!var x", "vars: {b: 1, a: 2}"), _problem(folder, "!var stgae", "vars: {stage: x}")
    assert "`a`, `b`" in unlike
    assert names_in(alike) == {"stgae", "stage"}
    assert [unlike, alike] == golden


def test_variables_may_be_made_from_variables_but_not_from_themselves(
    folder: Folder, golden: SnapshotAssertion
) -> None:
    assert _content(folder, "!var a", 'vars: {a: !sub "${b}!", b: x}') == "x!"
    problem = _problem(folder, "!var a", 'vars: {a: !sub "${b}", b: !var a}')
    assert "a -> b -> a" in problem
    assert problem == golden


def test_a_variable_that_nothing_uses_need_not_work(folder: Folder) -> None:
    assert _content(folder, "x", "vars: {a: !secret OWUI_NO}") == "x"


def test_the_environment_and_its_default(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWUI_E", "from env")
    assert _content(folder, "!env OWUI_E") == "from env"
    assert _content(folder, "!env {name: OWUI_NO, default: d}") == "d"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a ${s} b"', "a x b"),
        ('"$${s} $ $s {s} {{s}}"', "${s} $ $s {s} {{s}}"),
        ('"$$${s}"', "$${s}"),
        ('"${n}|${f}|${b}"', "7|1.5|true"),
        ("plain", "plain"),
    ],
)
def test_a_text_with_variables(folder: Folder, text: str, expected: str) -> None:
    assert _content(folder, f"!sub {text}", "vars: {s: x, n: 7, f: 1.5, b: true}") == expected


@pytest.mark.parametrize(("value", "what"), [("[1]", "a list"), ("{a: 1}", "a mapping")])
def test_only_scalars_are_parts_of_a_text(folder: Folder, value: str, what: str, golden: SnapshotAssertion) -> None:
    problem = _problem(folder, '!sub "${v}"', f"vars: {{v: {value}}}")
    assert f"`v` is {what}" in problem
    assert problem == golden


def test_no_other_text_is_ever_interpolated(folder: Folder) -> None:
    assert _content(folder, '"${s} {{s}} !var s"', "vars: {s: x}") == "${s} {{s}} !var s"


def test_a_secret_stays_one_through_variables_and_texts(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWUI_S", "hunter2")
    secret = _content(folder, "!var s", "vars: {s: !secret OWUI_S}")
    assert isinstance(secret, Secret)
    assert (secret.reveal(), secret.origin) == ("hunter2", {"$secret": "OWUI_S"})
    joined = _content(folder, '!sub "key=${s};"', "vars: {s: !secret OWUI_S}")
    assert isinstance(joined, Secret)
    assert joined.reveal() == "key=hunter2;"
    assert joined.origin == {"$join": ["key=", {"$secret": "OWUI_S"}, ";"]}


def test_missing_secrets_can_be_allowed_but_nothing_else(folder: Folder) -> None:
    body = 'prompts: {p: {content: !secret OWUI_NO, name: !sub "${s}", tags: [!var s]}}\nvars: {s: !secret OWUI_NO}'
    values = folder.load(body, allow_missing_secrets=True).entries["prompt/p"].values
    assert dict(values) == {}
    assert len(folder.problems(body)) == 2
    assert folder.problems("prompts: {p: {content: !env OWUI_NO}}", allow_missing_secrets=True) != []


def test_a_byte_order_mark_is_kept_and_warned_of(folder: Folder, golden: SnapshotAssertion) -> None:
    folder.write("p.md", b"\xef\xbb\xbfx")
    desired = folder.load("prompts: {p: {content: !file p.md}}")
    assert desired.entries["prompt/p"].values["content"] == "\ufeffx"
    (warning,) = desired.warnings
    assert "p.md" in names_in(warning.message)
    assert str(warning) == golden


def test_files_of_tags_are_listed_after_the_manifests(folder: Folder) -> None:
    folder.write("p.md", "x")
    desired = folder.load("prompts: {p: {content: !file p.md}, q: {content: !file ./p.md}}")
    assert desired.files == ("m.yaml", "p.md")
