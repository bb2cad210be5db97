"""The files of a knowledge base: what each is known by, and every way in which they can be wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from owui_sync.errors import StalePlan
from owui_sync.manifest.load import load
from tests.support.folder import Folder
from tests.support.sources import found, problem, some_files


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
        (
            "[{name: a, content: one}, {name: b, content: one}]",
            "`b` (written here) and `a` (written here) have the same content",
        ),
        ("[{name: a, content: one}, {name: a, content: two}]", "two files get the place `a`"),
        ("[{name: a, content: ''}]", "`a` (written here) is empty"),
        ("[{name: ../a, content: x}]", "`../a` is no place"),
        ("[{name: a}]", "m.yaml:3:15"),
        ("[3]", "m.yaml:3:15"),
    ],
)
def test_each_mistake_has_its_place_and_its_words(folder: Folder, sources: str, words: str) -> None:
    assert words in problem(folder, sources)


def test_all_files_that_the_server_cannot_take_are_told_at_once(folder: Folder) -> None:
    for name in ("docs/a.md", "docs/sub/c.txt"):
        folder.write(name, "")
    folder.write("docs/twin.md", "text of docs/sub/b.md")
    folder.write('docs/quo"te.md', "q")
    folder.write("docs/CASE.md", "1")
    folder.write("docs/case.md", "2")
    assert [text.split("\n")[0] for text in folder.problems("knowledge:\n  k: {files: [docs]}\n")] == [
        'm.yaml:3:15: `quo"te.md` cannot be a place in a knowledge base: the server spells `"` in a name otherwise',
        "m.yaml:3:15: `docs/a.md` is empty, and the server takes no empty files",
        "m.yaml:3:15: `CASE.md` and `case.md` differ only in upper and lower case, and not every system can have both",
        "m.yaml:3:15: `docs/sub/c.txt` is empty, and the server takes no empty files",
        "m.yaml:3:15: `docs/twin.md` and `docs/sub/b.md` have the same content, "
        "which the server keeps only once in a base",
    ]


def test_a_name_is_composed_and_two_spellings_of_it_are_one_place(folder: Folder) -> None:
    folder.write("nfd/e\u0301.md", "1")
    assert list(found(folder, "[nfd]")) == ["\u00e9.md"]
    folder.write("nfd/\u00e9.md", "2")
    assert "two files get the place `\u00e9.md`" in problem(folder, "[nfd]")


def test_a_file_that_cannot_be_read_is_told(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(paths: Iterable[str]) -> dict[str, OSError]:
        return {path: PermissionError(13, "Permission denied") for path in paths}

    monkeypatch.setattr("owui_sync.manifest.knowledge_files.digests", refused)
    assert "cannot read `docs/a.md`: Permission denied" in problem(folder, "[docs/a.md]")


def test_two_runs_at_once_share_what_they_know(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWUI_SYNC_CACHE", str(folder.path / "cache"))
    monkeypatch.setattr("owui_sync.manifest.digests._JUST_WRITTEN", -3600.0)
    for number in range(200):
        folder.write(f"many/{number}.md", f"{number}")
    path = folder.manifest("knowledge:\n  k: {files: [many]}\n")
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: load([path]).entries["knowledge/k"].values["files"], range(2))
    assert one == other
    assert len(one) == 200
