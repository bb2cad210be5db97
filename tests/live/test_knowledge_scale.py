"""A folder of documents at size; `tests/bench/knowledge.py scale` does the same with 2,000 files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from owui_sync.sandbox import Sandbox
from tests.support.documents import Documents
from tests.support.project import Project, changes
from tests.support.proxy import proxied


def test_of_many_files_in_many_folders_only_the_changed_one_is_uploaded_again(
    tmp_path: Path, open_webui: Sandbox
) -> None:
    documents = Documents(Project(tmp_path, open_webui, "knowledge-scale"), 80, folders=40)
    project = documents.project
    documents.write()
    project.apply()
    documents.are_complete()
    with proxied(open_webui) as (sandbox, proxy):
        assert changes(replace(project, sandbox=sandbox).plan()) == {}
        compared = [path for _, path in proxy.seen if "/sync/diff" in path or path.endswith("/files")]
        assert len(compared) == 1, "the base costs one request, however many files it has"
    (project.folder / "docs" / documents.place(7)).write_text(f"changed {documents.name}")
    with proxied(open_webui) as (sandbox, proxy):
        assert set(changes(replace(project, sandbox=sandbox).apply()).values()) == {"update"}
        assert sum(path.startswith("/api/v1/files/?process=true") for _, path in proxy.seen) == 1
    documents.are_complete()
    assert changes(project.plan()) == {}
