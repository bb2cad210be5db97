"""What a server or a disk refuses: the file is named with the reason, all else is done, and nothing stays behind."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.sandbox import restart
from tests.live.knowledge import Documents
from tests.live.proxy import Answer, proxied
from tests.live.running import Project, changes


@contextmanager
def configured(project: Project, **settings: object) -> Iterator[None]:
    """The server with other settings for files, within the block."""
    before = project.api("GET", "/api/v1/retrieval/config")
    project.api("POST", "/api/v1/retrieval/config/update", settings)
    try:
        yield
    finally:
        project.api("POST", "/api/v1/retrieval/config/update", {key: before[key] for key in settings})


def test_a_file_that_is_too_large_or_of_a_wrong_type_is_named_in_the_servers_words(project: Project) -> None:
    documents = Documents(project, 4)
    documents.write()
    (project.folder / f"docs/{documents.name}-large.md").write_text("x" * 1_100_000)
    (project.folder / f"docs/{documents.name}-other.xyz").write_text("of another type")
    with configured(project, FILE_MAX_SIZE=1, ALLOWED_FILE_EXTENSIONS=["md"]):
        ran = project.run("apply", ".", "--yes")
    assert ran.code == 3
    assert f"`{documents.name}-large.md` was not added: Oops! The file you're trying to upload is too large" in ran.out
    assert f"`{documents.name}-other.xyz` was not added: [ERROR: File type xyz is not allowed]" in ran.out
    documents.are_complete()
    project.apply()
    assert len(documents.stored()) == 6


def test_a_file_that_vanishes_or_changes_after_the_plan_keeps_no_other_from_its_place(project: Project) -> None:
    documents = Documents(project, 6)
    documents.write()
    docs = project.folder / "docs"

    def rule(method: str, path: str) -> Answer | None:
        if method == "POST" and path.endswith("/dirs/create"):
            (docs / documents.place(2)).unlink(missing_ok=True)
            (docs / documents.place(3)).write_text(f"Document 3 of {documents.name}")
        return None

    with proxied(project.sandbox) as (sandbox, proxy):
        proxy.rule = rule
        ran = replace(project, sandbox=sandbox).run("apply", ".", "--yes")
    assert ran.code == 3
    assert f"`{documents.place(2)}` was not added" in ran.out
    assert f"`{documents.place(3)}` was not added" in ran.out
    assert set(documents.held()) == {documents.place(number) for number in (0, 1, 4, 5)}
    assert len(documents.stored()) == 4
    documents.write()
    project.apply()
    documents.are_complete()


def test_a_saved_plan_is_refused_when_the_files_moved_on_the_server_or_on_the_disk(project: Project) -> None:
    documents = Documents(project, 3)
    documents.write()
    project.apply()
    changed = project.folder / "docs" / documents.place(0)
    changed.write_text("second version")
    assert project.run("plan", ".", "--out", "plan.json").code == 0
    changed.write_text("third version")
    assert project.run("apply", "plan.json", "--yes").code == 4
    changed.write_text("second version")
    [gone] = [row["id"] for row in documents.stored() if row["filename"] == f"{documents.name}-1.md"]
    project.api("DELETE", f"/api/v1/files/{gone}")
    assert project.run("apply", "plan.json", "--yes").code == 4
    assert sum(documents.held().values()) == 2


def test_a_run_that_is_stopped_ends_the_files_on_their_way_and_begins_no_more(project: Project) -> None:
    documents = Documents(project, 40)
    documents.write()
    process = project.start("apply", ".", "--yes")
    while not documents.stored():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "40 files are done" in out
    held = documents.held()
    assert 0 < len(held) < 40
    assert len(documents.stored()) == len(held)
    project.apply()
    documents.are_complete()


def test_a_server_that_restarts_in_between_gets_the_rest(tmp_path: Path, open_webui_factory: OpenWebUIFactory) -> None:
    sandbox = open_webui_factory(data=tmp_path / "data")
    (tmp_path / "project").mkdir()
    documents = Documents(Project(tmp_path / "project", sandbox, "restart"), 20)
    documents.write()
    process = documents.project.start("apply", ".", "--yes", "--timeout", "120")
    while len(documents.stored()) < 3:
        assert process.poll() is None
    restart(sandbox.name)
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, out + err
    documents.are_complete()
    assert changes(documents.project.plan()) == {}
