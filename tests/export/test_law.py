"""The law of exports, on two real servers: a plan on the same server changes nothing, an empty one gets the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from tests.support.project import Project, changes

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

TEXTS = {
    "crlf": "one\r\ntwo\r\n",
    "cr": "one\rtwo",
    "trailing": "blank \n\n\n",
    "leading": "\n  x",
    "bom": "\ufefftext",
    "separators": "a\u2028b\u2029c\u0085d",
    "bell": "a\u0007b\u001b[31mc\u007f",
    "tab": "\ta\tb",
    "yaml": "key: [a, #b]\n---\n...\n!file x\n",
    "emoji": "👩‍👩‍👧 é e\u0301 \u00a0nbsp\u200b",
    "tag": "!secret X",
    "sub": "${HOME} $${x} {{user}}",
    "long": "word " * 100,
    "number": "0x1F",
    "yes": "yes",
    "null": "null",
    "date": "2020-01-01",
    "quotes": "\"double\" 'single' \\n",
    "empty": "",
    "blank": " ",
}
KEYS = ["Con", "con", "UPPER", "upper", "a.b", "yes", "1e3", "ключ", "naïve", "a:b", "#x", "x" * 150, "@bob", "a*b"]


def fill(project: Project) -> None:
    """Odd content, past our client."""

    def post(path: str, body: dict[str, Any]) -> Any:
        return project.api("POST", path, body)

    eva = post(
        "/api/v1/auths/add", {"name": "Eva", "email": "eva@example.com", "password": "pass word", "role": "user"}
    )
    group = post("/api/v1/groups/create", {"name": "R&D: \"x\"\t— 'y'", "description": TEXTS["crlf"]})
    post(f"/api/v1/groups/id/{group['id']}/users/add", {"user_ids": [eva["id"]]})
    body = {"name": group["name"], "description": group["description"]}
    post(f"/api/v1/groups/id/{group['id']}/update", body | {"permissions": {"chat": {"delete": False}}})
    permissions = project.api("GET", "/api/v1/users/default/permissions")
    permissions["chat"]["delete"] = False
    post("/api/v1/users/default/permissions", permissions)
    grants = [
        {"principal_type": "group", "principal_id": group["id"], "permission": "read"},
        {"principal_type": "user", "principal_id": eva["id"], "permission": "read"},
        {"principal_type": "user", "principal_id": eva["id"], "permission": "write"},
    ]
    for name, text in TEXTS.items():
        post("/api/v1/prompts/create", {"command": f"t-{name}", "name": f"T {name}", "content": text})
    for number, key in enumerate(KEYS):
        body = {"command": key, "name": key, "content": f"{number}", "tags": ["yes", "1"], "access_grants": grants}
        row = post("/api/v1/prompts/create", body)
        if number % 2:
            post(f"/api/v1/prompts/id/{row['id']}/toggle", {})
    public = [{"principal_type": "user", "principal_id": "*", "permission": "read"}]
    for name, text in TEXTS.items():
        meta = {
            "description": text,
            "profile_image_url": f"data:image/png;base64,{PNG}",
            "capabilities": {"vision": False, "a b": True},
            "tags": [{"name": "a"}, {"name": "b"}],
            "suggestion_prompts": [{"content": "Why?"}, {"content": "a\nb", "title": ["T", "U"]}],
            "extra": {"deep": [text, {"n": None, "x": 1.5}], "t": text},
        }
        params = {
            "system": text,
            "temperature": 1e-7,
            "top_p": 1.0,
            "seed": 2**64 - 1,
            "least": -(2**63),
            "stop": [text],
            "on": "on",
        }
        model = {"id": f"m-{name}", "name": f"M {name}", "base_model_id": "gpt-4.1", "meta": meta, "params": params}
        post("/api/v1/models/create", model | {"access_grants": public, "is_active": name != "tab"})
    post(
        "/api/v1/models/create", {"id": "gpt-4.1", "name": "gpt-4.1", "meta": {}, "params": {}, "access_grants": grants}
    )


@pytest.fixture(scope="module")
def servers(open_webui_factory: OpenWebUIFactory, tmp_path_factory: pytest.TempPathFactory) -> list[Project]:
    """A server with odd content, and one with nothing but the user that the first one has."""
    sandboxes = [open_webui_factory(), open_webui_factory()]
    full, empty = (Project(tmp_path_factory.mktemp("p"), sandbox, "default") for sandbox in sandboxes)
    fill(full)
    user = {"name": "Eva", "email": "eva@example.com", "password": "pass word", "role": "user"}
    empty.api("POST", "/api/v1/auths/add", user)
    return [full, empty]


def exported(project: Project, name: str, *words: str) -> dict[str, bytes]:
    ran = project.run("export", "-o", name, *words)
    assert ran.code == 0, ran.err
    return tree(project.folder / name)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def inside(project: Project, folder: Path) -> Project:
    return Project(folder, project.sandbox, project.stack)


def plan(project: Project, folder: Path) -> dict[str, Any]:
    ran = inside(project, folder).run("plan", "--format", "json")
    assert ran.code == 0, ran.err
    return ran.document


def set_ones(bag: dict[str, Any]) -> dict[str, Any]:
    """What is set: the server makes no difference between empty and missing."""
    return {key: value for key, value in bag.items() if value}


@pytest.mark.slow
def test_an_export_changes_nothing_where_it_comes_from_and_makes_the_same_on_an_empty_server(
    servers: list[Project],
) -> None:
    full, empty = servers
    files = exported(full, "first")
    folder = full.folder / "first"
    ran = inside(full, folder).run("validate")
    assert ran.code == 0, ran.err
    document = plan(full, folder)
    assert {change["action"] for change in document["changes"]} == {"adopt"}
    assert [(change["key"], change["fields"]) for change in document["changes"] if change["fields"]] == []
    assert f"prompt/{KEYS[11]}" in changes(document)

    ran = inside(empty, folder).run("apply", "--yes")
    assert ran.code == 0, ran.err
    assert changes(plan(empty, folder)) == {}
    again = exported(empty, "second")
    assert again == files
    assert {row["command"]: row["content"] for row in empty.prompts().values() if row["command"][:2] == "t-"} == {
        f"t-{name}": text for name, text in TEXTS.items()
    }
    for name in TEXTS:
        one, other = full.models()[f"m-{name}"], empty.models()[f"m-{name}"]
        for bag in ("params", "meta"):
            assert set_ones(one[bag]) == set_ones(other[bag]), name

    ran = inside(full, folder).run("apply", "--yes")
    assert ran.code == 0, ran.err
    assert exported(full, "third", "--stack", "default") == files
    assert changes(plan(full, full.folder / "third")) == {}
