"""The sources of a knowledge base: which files they give, at which places, and every way in which they can be wrong."""

from __future__ import annotations

import hashlib

import pytest

from owui_sync.errors import StalePlan
from owui_sync.manifest.load import load
from owui_sync.values import LocalFile
from tests.manifest.project import Project


@pytest.fixture(autouse=True)
def _files(project: Project) -> None:
    for name in ("docs/a.md", "docs/sub/b.md", "docs/sub/c.txt", "docs/.hidden.md"):
        project.write(name, f"text of {name}")


def found(project: Project, sources: str, **options: object) -> dict[str, LocalFile]:
    entry = project.load(f"knowledge:\n  k: {{files: {sources}}}\n", **options).entries["knowledge/k"]
    return {file["path"]: file for file in entry.values["files"]}


def problem(project: Project, sources: str, **options: object) -> str:
    problems = project.problems(f"knowledge:\n  k: {{files: {sources}}}\n", **options)
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize(
    ("source", "places"),
    [
        ("docs/**/*.md", ["a.md", "sub/b.md"]),
        ("docs/*.md", ["a.md"]),
        ("docs/sub/b.md", ["b.md"]),
        ("docs", ["a.md", "sub/b.md", "sub/c.txt"]),
        ("{path: docs}", ["a.md", "sub/b.md", "sub/c.txt"]),
        ("{path: docs, include: ['*.md']}", ["a.md", "sub/b.md"]),
        ("{path: docs, exclude: ['sub/**']}", ["a.md"]),
        ("{path: docs, include: ['sub/*'], exclude: ['*.txt'], into: Legal/x}", ["Legal/x/sub/b.md"]),
        ("{path: docs/a.md, into: Legal}", ["Legal/a.md"]),
        ("{name: x/y.txt, content: 'a ${b}'}", ["x/y.txt"]),
    ],
)
def test_each_source_gives_its_files_at_their_places(project: Project, source: str, places: list[str]) -> None:
    assert list(found(project, f"[{source}]")) == places


def test_a_file_is_known_by_the_digest_of_its_bytes_and_gives_them(project: Project) -> None:
    data = b"\xff\x00 not text\r\n"
    project.write("docs/a.md", data)
    file = found(project, "[docs/a.md]")["a.md"]
    assert file == {"path": "a.md", "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    assert file.open().read() == data
    assert (file.source.path, file.source.size) == ("docs/a.md", len(data))


def test_a_text_of_the_manifest_is_taken_byte_for_byte(project: Project) -> None:
    assert found(project, '[{name: x, content: "a ${b}\\n"}]')["x"].open().read() == b"a ${b}\n"


def test_a_file_that_two_sources_give_at_one_place_is_there_once(project: Project) -> None:
    assert list(found(project, "[docs/*.md, docs/a.md]")) == ["a.md"]


def test_sources_are_relative_to_their_manifest(project: Project) -> None:
    project.write("layer/docs/z.md", "z")
    project.write(".git/HEAD", "")
    path = project.write("layer/m.yaml", "version: 1\nknowledge:\n  k: {files: [docs/z.md, ../docs/a.md]}\n")
    values = load([path]).entries["knowledge/k"].values["files"]
    assert [file["path"] for file in values] == ["a.md", "z.md"]


def test_files_that_were_read_are_listed(project: Project) -> None:
    assert "docs/a.md" in project.load("knowledge:\n  k: {files: [docs/a.md]}\n").files


def test_a_file_that_changed_after_the_plan_is_not_uploaded(project: Project) -> None:
    file = found(project, "[docs/a.md]")["a.md"]
    project.write("docs/a.md", "other")
    with pytest.raises(StalePlan, match=r"docs/a\.md"):
        file.open()


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ("[docs/none.md]", "m.yaml:3:15: there is no file `docs/none.md`"),
        ("[none/**/*.md]", "there is no folder `none`"),
        ("[docs/**/*.pdf]", "no file fits `docs/**/*.pdf`"),
        ("[{path: docs, include: ['*.pdf']}]", "no file fits `docs with include"),
        ("[/etc/hosts]", "is outside the project"),
        ("[../*.md]", "is outside the project"),
        ("[{name: a.md, content: one}, docs/a.md]", "m.yaml:3:43: two files get the place `a.md`"),
        ("[{name: a, content: one}, {name: b, content: one}]", "`b` and `a` have the same content"),
        ("[{name: a, content: one}, {name: a, content: two}]", "two files get the place `a`"),
        ("[{name: a, content: ''}]", "`a` is empty"),
        ("[{name: ../a, content: x}]", "`../a` is no place"),
        ("[{name: a}]", "m.yaml:3:15"),
        ("[3]", "m.yaml:3:15"),
    ],
)
def test_each_mistake_has_its_place_and_its_words(project: Project, sources: str, words: str) -> None:
    assert words in problem(project, sources)


def test_an_empty_file_is_refused(project: Project) -> None:
    project.write("docs/a.md", "")
    assert "`docs/a.md` is empty" in problem(project, "[docs/*.md]")


def test_a_link_out_of_the_project_is_refused(project: Project) -> None:
    (project.folder / "docs/link.md").symlink_to("/etc/hosts")
    assert "is outside the project" in problem(project, "[docs]")
    assert "link.md" in found(project, "[docs]", allow_outside=True)


def test_a_secret_is_no_content(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hush-hush")
    text = problem(project, "[{name: a, content: !secret TOKEN}]")
    assert "cannot be a secret" in text
    assert "hush" not in text
