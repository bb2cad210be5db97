"""The files of a knowledge base: what each is known by, and every way in which they can be wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import StalePlan
from owui_sync.manifest.load import load
from tests.support.folder import Folder
from tests.support.sources import found, problem, some_files
from tests.support.words import names_in, place_of


@pytest.fixture(autouse=True)
def _files(folder: Folder) -> None:
    some_files(folder)


def test_a_file_is_known_by_the_digest_of_its_bytes_and_gives_them(folder: Folder) -> None:
    data = b"\xff\x00 not text\r\n"
    folder.write("docs/a.md", data)
    file = found(folder, "[docs/a.md]")["a.md"]
    assert file == {"path": "a.md", "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    assert file.open().read() == data
    assert (file.source.path, file.source.size) == ("docs/a.md", len(data))


def test_a_text_of_the_manifest_is_taken_byte_for_byte(folder: Folder) -> None:
    assert found(folder, '[{name: x, content: "a ${b}\\n"}]')["x"].open().read() == b"a ${b}\n"


def test_a_file_that_two_sources_give_at_one_place_is_there_once(folder: Folder) -> None:
    assert list(found(folder, "[docs/*.md, docs/a.md]")) == ["a.md"]


def test_files_that_were_read_are_listed(folder: Folder) -> None:
    assert "docs/a.md" in folder.load("knowledge:\n  k: {files: [docs/a.md]}\n").files


def test_a_file_that_changed_after_the_plan_is_not_uploaded(folder: Folder) -> None:
    file = found(folder, "[docs/a.md]")["a.md"]
    folder.write("docs/a.md", "other")
    with pytest.raises(StalePlan, match=r"docs/a\.md"):
        file.open()


MISTAKES: dict[str, tuple[str, set[str]]] = {
    "[docs/none.md]": ("3:15", {"docs/none.md"}),
    "[none/**/*.md]": ("3:15", {"none"}),
    "[docs/**/*.pdf]": ("3:15", {"docs/**/*.pdf"}),
    "[{path: docs, include: ['*.pdf']}]": ("3:15", {"docs", "*.pdf"}),
    "[/etc/hosts]": ("3:15", {"/etc/hosts"}),
    "[../*.md]": ("3:15", {"/"}),
    "[{name: a.md, content: one}, docs/a.md]": ("3:43", {"a.md"}),
    "[{name: a, content: one}, {name: b, content: one}]": ("3:40", {"a", "b"}),
    "[{name: a, content: ''}]": ("3:15", {"a"}),
    "[{name: ../a, content: x}]": ("3:15", {"../a"}),
    "[{name: a}]": ("3:15", {"knowledge.k.files[0]"}),
    "[3]": ("3:15", {"knowledge.k.files[0]"}),
}


@pytest.mark.parametrize("sources", MISTAKES)
def test_each_mistake_has_its_place_and_its_words(folder: Folder, sources: str, golden: SnapshotAssertion) -> None:
    told = problem(folder, sources).replace(f"`{folder.path.parent}`", "`/`")
    place, names = MISTAKES[sources]
    assert place_of(told) == f"m.yaml:{place}"
    assert names <= names_in(told)
    assert told == golden


def unkept(folder: Folder) -> None:
    """Writes files that the server cannot keep."""
    for name in ("docs/a.md", "docs/sub/c.txt"):
        folder.write(name, "")
    folder.write("docs/twin.md", "text of docs/sub/b.md")
    folder.write('docs/quo"te.md', "q")


def warnings(folder: Folder, sources: str) -> list[str]:
    return [str(warning) for warning in folder.load(f"knowledge:\n  k: {{files: {sources}}}\n").warnings]


@pytest.mark.parametrize("source", ["docs", "docs/**/*", "{path: docs, include: ['*']}"])
def test_what_a_wildcard_found_and_the_server_cannot_keep_is_left_out_with_one_warning(
    folder: Folder, source: str
) -> None:
    unkept(folder)
    assert list(found(folder, f"[{source}]")) == ["sub/b.md"]
    assert warnings(folder, f"[{source}]") == [
        "m.yaml:3:7: `knowledge/k`: 4 files that were found are left out, as the server keeps no such file: "
        '`docs/a.md` (empty), `quo"te.md` (the server spells `"` in a name otherwise), `docs/sub/c.txt` (empty) '
        "and 1 more"
    ]


def test_a_single_file_is_left_out_in_the_singular(folder: Folder) -> None:
    folder.write("docs/twin.md", "text of docs/a.md")
    assert list(found(folder, "['docs/*.md']")) == ["a.md"]
    assert warnings(folder, "['docs/*.md']") == [
        "m.yaml:3:7: `knowledge/k`: 1 file that was found is left out, as the server keeps no such file: "
        "`docs/twin.md` (the content of `docs/a.md`)"
    ]


def test_what_is_named_and_cannot_be_kept_is_an_error_even_if_a_wildcard_finds_it_too(folder: Folder) -> None:
    unkept(folder)
    texts = folder.problems(
        "knowledge:\n  k: {files: [docs, docs/a.md, docs/sub/b.md, docs/twin.md, 'docs/quo\"te.md']}\n"
    )
    assert [text.split("\n")[0] for text in texts] == [
        "m.yaml:3:21: `docs/a.md` is empty, and the server takes no empty files",
        "m.yaml:3:47: `docs/twin.md` and `docs/sub/b.md` have the same content, "
        "which the server keeps only once in a base",
        'm.yaml:3:61: `quo"te.md` cannot be the place of a file: the server spells `"` in a name otherwise',
    ]


def test_of_two_files_with_one_content_the_named_one_stays(folder: Folder) -> None:
    folder.write("docs/z.md", "text of docs/a.md")
    assert list(found(folder, "['docs/*.md', docs/z.md]")) == ["z.md"]
    assert list(found(folder, "['docs/*.md', {name: n, content: text of docs/a.md}]")) == ["n"]


def test_a_base_is_not_emptied_because_nothing_that_was_found_can_be_kept(folder: Folder) -> None:
    folder.write("bare/a.md", "")
    folder.write("bare/b.md", "")
    assert problem(folder, "[bare]") == (
        "m.yaml:3:7: `knowledge/k`: the server can keep none of the files that were found: "
        "`bare/a.md` (empty), `bare/b.md` (empty)\nname others, or take the source out"
    )


def test_names_that_differ_in_case_alone_stay_an_error(folder: Folder) -> None:
    folder.write("docs/CASE.md", "1")
    folder.write("docs/case.md", "2")
    assert "`CASE.md` and `case.md` differ only in upper and lower case" in problem(folder, "[docs]")


def test_a_name_is_composed_and_two_spellings_of_it_are_one_place(folder: Folder, golden: SnapshotAssertion) -> None:
    folder.write("nfd/e\u0301.md", "1")
    assert list(found(folder, "[nfd]")) == ["\u00e9.md"]
    folder.write("nfd/\u00e9.md", "2")
    told = problem(folder, "[nfd]")
    assert "\u00e9.md" in names_in(told)
    assert told == golden


def test_a_file_that_cannot_be_read_is_told(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, golden: SnapshotAssertion
) -> None:
    def refused(paths: Iterable[str]) -> dict[str, OSError]:
        return {path: PermissionError(13, "Permission denied") for path in paths}

    monkeypatch.setattr("owui_sync.manifest.files.expand.digests", refused)
    told = problem(folder, "[docs/a.md]")
    assert "`docs/a.md`: Permission denied" in told
    assert told == golden


def test_two_runs_at_once_share_what_they_know(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWUI_SYNC_CACHE", str(folder.path / "cache"))
    monkeypatch.setattr("owui_sync.manifest.files.digests._JUST_WRITTEN", -3600.0)
    for number in range(200):
        folder.write(f"many/{number}.md", f"{number}")
    path = folder.manifest("knowledge:\n  k: {files: [many]}\n")
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: load([path]).entries["knowledge/k"].values["files"], range(2))
    assert one == other
    assert len(one) == 200
