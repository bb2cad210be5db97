"""Files of a server on their way to the disk, and back: the server is made up, everything else is real."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from owui_sync.client.errors import NotFound
from owui_sync.errors import OwuiSyncError
from owui_sync.export.content import content_of
from owui_sync.export.download import save
from owui_sync.export.folder import write
from owui_sync.kinds import KINDS
from owui_sync.kinds.files import stored
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.write import Progress
from owui_sync.manifest.load import load
from owui_sync.resolve.select import Selection
from tests.support import build
from tests.support.words import names_in


def base(files: dict[str, bytes], name: str = "Hand book", **digests: str) -> ObservedResource:
    """A knowledge base with these files; `digests` takes the place of some, by id."""
    contents: list[Any] = []
    for place, data in files.items():
        folder, _, filename = place.rpartition("/")
        digest = digests.get(f"id{len(contents)}", hashlib.sha256(data).hexdigest())
        meta = {"file_hash": digest, "size": len(data)}
        contents.append({"id": f"id{len(contents)}", "filename": filename, "directory_path": folder, "meta": meta})
    kind = KINDS["knowledge"]
    seen = [stored.seen(row) for row in contents]
    row = {"id": name, "name": name, "description": "", "access_grants": [], "contents": contents, "files_seen": seen}
    return kind.live(row, IdIndex())


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, bytes]], None]:
    """Makes the server give these bytes, by id."""

    def serving(stored: dict[str, bytes]) -> None:
        async def answer(reader: Any, id: str, into: Path, size: int) -> None:
            if id not in stored:
                raise NotFound("GET", f"/api/v1/files/{id}/content", 404, "not found")
            await asyncio.to_thread(into.write_bytes, stored[id])

        monkeypatch.setattr("owui_sync.kinds.knowledge.save", answer)

    return serving


def ignore_progress(address: str, progress: Progress) -> None:
    """Tells nobody."""


def exported(live: ObservedResource, folder: Path, **options: bool) -> tuple[str, ...]:
    """Exports an object with its files; what is warned of."""
    trees, _ = asyncio.run(save(None, [live], folder, ignore_progress, **options))  # type: ignore[arg-type]
    content = content_of(build.snapshot(live), Selection(), None, trees)
    write(content, folder)
    return content.warnings


def listed(folder: Path) -> Any:
    """The files that the exported manifests name; None when they name none."""
    entry = load([folder / "manifests"], root=folder).entries["knowledge/Hand book"]
    files = entry.values.get("files")
    return files and [dict(file) for file in files]


NAMES = st.text("aA.b:é ~*_-", min_size=1, max_size=6) | st.sampled_from(
    ["con", ".gitignore", ".hidden", "x.md", "n" * 218]
)
PLACES = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(PLACES, st.binary(min_size=1, max_size=20), min_size=1, max_size=6))
@example({"a.md": b"1", "A.md": b"2"})
@example({"a": b"1", "a/b": b"2"})
@example({"a": b"same", "b": b"same"})
@example({"x:y.md": b"1", "x?y.md": b"2", ".hidden/z": b"3"})
def test_the_exported_files_are_those_of_the_server_or_are_left_out(files: dict[str, bytes]) -> None:
    live = base(files)
    stored = dict(zip((row["id"] for row in live.row["contents"]), files.values(), strict=True))
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as name:
        folder = Path(name)

        async def answer(reader: Any, id: str, into: Path, size: int) -> None:
            await asyncio.to_thread(into.write_bytes, stored[id])

        patch.setattr("owui_sync.kinds.knowledge.save", answer)
        warnings = exported(live, folder)
        assert listed(folder) == (None if warnings else live.values["files"])
        saved = {path.read_bytes() for path in (folder / "knowledge").rglob("*") if path.is_file()}
        assert saved == set(files.values())


@pytest.mark.parametrize(
    ("stored", "digests", "troubled"),
    [
        ({"id1": b"b"}, {}, {"a.md"}),
        ({}, {}, {"a.md", "b.md"}),
        ({"id0": b"a", "id1": b"other"}, {}, {"b.md"}),
        ({"id0": b"a", "id1": b"b"}, {"id1": ""}, {"b.md"}),
    ],
    ids=["one is gone", "all are gone", "other bytes", "no digest"],
)
def test_files_that_a_plan_would_change_are_not_listed(
    tmp_path: Path,
    serve: Callable[[dict[str, bytes]], None],
    stored: dict[str, bytes],
    digests: dict[str, str],
    troubled: set[str],
    golden: SnapshotAssertion,
) -> None:
    serve(stored)
    (warning,) = exported(base({"a.md": b"a", "b.md": b"b"}, **digests), tmp_path)
    assert warning.startswith("knowledge/Hand book: `files` ")
    assert names_in(warning) == {"files", *troubled}
    assert warning.endswith(" knowledge/Hand-book")
    assert warning == golden
    assert listed(tmp_path) is None
    saved = [path.read_bytes() for path in sorted((tmp_path / "knowledge").rglob("*")) if path.is_file()]
    assert saved == [stored[id] for id in sorted(stored)]


def test_for_another_server_a_digest_that_is_not_known_is_no_trouble(
    tmp_path: Path, serve: Callable[[dict[str, bytes]], None]
) -> None:
    serve({"id0": b"a"})
    assert exported(base({"a.md": b"a"}, id0=""), tmp_path, for_itself=False) == ()
    assert listed(tmp_path) == [{"path": "a.md", "sha256": hashlib.sha256(b"a").hexdigest(), "size": 1}]


def test_many_files_with_one_trouble_are_counted(
    tmp_path: Path, serve: Callable[[dict[str, bytes]], None], golden: SnapshotAssertion
) -> None:
    serve({})
    (warning,) = exported(base({f"{number}.md": b"%d" % number for number in range(6)}), tmp_path)
    assert "`0.md`, `1.md`, `2.md` and 3 more" in warning
    assert warning == golden


def test_what_git_would_ignore_there_is_exported_all_the_same(
    tmp_path: Path, serve: Callable[[dict[str, bytes]], None]
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("*.log\n")
    serve({"id0": b"a", "id1": b"b"})
    live = base({"a.md": b"a", "b.log": b"b"})
    out = tmp_path / "out"
    out.mkdir()
    assert exported(live, out) == ()
    assert "gitignore: false" in (out / "manifests/knowledge.yaml").read_text()
    assert listed(out) == live.values["files"]


def test_bases_with_alike_names_have_folders_of_their_own(
    tmp_path: Path, serve: Callable[[dict[str, bytes]], None]
) -> None:
    serve({"id0": b"a"})
    lives = [base({"a:": b"a"}, name=name) for name in ("K", "k", "K-renamed")]
    trees, count = asyncio.run(save(None, lives, tmp_path, ignore_progress))  # type: ignore[arg-type]
    assert count == 3
    assert len({path for tree in trees.values() for path in tree.renamed.values()}) == 3


def test_a_disk_that_takes_no_files_is_an_error(tmp_path: Path, serve: Callable[[dict[str, bytes]], None]) -> None:
    serve({"id0": b"a"})
    (tmp_path / "knowledge").write_text("in the way")
    with pytest.raises(OwuiSyncError, match=r"cannot write .*a\.md"):
        asyncio.run(save(None, [base({"a.md": b"a"})], tmp_path, ignore_progress))  # type: ignore[arg-type]


def test_it_tells_how_far_it_is(tmp_path: Path, serve: Callable[[dict[str, bytes]], None]) -> None:
    serve({"id0": b"aa"})
    told: list[tuple[str, Progress]] = []
    live = base({"a.md": b"aa", "gone.md": b"bbb"})
    asyncio.run(save(None, [live], tmp_path, lambda address, progress: told.append((address, progress))))  # type: ignore[arg-type]
    assert told[-1] == ("knowledge/Hand book", Progress(2, 2, 5, 5))
    assert len(told) == 2
