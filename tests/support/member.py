"""An ordinary user who may make models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from owui_sync.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Member:
    """An account that is no administrator's."""

    url: str
    id: str
    email: str
    token: str

    def make_model(self, id: str, meta: Any) -> tuple[str, Any]:
        """Make a model of that id, as everybody may who has `workspace.models`; its author and mark."""
        body = {"id": id, "name": id, "base_model_id": "gpt-4.1", "params": {}, "meta": meta, "access_grants": []}
        row = _post(f"{self.url}/api/v1/models/create", self.token, body)
        return str(row["user_id"]), row["meta"].get("owui_sync")


def member_of(sandbox: Sandbox) -> Member:
    """A new account on that server, whose groups give it the permission."""
    mark = uuid4().hex[:8]
    account = {"name": mark, "email": f"{mark}@example.com", "password": uuid4().hex, "role": "user"}
    made = _post(f"{sandbox.url}/api/v1/auths/add", sandbox.token, account)
    permissions = {"workspace": {"models": True}}
    group = {"name": mark, "description": "", "permissions": permissions}
    group_id = _post(f"{sandbox.url}/api/v1/groups/create", sandbox.token, group)["id"]
    _post(f"{sandbox.url}/api/v1/groups/id/{group_id}/users/add", sandbox.token, {"user_ids": [made["id"]]})
    return Member(sandbox.url, made["id"], account["email"], made["token"])


def _post(url: str, token: str, body: Any) -> Any:
    response = httpx.post(url, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=60)
    assert response.status_code == 200, f"{url}: {response.status_code} {response.text}"
    return response.json()
