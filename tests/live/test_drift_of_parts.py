"""Each field of tools, functions, skills and channels: what somebody changes of it on the server is seen and mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from owui_sync.plan.types import Cause
from owui_sync.sandbox import Sandbox
from owui_sync.sandbox.paths import locked
from tests.support.engine import Engine, engine_for
from tests.support.filled import SETTINGS, grant
from tests.support.project import Project
from tests.support.server import Server

Change = Callable[[Server, str], None]
"""Changes one field of the object with that id."""

SOURCE = """from pydantic import BaseModel


class {name}:
    class Valves(BaseModel):
        limit: int = 1
        label: str | None = "none"

    def __init__(self) -> None:
        self.valves = self.Valves()
"""
EVERYONE = [grant("user", "*")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, open_webui: Sandbox) -> Iterator[Server]:
    """The server with channels."""
    server = Server(Project(tmp_path_factory.mktemp("drift"), open_webui, "drift"))
    with locked("pytest-channels"):
        _switch_channels(server, True)
        yield server
        _switch_channels(server, False)


def _switch_channels(server: Server, on: bool) -> None:
    # An API key may not send the settings of MFA.
    settings = {name: value for name, value in server.get(SETTINGS).items() if "MFA" not in name}
    server.post(SETTINGS, {**settings, "ENABLE_CHANNELS": on})


def of_source(section: str) -> dict[str, Change]:
    """Return path -> what changes it, for tools or functions."""
    url = f"/api/v1/{section}/id"

    def put(**change: Any) -> Change:
        def changed(server: Server, id: str) -> None:
            row = server.get(f"{url}/{id}")
            meta = {**row["meta"], **change.get("meta", {})}
            server.post(f"{url}/{id}/update", {**row, **change, "meta": meta})

        return changed

    def value(**change: Any) -> Change:
        def changed(server: Server, id: str) -> None:
            server.post(f"{url}/{id}/valves/update", {**server.get(f"{url}/{id}/valves"), **change})

        return changed

    def more(server: Server, id: str) -> None:
        put(content=server.get(f"{url}/{id}")["content"] + "# by hand\n")(server, id)

    return {
        "name": put(name="By hand"),
        "content": more,
        "description": put(meta={"description": "By hand"}),
        "meta.team": put(meta={"team": ["by hand"]}),
        "valves.limit": value(limit=3),
        "valves.label": value(label=None),
    }


def shared(section: str) -> Change:
    """Return what shares an object with everyone."""

    def changed(server: Server, id: str) -> None:
        server.post(f"/api/v1/{section}/{id}/access/update", {"access_grants": EVERYONE})

    return changed


def toggled(way: str) -> Change:
    return lambda server, id: server.post(f"/api/v1/functions/id/{id}/{way}")


def of_skill(**change: Any) -> Change:
    def changed(server: Server, id: str) -> None:
        row = server.get(f"/api/v1/skills/id/{id}")
        body = {key: row[key] for key in ("id", "name", "description", "meta", "is_active")}
        token = {"expected_version_id": row["version_id"]}
        server.post(f"/api/v1/skills/id/{id}/update", {**body, **token, **change})

    return changed


def of_channel(**change: Any) -> Change:
    def changed(server: Server, id: str) -> None:
        [row] = [row for row in server.get("/api/v1/channels/list") if row["name"] == id]
        server.post(f"/api/v1/channels/{row['id']}/update", {**row, **change})

    return changed


def share_channel(server: Server, id: str) -> None:
    [row] = [row for row in server.get("/api/v1/channels/list") if row["name"] == id]
    shared("channels")(server, row["id"])


HEAD = {"path": "SKILL.md", "content": "# Read\n"}
DRIFT: dict[str, dict[str, Change]] = {
    "tool": {**of_source("tools"), "access": shared("tools/id")},
    "function": {**of_source("functions"), "active": toggled("toggle"), "global": toggled("toggle/global")},
    "skill": {
        "name": lambda server, id: of_skill(name=f"{id} by hand")(server, id),
        "description": of_skill(description="By hand"),
        "content": of_skill(content="By hand"),
        "files": of_skill(files=[HEAD, {"path": "more.md", "content": "By hand"}]),
        "tags": of_skill(meta={"tags": ["by hand"]}),
        "active": of_skill(is_active=True),
        "access": shared("skills/id"),
    },
    "channel": {
        "description": of_channel(description="By hand"),
        "private": of_channel(is_private=True),
        "access": share_channel,
    },
}


def written(kind: str, path: str, key: str) -> dict[str, Any]:
    """An entry with every field of its kind."""
    more = {"valves": {"limit": 2, "label": "set"}, "meta": {"team": "support"}}
    source: dict[str, Any] = {"name": "As written", "description": "As written", **more}
    entries: dict[str, dict[str, Any]] = {
        "tool": {**source, "content": SOURCE.format(name="Tools"), "access": "private"},
        "function": {**source, "content": SOURCE.format(name="Filter"), "active": False, "global": False},
        "skill": {"name": key, "description": "As written", "tags": ["a"], "active": False, "access": "private"},
        "channel": {"description": "As written", "private": False, "access": "private"},
    }
    content = {"files": "skill"} if path == "files" else {"content": "As written"}
    return {**entries[kind], **(content if kind == "skill" else {})}


def test_what_is_changed_by_hand_of_any_field_is_seen_and_mended(server: Server) -> None:
    engine: Engine = engine_for(server.project.sandbox, server.project.folder, "drift")
    mark = engine.stack.replace("-", "_")
    folder = engine.folder / "skill"
    folder.mkdir()
    (folder / "SKILL.md").write_text("# Read\n", encoding="utf-8")
    (folder / "more.md").write_text("As written", encoding="utf-8")
    keys = {(kind, path): f"{mark}_{number}" for kind in DRIFT for number, path in enumerate(DRIFT[kind])}
    manifest: dict[str, dict[str, Any]] = {}
    for (kind, path), key in keys.items():
        manifest.setdefault(f"{kind}s", {})[key] = written(kind, path, key)
    assert engine.apply(manifest).complete
    assert engine.plan(manifest).changes == ()

    for (kind, path), key in keys.items():
        DRIFT[kind][path](server, key)
    plan = engine.plan(manifest)
    found = {(change.address, field.path, field.cause) for change in plan.changes for field in change.fields}
    assert found == {(f"{kind}/{key}", path, Cause.DRIFT) for (kind, path), key in keys.items()}
    assert engine.apply(manifest).complete
    assert engine.plan(manifest).changes == ()
    assert engine.apply({}).complete
