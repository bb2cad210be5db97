"""A server of any tested version, seen and changed through its own API and past our client.

What differs between versions is written down here a second time, on purpose: a mistake in `owui_sync.kinds` must not
hide itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support.project import Project

Grants = set[tuple[str, str, str]]
"""Permission, `user` or `group`, and an id or `*`."""

PUBLIC: Grants = {("read", "user", "*")}


@dataclass(frozen=True, slots=True)
class User:
    """An account with the token of a session."""

    id: str
    email: str
    token: str


@dataclass(frozen=True, slots=True)
class Server:
    """The server of a project."""

    project: Project

    @property
    def version(self) -> tuple[int, ...]:
        """Such as `(0, 6, 43)`."""
        return tuple(int(part) for part in self.project.sandbox.version.split("."))

    @property
    def old(self) -> bool:
        """Whether it has `access_control`, and prompts without ids, tags and an active flag."""
        return self.version < (0, 8)

    def get(self, path: str, token: str | None = None) -> Any:
        """What a GET answers."""
        return self.project.api("GET", path, token=token)

    def post(self, path: str, body: Any = None, token: str | None = None) -> Any:
        """What a POST answers."""
        return self.project.api("POST", path, body, token)

    def models(self) -> dict[str, Any]:
        """Id -> row, of presets and of settings of providers' models."""
        rows = self.get("/api/v1/models/export") + self.get("/api/v1/models/base")
        return {row["id"]: row for row in rows}

    def prompts(self, token: str | None = None) -> dict[str, Any]:
        """Command without slash -> row, of active prompts."""
        return {row["command"].removeprefix("/"): row for row in self.get("/api/v1/prompts/", token)}

    def groups(self) -> dict[str, Any]:
        """Name -> row."""
        return {row["name"]: row for row in self.get("/api/v1/groups/")}

    def members(self, group_id: str) -> set[str]:
        """E-mails of the members of a group."""
        return {row["email"] for row in self.post(f"/api/v1/groups/id/{group_id}/users")}

    def title(self, prompt: Any) -> str:
        """The shown name of a prompt."""
        return str(prompt["title" if self.old else "name"])

    def grants(self, row: Any) -> Grants:
        """Who may do what with an object."""
        if not self.old:
            return {(one["permission"], one["principal_type"], one["principal_id"]) for one in row["access_grants"]}
        if row["access_control"] is None:
            return PUBLIC
        return {
            (permission, principal, id)
            for permission, ids in row["access_control"].items()
            for principal in ("group", "user")
            for id in ids.get(f"{principal}_ids", ())
        }

    def access(self, grants: Grants) -> dict[str, Any]:
        """The part of a body that shares an object so."""
        if not self.old:
            keys = ("permission", "principal_type", "principal_id")
            return {"access_grants": [dict(zip(keys, grant, strict=True)) for grant in sorted(grants)]}
        if grants == PUBLIC:
            return {"access_control": None}
        control: dict[str, dict[str, list[str]]] = {}
        for permission, principal, id in sorted(grants):
            control.setdefault(permission, {}).setdefault(f"{principal}_ids", []).append(id)
        return {"access_control": control}

    def create_prompt(self, command: str, name: str, content: str, grants: Grants, **more: Any) -> Any:
        """As somebody else would make it."""
        body = {"command": f"/{command}" if self.old else command, "title" if self.old else "name": name}
        return self.post("/api/v1/prompts/create", {**body, "content": content, **self.access(grants), **more})

    def change_prompt(self, row: Any, **change: Any) -> None:
        """Changes fields of a prompt as the web page does; its access stays."""
        path = f"command/{row['command'].removeprefix('/')}" if self.old else f"id/{row['id']}"
        self.post(f"/api/v1/prompts/{path}/update", {**row, **change})

    def change_model(self, row: Any, **change: Any) -> None:
        """Changes fields of a model as the web page does, bags key by key; its access stays."""
        bags = {bag: {**row[bag], **change.pop(bag, {})} for bag in ("params", "meta")}
        self.post("/api/v1/models/model/update", {**row, **bags, **change})

    def share(self, kind: str, row: Any, grants: Grants) -> None:
        """Changes the access of a model or prompt, and nothing else."""
        part = self.access(grants)
        if self.old:
            (self.change_model if kind == "model" else self.change_prompt)(row, **part)
        elif kind == "model":
            self.post("/api/v1/models/model/access/update", {"id": row["id"], "name": row["name"], **part})
        else:
            self.post(f"/api/v1/prompts/id/{row['id']}/access/update", part)

    def row(self, kind: str, key: str) -> Any:
        """A model, prompt or group."""
        return {"model": self.models, "prompt": self.prompts, "group": self.groups}[kind]()[key]

    def user(self, name: str, role: str = "user") -> User:
        """A new user who has signed in."""
        email = f"{name}@example.com"
        body = {"name": name, "email": email, "password": "correct horse", "role": role}
        id = self.post("/api/v1/auths/add", body)["id"]
        session = self.post("/api/v1/auths/signin", {"email": email, "password": "correct horse"})
        return User(id, email, session["token"])
