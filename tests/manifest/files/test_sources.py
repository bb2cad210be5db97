"""Which files a source names, and at which places."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from owui_sync.manifest.load import load
from tests.support.folder import Folder
from tests.support.sources import found, problem, some_files
from tests.support.words import names_in, place_of


@pytest.fixture(autouse=True)
def _files(folder: Folder) -> None:
    some_files(folder)


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
def test_each_source_gives_its_files_at_their_places(folder: Folder, source: str, places: list[str]) -> None:
    assert list(found(folder, f"[{source}]")) == places


def test_sources_are_relative_to_their_manifest(folder: Folder) -> None:
    folder.write("layer/docs/z.md", "z")
    folder.write(".git/HEAD", "")
    path = folder.write("layer/m.yaml", "version: 1\nknowledge:\n  k: {files: [docs/z.md, ../docs/a.md]}\n")
    values = load([path]).entries["knowledge/k"].values["files"]
    assert [file["path"] for file in values] == ["a.md", "z.md"]


def test_a_link_out_of_the_project_is_refused_with_both_of_its_ends(folder: Folder, golden: SnapshotAssertion) -> None:
    (folder.path / "docs/link.md").symlink_to("/etc/hosts")
    (folder.path / "docs/folder").symlink_to("/etc")
    texts = folder.problems("knowledge:\n  k: {files: ['docs/**/*.md', docs/link.md, docs/folder/hosts]}\n")
    ends = {"folder": {"docs/folder", "/etc"}, "link": {"docs/link.md", "/etc/hosts"}}
    assert [(place_of(text), names_in(text) - {"."}) for text in texts] == [
        ("m.yaml:3:15", ends["folder"]),
        ("m.yaml:3:15", ends["link"]),
        ("m.yaml:3:31", ends["link"]),
        ("m.yaml:3:45", ends["folder"]),
    ]
    assert texts == golden
    assert "link.md" in found(folder, "[docs/*.md]", allow_outside=True)


def test_a_link_that_leads_nowhere_is_told(folder: Folder, golden: SnapshotAssertion) -> None:
    (folder.path / "docs/link.md").symlink_to("gone.md")
    told = problem(folder, "[docs]")
    assert names_in(told) == {"docs/link.md", "gone.md"}
    assert told == golden


def test_links_inside_the_project_are_what_they_lead_to(folder: Folder) -> None:
    folder.write("shared/x.md", "shared")
    (folder.path / "docs/more").symlink_to("../shared")
    assert list(found(folder, "[docs/**/*.md]")) == ["a.md", "more/x.md", "sub/b.md"]


def test_what_git_ignores_is_left_out_unless_it_is_wanted_or_named(folder: Folder) -> None:
    folder.write(".gitignore", "docs/sub/\n*.log\n")
    folder.write("docs/x.log", "log")
    assert list(found(folder, "[docs]")) == ["a.md"]
    assert list(found(folder, "['docs/**/*']")) == ["a.md"]
    assert list(found(folder, "[docs/x.log, docs/a.md]")) == ["a.md", "x.log"]
    assert list(found(folder, "[{path: docs, gitignore: false}]")) == ["a.md", "sub/b.md", "sub/c.txt", "x.log"]


def test_the_repository_around_a_manifest_has_a_say(folder: Folder) -> None:
    folder.write("top/.git/info/exclude", "a.md\n")
    folder.write("top/.gitignore", "/in/docs/b.md\n")
    for name in "abc":
        folder.write(f"top/in/docs/{name}.md", name)
    path = folder.write("top/in/m.yaml", "version: 1\nknowledge:\n  k: {files: [docs]}\n")
    values = load([path]).entries["knowledge/k"].values["files"]
    assert [file["path"] for file in values] == ["c.md"]


@pytest.mark.parametrize("source", ["docs/**/*.md", "docs/*.md", "docs"])
def test_a_source_of_which_git_leaves_out_everything_is_a_problem(
    folder: Folder, source: str, golden: SnapshotAssertion
) -> None:
    folder.write(".gitignore", "# not these\n*.md\n*.txt\n")
    told = problem(folder, f"['{source}']")
    assert {source, "*.md", "gitignore: false"} <= names_in(told)
    assert ".gitignore:2 `*.md`" in told
    assert told == golden


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    st.permutations(
        [
            "docs/*.md", "docs/**/*.md", "{path: docs/sub, into: other, include: ['*.txt']}", "docs/a.md",
            "{name: hello.txt, content: Hello}", "{path: docs, include: ['*.md'], exclude: ['*.txt']}",
        ]
    )
)  # fmt: skip
def test_the_order_of_sources_does_not_matter(folder: Folder, sources: list[str]) -> None:
    files = found(folder, f"[{', '.join(sources)}]")
    assert list(files) == ["a.md", "hello.txt", "other/c.txt", "sub/b.md"]


def test_a_secret_is_no_content(folder: Folder, monkeypatch: pytest.MonkeyPatch, golden: SnapshotAssertion) -> None:
    monkeypatch.setenv("TOKEN", "hush-hush")
    text = problem(folder, "[{name: a, content: !secret TOKEN}]")
    assert "secret" in text
    assert "hush" not in text
    assert text == golden


def test_a_project_behind_a_link_has_its_rules_too(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("real/.gitignore", "b.md\n")
    for name in "ab":
        folder.write(f"real/docs/{name}.md", name)
    (folder.path / "link").symlink_to("real")
    monkeypatch.chdir(folder.path / "link")
    path = folder.write("link/m.yaml", "version: 1\nknowledge:\n  k: {files: [docs]}\n")
    values = load([folder.path / path]).entries["knowledge/k"].values["files"]
    assert [file["path"] for file in values] == ["a.md"]


def test_the_path_of_a_mapping_is_no_glob(folder: Folder) -> None:
    folder.write("docs/x[1].md", "x")
    assert list(found(folder, "[{path: 'docs/x[1].md'}]")) == ["x[1].md"]


def test_a_single_file_can_have_another_name(folder: Folder, golden: SnapshotAssertion) -> None:
    assert list(found(folder, "[{path: docs/a.md, as: 'b/c:d.md', into: top}]")) == ["top/b/c:d.md"]
    told = problem(folder, "[{path: docs, as: x}]")
    assert {"as", "docs"} <= names_in(told)
    assert told == golden
