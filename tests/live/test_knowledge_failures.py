"""What a server or a disk refuses: the file is named with the reason, all else is done, and nothing stays behind."""

from __future__ import annotations

import itertools
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tests.support.documents import Documents
from tests.support.project import Project, changes
from tests.support.proxy import Answer, proxied


@contextmanager
def limited(project: Project) -> Iterator[None]:
    """The server takes Markdown up to 1 MB only, within the block."""
    path = "/api/v1/retrieval/config/update"
    project.api("POST", path, {"FILE_MAX_SIZE": 1, "ALLOWED_FILE_EXTENSIONS": ["md"]})
    try:
        yield
    finally:
        project.api("POST", path, {"FILE_MAX_SIZE": 0, "ALLOWED_FILE_EXTENSIONS": []})


def test_a_file_that_is_too_large_or_of_a_wrong_type_is_named_in_the_servers_words(project: Project) -> None:
    documents = Documents(project, 4)
    documents.write()
    (project.folder / f"docs/{documents.name}-large.md").write_text("x" * 1_100_000)
    (project.folder / f"docs/{documents.name}-other.xyz").write_text("of another type")
    with limited(project):
        ran = project.run("apply", ".", "--yes")
    assert ran.code == 3
    assert f"`{documents.name}-large.md` was not added: Oops! The file you're trying to upload is too large" in ran.out
    assert f"`{documents.name}-other.xyz` was not added: [ERROR: File type xyz is not allowed]" in ran.out
    documents.are_complete()
    (project.folder / f"docs/{documents.name}-large.md").unlink()
    project.apply()
    assert sum(documents.held().values()) == len(documents.stored()) == 5


def test_a_file_that_cannot_be_indexed_hides_nothing_and_holds_nothing_up(project: Project, unique: str) -> None:
    project.write(f"""
        knowledge: {{{unique}: {{description: d, files: [docs]}}}}
        models: {{{unique}: {{base: gpt-4.1, knowledge: [{unique}]}}}}
    """)
    docs = project.folder / "docs"
    docs.mkdir()
    (docs / "good.md").write_text(f"good {unique}")
    (docs / "blank.md").write_text("  \n ")
    ran = project.run("apply", ".", "--yes")
    assert ran.code == 3, ran.err + ran.out
    assert f"x knowledge/{unique}  created, but not all of it" in ran.out
    assert f"knowledge/{unique}: `blank.md` was not added: " in ran.out
    assert "Applied: 2 created in " in ran.out
    assert "; 1 incomplete" in ran.out
    [model] = [row for id, row in project.models().items() if id == unique]
    assert [item["name"] for item in model["meta"]["knowledge"]] == [unique]

    plan = project.plan()
    assert changes(plan) == {f"knowledge/{unique}": "update"}
    assert [(field["path"], field["cause"]) for change in plan["changes"] for field in change["fields"]] == [
        ("files", "manifest")
    ]
    ran = project.run("apply", ".", "--yes", "--format", "json")
    [change] = ran.document["changes"]
    assert (ran.code, change["action"], change["status"]) == (3, "update", "done")
    assert "`blank.md` was not added" in change["error"]["detail"]
    (docs / "blank.md").write_text(f"filled {unique}")
    project.apply()
    assert changes(project.plan()) == {}


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


def test_a_server_that_is_away_for_a_while_gets_the_rest_when_it_is_back(project: Project) -> None:
    documents = Documents(project, 12)
    documents.write()
    uploads, away = itertools.count(1), time.monotonic()

    def rule(method: str, path: str) -> Answer | None:
        nonlocal away
        if method == "POST" and path.startswith("/api/v1/files/?process=true") and next(uploads) == 5:
            away = time.monotonic() + 5
            return Answer(0, cut=True, after=True)
        return Answer(503) if time.monotonic() < away else None

    with proxied(project.sandbox) as (sandbox, proxy):
        proxy.rule = rule
        replace(project, sandbox=sandbox).apply()
    documents.are_complete()
    assert changes(project.plan()) == {}
