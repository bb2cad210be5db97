"""Knowledge bases through both classes of the client library, on every version; the server's own API checks them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from owui_sync import OpenWebUIClient
from owui_sync.client.errors import ApiError, Missing, NotFound, WrongValue
from owui_sync.client.uploads import FileRefused
from tests.support.clients import client_of, fails, finds_nothing
from tests.support.server import Server


def bases(server: Server, token: str | None = None) -> list[Any]:
    """All knowledge bases."""
    rows: list[Any] = []
    while True:
        page = server.get(f"/api/v1/knowledge/?page={len(rows) // 30 + 1}", token)
        rows += page["items"]
        if len(rows) >= page["total"]:
            return rows


def files(server: Server, name: str) -> list[str]:
    """Names of the files in the one base of that name."""
    [base] = [row for row in bases(server) if row["name"] == name]
    return sorted(row["filename"] for row in server.get(f"/api/v1/knowledge/{base['id']}/files")["items"])


def found(server: Server, name: str, words: str) -> list[str]:
    """The texts that the server finds in a base for some words."""
    [base] = [row for row in bases(server) if row["name"] == name]
    body = {"collection_names": [base["id"]], "query": words, "k": 3}
    return [text for texts in server.post("/api/v1/retrieval/query/collection", body)["documents"] for text in texts]


@pytest.fixture
def text(tmp_path: Path, unique: str) -> Path:
    path = tmp_path / f"{unique}.md"
    path.write_text(f"# {unique}\n\nThe printer lives on the third floor.\n")
    return path


def test_a_base_is_made_and_found_by_its_name(client: OpenWebUIClient, server: Server, unique: str) -> None:
    made = client.create_knowledge_base(unique, "Words")
    assert made is not None
    [row] = [row for row in bases(server) if row["name"] == unique]
    assert (made["id"], row["description"], server.grants(row)) == (row["id"], "Words", set())
    client.create_knowledge_base(f"{unique} more")
    again = client.get_knowledge_base_by_name(unique)
    assert again is not None
    assert again["id"] == made["id"]


def test_an_added_file_can_be_found(client: OpenWebUIClient, server: Server, unique: str, text: Path) -> None:
    assert client.add_file_to_knowledge_base(str(text), unique) is True
    assert files(server, unique) == [text.name]
    assert any("third floor" in part for part in found(server, unique, "printer"))
    assert client.add_file_to_knowledge_base(str(text), unique) is True
    assert files(server, unique) == [text.name]
    everywhere = server.get(f"/api/v1/files/search?filename={text.name}")
    assert len(everywhere) == 1


def test_a_file_that_does_not_get_in_leaves_nothing_behind(
    client: OpenWebUIClient, caplog: pytest.LogCaptureFixture, server: Server, unique: str, text: Path, tmp_path: Path
) -> None:
    client.add_file_to_knowledge_base(str(text), unique)
    twin, blank = tmp_path / f"{unique}-twin.md", tmp_path / f"{unique}-blank.md"
    twin.write_bytes(text.read_bytes())
    blank.write_text("  \n")
    for path in (twin, blank):
        fails(client, caplog, FileRefused, False, "add_file_to_knowledge_base", str(path), unique)
        assert path.name in caplog.text
    assert files(server, unique) == [text.name]
    assert len(server.get(f"/api/v1/files/search?filename={unique}*")) == 1


def test_a_file_that_is_not_there_makes_no_base(
    client: OpenWebUIClient, caplog: pytest.LogCaptureFixture, server: Server, unique: str, tmp_path: Path
) -> None:
    for path in (tmp_path / "none.md", tmp_path):
        fails(client, caplog, FileRefused, False, "add_file_to_knowledge_base", str(path), unique)
    assert unique not in [row["name"] for row in bases(server)]


def test_several_bases_at_once_with_their_files(
    client: OpenWebUIClient, server: Server, unique: str, text: Path, tmp_path: Path
) -> None:
    other, blank = tmp_path / "other.md", tmp_path / "blank.md"
    other.write_text(f"Other {unique}")
    blank.write_text(" ")
    configs: list[dict[str, Any]] = [
        {"name": f"{unique}-a", "description": "A", "files": [str(text), str(other)]},
        {"name": f"{unique}-b"},
        {"name": f"{unique}-c", "files": [str(other), str(blank)]},
        {"name": f"{unique}-d", "files": [str(tmp_path / "none.md")]},
    ]
    result = client.create_knowledge_bases_with_files(configs, max_workers=2)
    assert sorted(result["success"]) == [f"{unique}-a", f"{unique}-b"]
    assert result["failed"].keys() == {f"{unique}-c", f"{unique}-d"}
    assert "blank.md" in result["failed"][f"{unique}-c"]
    assert "none.md" in result["failed"][f"{unique}-d"]
    assert files(server, f"{unique}-a") == sorted([text.name, "other.md"])
    assert (files(server, f"{unique}-b"), files(server, f"{unique}-c")) == ([], ["other.md"])
    assert f"{unique}-d" not in [row["name"] for row in bases(server)]


def test_a_deleted_base_is_gone_and_its_files_stay(
    client: OpenWebUIClient, server: Server, unique: str, text: Path
) -> None:
    client.add_file_to_knowledge_base(str(text), unique)
    base = client.get_knowledge_base_by_name(unique)
    assert base is not None
    assert client.delete_knowledge_base(base["id"]) is True
    assert unique not in [row["name"] for row in bases(server)]
    assert len(server.get(f"/api/v1/files/search?filename={text.name}")) == 1


def test_only_own_bases_with_the_keyword_are_deleted(client: OpenWebUIClient, server: Server, unique: str) -> None:
    theirs = server.user(f"owner-{unique}")
    server.post(f"/api/v1/users/{theirs.id}/update", {**server.get(f"/api/v1/users/{theirs.id}"), "role": "admin"})
    body = {"name": f"{unique} Theirs", "description": "", **server.access(set())}
    server.post("/api/v1/knowledge/create", body, theirs.token)
    for name in (f"{unique} Alpha", f"{unique} ALPHABET", f"{unique} Beta"):
        client.create_knowledge_base(name)
    assert client.delete_knowledge_bases_by_keyword(f"{unique} Alpha", True) == (1, 0, [f"{unique} Alpha"])
    assert client.delete_knowledge_bases_by_keyword(f"{unique} alpha") == (1, 0, [f"{unique} ALPHABET"])
    assert client.delete_knowledge_bases_by_keyword(f"{unique} theirs") == (0, 0, [])
    assert client.delete_knowledge_bases_by_keyword("") == (0, 0, [])
    left = {row["name"] for row in bases(server) if row["name"].startswith(unique)}
    assert left == {f"{unique} Theirs", f"{unique} Beta"}


def test_all_own_bases_are_deleted_and_none_of_others(client: OpenWebUIClient, server: Server, unique: str) -> None:
    owner = server.user(f"owner-{unique}")
    row = server.get(f"/api/v1/users/{owner.id}")
    body = {key: row.get(key) or "/user.png" for key in ("name", "profile_image_url")}
    server.post(f"/api/v1/users/{owner.id}/update", {**body, "email": owner.email, "role": "admin"})
    client.create_knowledge_base(f"{unique} not theirs")
    with client_of("sync", server.project.sandbox, owner.token) as theirs:
        for number in range(3):
            theirs.create_knowledge_base(f"{unique} {number}")
        assert theirs.delete_all_knowledge_bases() == (3, 0)
    assert [row["name"] for row in bases(server) if row["name"].startswith(unique)] == [f"{unique} not theirs"]


def test_what_cannot_be_done_fails_as_documented(
    client: OpenWebUIClient, caplog: pytest.LogCaptureFixture, unique: str
) -> None:
    finds_nothing(client, caplog, Missing, "get_knowledge_base_by_name", unique)
    fails(client, caplog, NotFound, False, "delete_knowledge_base", "none")
    fails(client, caplog, WrongValue, (0, 0, []), "delete_knowledge_bases_by_keyword", "")


def test_without_rights_it_fails_as_documented(
    nobody: OpenWebUIClient, caplog: pytest.LogCaptureFixture, server: Server, unique: str, text: Path
) -> None:
    body = {"name": unique, "description": "", **server.access(set())}
    base = server.post("/api/v1/knowledge/create", body)
    fails(nobody, caplog, ApiError, None, "create_knowledge_base", f"{unique}-2")
    fails(nobody, caplog, ApiError, False, "add_file_to_knowledge_base", str(text), unique)
    fails(nobody, caplog, ApiError, False, "delete_knowledge_base", base["id"])
    assert [row["id"] for row in bases(server) if row["name"].startswith(unique)] == [base["id"]]
