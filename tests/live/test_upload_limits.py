"""Settings of uploads and files of knowledge bases in one run: a manifest says what is to be, not in which order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from owui_sync.sandbox.paths import locked
from tests.support.project import Project, changes
from tests.support.proxy import Answer, proxied
from tests.support.server import Server

EXPORT, IMPORT = "/api/v1/configs/export", "/api/v1/configs/import"
LIMITS = """
settings:
  retrieval: {{ALLOWED_FILE_EXTENSIONS: [{allowed}], FILE_MAX_SIZE: {size}, CHUNK_SIZE: {chunk}}}
knowledge:
  {name}: {{files: [{{name: note.md, content: "{text}"}}]}}
"""


@pytest.fixture
def limited(project: Project) -> Iterator[Project]:
    """A project whose settings of retrieval are as before in the end."""
    with locked("pytest-permissions"):
        before = {key: value for key, value in stored(project).items() if key.startswith("rag.")}
        yield project
        project.write("")
        project.apply()
        project.api("POST", IMPORT, {"config": before})


def stored(project: Project) -> Any:
    return project.api("GET", EXPORT)


def files(project: Project, name: str) -> list[str]:
    """Return the texts of the files of a base."""
    server = Server(project)
    [base] = [row for row in server.get("/api/v1/knowledge/")["items"] if row["name"] == name]
    rows = server.get(f"/api/v1/knowledge/{base['id']}/files")["items"]
    return [server.get(f"/api/v1/files/{row['id']}")["data"]["content"] for row in rows]


def test_limits_come_after_the_files_that_they_would_refuse_and_go_before_new_ones(
    limited: Project, unique: str
) -> None:
    limited.write(LIMITS.format(allowed="pdf", size=1, chunk=700, name=unique, text="One"))
    assert limited.apply()["summary"]["create"] == 1
    found = stored(limited)
    assert (found["rag.file.allowed_extensions"], found["rag.chunk_size"]) == (["pdf"], 700)
    assert files(limited, unique) == ["One"]
    assert changes(limited.plan()) == {}

    limited.write(LIMITS.format(allowed="", size="!null", chunk=600, name=unique, text="Two"))
    limited.apply()
    found = stored(limited)
    assert (found["rag.file.allowed_extensions"], found["rag.chunk_size"]) == ([], 600)
    assert files(limited, unique) == ["Two"]
    assert changes(limited.plan()) == {}


def test_of_a_setting_that_was_written_in_part_the_next_run_writes_the_rest(limited: Project, unique: str) -> None:
    limited.write(LIMITS.format(allowed="pdf", size="!null", chunk=800, name=unique, text="One"))
    written: list[str] = []

    def refuse_the_second(method: str, path: str) -> Answer | None:
        if (method, path) != ("POST", "/api/v1/retrieval/config/update"):
            return None
        written.append(path)
        return Answer(400, b'{"detail": "not now"}') if len(written) == 2 else None

    with proxied(limited.sandbox) as (sandbox, proxy):
        proxy.rule = refuse_the_second
        ran = Project(limited.folder, sandbox, limited.stack).run("apply", ".", "--yes", "--claim-stack")
    assert ran.code == 3
    assert "not now" in ran.err + ran.out
    assert (stored(limited)["rag.chunk_size"], stored(limited)["rag.file.allowed_extensions"]) == (800, [])
    [change] = limited.plan()["changes"]
    assert [(field["path"], field["cause"]) for field in change["fields"]] == [("ALLOWED_FILE_EXTENSIONS", "manifest")]
    limited.apply()
    assert stored(limited)["rag.file.allowed_extensions"] == ["pdf"]
