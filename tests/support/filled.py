"""A server with several objects of each kind, made through its own API, and its content up to ids, times and owners."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from tests.support.project import Project
from tests.support.server import Server
from tests.support.stored import make_knowledge, make_tool

SETTINGS = "/api/v1/auths/admin/config"
PEOPLE = ("ada", "bob", "eve")

OF_ONE_SERVER = {
    *("id", "user_id", "user", "created_at", "updated_at", "timestamp", "version_id", "last_active_at", "oauth"),
    *("file_id", "collection_name", "parent_id", "member_ids", "folder_id"),
}
_NOTHING: tuple[Any, ...] = (None, [], {})
_ACTION = "class Action:\n    async def action(self, body: dict) -> None:\n        pass\n"
_FILTER = (
    "from pydantic import BaseModel\n\n\nclass Filter:\n    class Valves(BaseModel):\n        priority: int = 0\n\n"
    "    def inlet(self, body: dict) -> dict:\n        return body\n"
)


def grant(kind: str, id: str, permission: str = "read") -> dict[str, str]:
    """One row of an access list."""
    return {"principal_type": kind, "principal_id": id, "permission": permission}


def shared(server: Server, grants: list[dict[str, str]]) -> dict[str, Any]:
    """Return the part of a body that shares an object so, on a server of any version."""
    if not server.old:
        return {"access_grants": grants}
    if grants == [grant("user", "*")]:
        return {"access_control": None}
    control: dict[str, dict[str, list[str]]] = {}
    for row in grants:
        who = control.setdefault(row["permission"], {"group_ids": [], "user_ids": []})
        who[f"{row['principal_type']}_ids"].append(row["principal_id"])
    return {"access_control": control}


def share(server: Server, section: str, row: dict[str, Any], grants: list[dict[str, str]]) -> None:
    """Share an object that is there."""
    path = f"/api/v1/{section}/{row['id']}"
    if server.old:
        server.post(f"{path}/update", {**row, **shared(server, grants)})
    else:
        server.post(f"{path}/access/update", {"access_grants": grants})


def fill(project: Project, folder: Path) -> None:
    """Put two objects of each kind, or three, on an empty server.

    Args:
        project: with the server.
        folder: for the documents of the knowledge bases.
    """
    server = Server(project)
    post = server.post
    # An API key may not send the settings of MFA.
    settings = {name: value for name, value in server.get(SETTINGS).items() if "MFA" not in name}
    post(SETTINGS, {**settings, "ENABLE_CHANNELS": True, "ENABLE_COMMUNITY_SHARING": False})
    post("/api/v1/configs/banners", {"banners": [_banner("Hello"), _banner("Goodbye")]})
    permissions = server.get("/api/v1/users/default/permissions")
    permissions["chat"]["delete"] = False
    post("/api/v1/users/default/permissions", permissions)
    people = [server.user(name).id for name in PEOPLE]
    groups = [_group(server, name, some) for name, some in (("Support", people[:2]), ("Research", people[2:]))]
    access = [grant("group", groups[0]), grant("group", groups[0], "write"), grant("user", people[2])]
    for name in ("Handbook", "Tariffs"):
        document = folder / f"{name}.md"
        document.write_text(f"# {name}\n\nWhat there is to know.\n", encoding="utf-8")
        make_knowledge(server, name, document)
    bases = {row["name"]: row for row in server.get("/api/v1/knowledge/")["items"]}
    share(server, "knowledge", bases["Tariffs"], access)
    for name in ("clock", "weather"):
        make_tool(server, name)
    for id, content in (("note_it", _ACTION), ("first", _FILTER)):
        body = {"id": id, "name": id.title(), "content": content, "meta": {"description": id, "manifest": {}}}
        post("/api/v1/functions/create", body)
    post("/api/v1/functions/id/first/valves/update", {"priority": 7})
    post("/api/v1/functions/id/first/toggle")
    for id in () if server.old else ("review", "sum-up"):
        skill = {"id": id, "name": id, "description": f"How to {id}", "content": f"# {id}\n\nRead it twice.\n"}
        post("/api/v1/skills/create", {**skill, "meta": {"tags": ["a"]}, "is_active": True, "access_grants": access})
    for number, id in enumerate(("helper", "expert")):
        base = {"type": "collection", "id": bases["Handbook"]["id"], "name": "Handbook"}
        meta = {"description": id, "toolIds": ["clock"], "knowledge": [base] if number else []}
        params = {"temperature": 0.5 + number, "system": "Be brief.\nBe kind."}
        model = {"id": id, "name": id.title(), "base_model_id": "gpt-4.1", "meta": meta, "params": params}
        post("/api/v1/models/create", {**model, "is_active": True, **shared(server, access if number else [])})
    for command in ("greet", "triage"):
        content = f"{command}\n{{{{text}}}}"
        make_prompt(server, command, command.title(), content, access, tags=["a", "b"])
    for name in ("news", "random"):
        channel = {"name": name, "description": f"About {name}", **shared(server, access)}
        post("/api/v1/channels/create", channel)
    for title in ("Plan", "Minutes"):
        post("/api/v1/notes/create", {"title": title, "data": {"content": {"md": f"# {title}\n\nText"}}})
    make_folder(server, "2026", make_folder(server, "Work"))


def make_prompt(
    server: Server, command: str, name: str, content: str, grants: list[dict[str, str]], **more: Any
) -> None:
    """Make a prompt; before 0.8 it has no tags, and its command begins with a slash."""
    said = {"command": f"/{command}", "title": name} if server.old else {"command": command, "name": name, **more}
    server.post("/api/v1/prompts/create", {**said, "content": content, **shared(server, grants)})


def make_folder(server: Server, name: str, parent: str = "", **more: Any) -> str:
    """Make a folder; return its id. Before 0.8 a new one stands at the top."""
    id = str(server.post("/api/v1/folders/", {"name": name, **more, **({"parent_id": parent} if parent else {})})["id"])
    if parent and server.old:
        server.post(f"/api/v1/folders/{id}/update/parent", {"parent_id": parent})
    return id


def content(project: Project) -> dict[str, Any]:
    """Return kind -> name -> row as the server gives it, without what belongs to one server only."""
    server, get = Server(project), Server(project).get
    users = {row["id"]: row["email"] for row in get("/api/v1/users/")["users"]}
    groups = {row["id"]: row["name"] for row in get("/api/v1/groups/")}
    names = users | groups
    bases = {row["name"]: row for row in get("/api/v1/knowledge/")["items"]}
    lists = {
        "users": {row["email"]: {"name": row["name"], "role": row["role"]} for row in get("/api/v1/users/")["users"]},
        "groups": {row["name"]: {**row, "members": sorted(server.members(row["id"]))} for row in _whole_groups(server)},
        "knowledge": {name: {**row, "files": _files(server, row["id"])} for name, row in bases.items()},
        "models": {row["id"]: row for row in get("/api/v1/models/export")},
        "prompts": server.prompts(),
        "tools": {row["id"]: get(f"/api/v1/tools/id/{row['id']}") for row in get("/api/v1/tools/")},
        "functions": {row["id"]: get(f"/api/v1/functions/id/{row['id']}") for row in get("/api/v1/functions/")},
        "valves": {"first": get("/api/v1/functions/id/first/valves")},
        "skills": {}
        if server.old
        else {row["id"]: get(f"/api/v1/skills/id/{row['id']}") for row in get("/api/v1/skills/")},
        "channels": {row["name"]: row for row in get("/api/v1/channels/list")},
        "notes": {row["title"]: _note(get(f"/api/v1/notes/{row['id']}")) for row in get("/api/v1/notes/")},
        "folders": {row["name"]: row for row in get("/api/v1/folders/")},
        "settings": {"admin": get(SETTINGS), "permissions": get("/api/v1/users/default/permissions")},
        "banners": {row["content"]: row for row in get("/api/v1/configs/banners")},
    }
    return {kind: {key: portable(row, names) for key, row in rows.items()} for kind, rows in lists.items()}


def _banner(text: str) -> dict[str, Any]:
    return {"id": text, "type": "info", "title": text, "content": text, "dismissible": True, "timestamp": 1}


def _group(server: Server, name: str, members: list[str]) -> str:
    body = {"name": name, "description": f"People of {name}"}
    id = str(server.post("/api/v1/groups/create", body)["id"])
    server.post(f"/api/v1/groups/id/{id}/users/add", {"user_ids": members})
    server.post(f"/api/v1/groups/id/{id}/update", {**body, "permissions": {"chat": {"delete": True}}})
    return id


def _whole_groups(server: Server) -> list[dict[str, Any]]:
    return [server.get(f"/api/v1/groups/id/{row['id']}") for row in server.get("/api/v1/groups/")]


def _note(row: dict[str, Any]) -> dict[str, Any]:
    """The note without the forms of its text that the page derives from Markdown."""
    return {**row, "data": row["data"]["content"]["md"]}


def _files(server: Server, base: str) -> list[Any]:
    rows = server.get(f"/api/v1/knowledge/{base}/files")["items"]
    whole = [server.get(f"/api/v1/files/{row['id']}") for row in rows]
    return sorted((row["filename"], row["data"]["content"]) for row in whole)


def portable(value: Any, names: dict[str, str], dropped: Collection[str] = OF_ONE_SERVER) -> Any:
    """The value without ids, times and owners, and what is empty; people and groups of access lists by their names."""
    if isinstance(value, dict) and "principal_id" in value:
        return [value["principal_type"], names.get(value["principal_id"], value["principal_id"]), value["permission"]]
    if isinstance(value, dict):
        whole = {key: portable(item, names, dropped) for key, item in value.items() if key not in dropped}
        if "access_control" in value:
            whole["access_control"] = _control(value["access_control"], names)
        if isinstance(tags := whole.get("tags"), list):
            whole["tags"] = sorted(tags, key=repr)  # Their order means nothing.
        return {key: item for key, item in whole.items() if item not in _NOTHING}
    if isinstance(value, list | tuple):
        items = [portable(item, names, dropped) for item in value]
        return _grants(items) if all(isinstance(item, list) for item in items) else items
    return value


def _control(control: dict[str, Any] | None, names: dict[str, str]) -> Any:
    """Return access in the form of servers before 0.8: null is for everyone, nothing for nobody."""
    if control is None:
        return "public"
    found = [(f, p, i) for p, who in control.items() for f in ("group_ids", "user_ids") for i in who.get(f) or ()]
    return sorted([field.partition("_")[0], names.get(id, id), permission] for field, permission, id in found)


def _grants(rows: list[list[str]]) -> list[list[str]]:
    """Return grants without those beside which the same one to everyone makes no difference."""
    for_all = {row[2] for row in rows if row[:2] == ["user", "*"]}
    return sorted(row for row in rows if len(row) < 3 or row[2] not in for_all or row[1] == "*")
