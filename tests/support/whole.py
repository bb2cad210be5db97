"""A server with three and more of everything, settings in every area, and a secret wherever the server keeps one.

What it reads is what the server answers, compared without any code of ours.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import httpx

from owui_sync.kinds.settings.table import SPECS, SettingSpec
from tests.support.filled import fill, grant, make_prompt, portable, shared
from tests.support.odd import fill_odd
from tests.support.other_settings import other
from tests.support.project import Project
from tests.support.server import Server
from tests.support.stored import make_knowledge

_EXPORT = "/api/v1/configs/export"
SECRET = "planted"
"""Each secret begins so, and goes on with where it is."""

_TOOL = """
from pydantic import BaseModel, Field


class Tools:
    class Valves(BaseModel):
        api_key: str = ""
        login: str = Field(default="", json_schema_extra={"input": {"type": "password"}})
        pin: int = Field(default=0, json_schema_extra={"input": {"type": "password"}})
        limit: int = 10

    def ping(self) -> str:
        return "pong"
"""
_PIPE = """
from pydantic import BaseModel


class Pipe:
    class Valves(BaseModel):
        token: str = ""

    def pipe(self, body: dict) -> str:
        return "piped"
"""
_LEFT_OUT = frozenset({
    *("ENABLE_API_KEYS", "ENABLE_API_KEYS_ENDPOINT_RESTRICTIONS", "ENABLE_LOGIN_FORM", "ENABLE_OAUTH"),
    *("ENABLE_MFA", "MFA_ALLOW_OAUTH_BYPASS", "MFA_ALLOW_TRUSTED_HEADER_BYPASS", "JWT_EXPIRES_IN"),
    *("ENABLE_FOLDERS", "ENABLE_NOTES", "ENABLE_CHANNELS", "flags.ENABLE_OPENAI_API"),
    *("RAG_EMBEDDING_ENGINE", "DEFAULT_GROUP", "BYPASS_EMBEDDING_AND_RETRIEVAL",
        "ENABLE_RAG_HYBRID_SEARCH", "CONTENT_EXTRACTION_ENGINE", "TEXT_SPLITTER"),
})  # fmt: skip
"""Lockouts, what hides objects, and what a server could not run with."""
_TIMES = ("timestamp", "created_at", "updated_at", "user_id")
_EMBEDDING = ("openai_config.", "ollama_config.", "azure_openai_config.")
"""What the server keeps for the engine in use only, which both servers have from their environment."""


FLAT = (0, 10)
"""From this version on one request gives all settings."""
FORMS = {
    "general": "/api/v1/auths/admin/config",
    "ldap": "/api/v1/auths/admin/config/ldap",
    "ldap_server": "/api/v1/auths/admin/config/ldap/server",
    "openai": "/openai/config",
    "ollama": "/ollama/config",
    **{
        name: f"/api/v1/configs/{name}"
        for name in ("connections", "tool_servers", "code_execution", "models", "banners", "terminal_servers")
    },
    "retrieval": "/api/v1/retrieval/config",
    "embedding": "/api/v1/retrieval/embedding",
    "images": "/api/v1/images/config",
    "audio": "/api/v1/audio/config",
    "tasks": "/api/v1/tasks/config",
    "evaluation": "/api/v1/evaluations/config",
}
"""Where a server before that gives them."""
_UPDATED = ("openai", "ollama", "retrieval", "embedding", "images", "audio", "tasks")
"""The forms that are written at another address than they are read."""

SERVER = {"ENABLE_LOCAL_WEB_FETCH": "true"}
"""The environment of such a server: its webhooks are on this machine."""


def planted(where: str) -> str:
    """The secret of a place; nothing else on a server is like it."""
    return f"{SECRET}-{hashlib.sha256(where.encode()).hexdigest()[:12]}"


def fill_whole(project: Project, folder: Path, *, odd: bool = False) -> None:
    """Put three and more of everything on an empty server, through its own API.

    Args:
        project: with the server.
        folder: for the documents of the knowledge bases.
        odd: with everything that `odd` has.
    """
    fill(project, folder)
    server = Server(project)
    people = {row["name"]: row["id"] for row in server.get("/api/v1/users/")["users"]}
    support = server.groups()["Support"]["id"]
    _more(server, folder, people, support)
    _valves(server)
    if odd:
        fill_odd(server, folder)
    if server.version >= FLAT:
        server.post("/api/v1/configs/import", {"config": _settings(server, support)})
    else:
        _change_forms(server, support)
    _connections(server, support)


def _more(server: Server, folder: Path, people: dict[str, str], support: str) -> None:
    """Make the third of each kind, with odd values and every shape of access."""
    post, everyone = server.post, [grant("user", "*")]
    writers = [grant("user", people["ada"], "write"), *everyone]
    post("/api/v1/groups/create", {"name": 'Ünïcode / "odd" group', "description": "a\nb"})
    document = folder / "odd näme.md"
    document.write_text("# Odd\n\n\ttab and emoji \U0001f600\n", encoding="utf-8")
    make_knowledge(server, "Odd: #1 'quoted'", document)
    base = {"base_model_id": "gpt-4.1", "params": {"stop": ["a", "b"], "seed": 0, "custom_params": {"x": 1.5}}}
    meta = {"capabilities": {"vision": False}, "tags": [{"name": "x y"}], "hidden": True}
    odd = {"id": "odd-model", "name": "Odd: yes", **base, "meta": {**meta, "filterIds": ["first"]}}
    post("/api/v1/models/create", {**odd, "is_active": False, **shared(server, everyone)})
    make_prompt(server, "odd-one", "null", "line\r\nend  \n", everyone if server.old else writers, tags=[])
    if server.version >= (0, 12):
        skill = {"id": "folder", "name": "A folder", "description": "d", "meta": {"tags": []}, "is_active": False}
        files = [{"path": "SKILL.md", "content": "# Read\n"}, {"path": "a/list.md", "content": "- one\n"}]
        post("/api/v1/skills/create", {**skill, "files": files, "access_grants": everyone})
    room = {"name": "third", "description": "x", "is_private": True}
    post("/api/v1/channels/create", {**room, **shared(server, [grant("group", support)])})
    post("/api/v1/notes/create", {"title": "2026-01-01", "data": {"content": {"md": "yes"}}})
    post("/api/v1/folders/", {"name": "no"})


def _valves(server: Server) -> None:
    """Make tools and functions with secrets among their valves."""
    for id in ("tickets", "mail"):
        body = {"id": id, "name": id, "content": _TOOL.lstrip(), "meta": {"description": id}}
        server.post("/api/v1/tools/create", body)
        values = {"api_key": planted(f"{id}.api_key"), "login": planted(f"{id}.login"), "pin": 4711, "limit": 3}
        server.post(f"/api/v1/tools/id/{id}/valves/update", values)
    body = {"id": "piped", "name": "Piped", "content": _PIPE.lstrip(), "meta": {"description": "p"}}
    server.post("/api/v1/functions/create", body)
    server.post("/api/v1/functions/id/piped/valves/update", {"token": planted("piped.token")})
    server.post("/api/v1/functions/id/piped/toggle")


def _settings(server: Server, support: str) -> dict[str, Any]:
    """Return what the server exports, with another value for each field."""
    stored = server.get(_EXPORT)
    # Some keys are in the export of a version before its forms have the field.
    known = [spec for spec in SPECS if tuple(map(int, (spec.since or "0").split("."))) <= server.version]
    chosen = [spec for spec in known if spec.export in stored and spec.path not in _LEFT_OUT]
    changed = {spec.export: _other(spec, stored) for spec in chosen if not spec.path.startswith(_EMBEDDING)}
    # An API key may not send the settings of MFA.
    kept = {key: value for key, value in {**stored, **changed}.items() if not key.startswith("auth.mfa")}
    return {**kept, "ui.default_group_id": support}


def forms_of(server: Server) -> dict[str, str]:
    """Return the forms that a server before 0.10 has."""
    return {name: path for name, path in FORMS.items() if server.version >= (0, 8) or name != "terminal_servers"}


def _change_forms(server: Server, support: str) -> None:
    """Give each field of each form another value."""
    for form, path in forms_of(server).items():
        body = server.get(path)
        specs = [spec for spec in SPECS if spec.form == form and spec.path not in _LEFT_OUT]
        chosen = [spec for spec in specs if not spec.path.startswith(_EMBEDDING)]
        if not chosen or form in ("openai", "ollama"):
            continue
        for spec in chosen:
            *ways, last = spec.steps
            bag = body
            for way in ways:
                bag = bag.get(way) or {}
            if last in bag:
                value = _planted_or(spec)
                bag[last] = str(value) if isinstance(bag[last], str) else value
        if form == "general":
            body["DEFAULT_GROUP_ID"] = support
        if form == "ldap":
            body = {"enable_ldap": body["ENABLE_LDAP"]}
        _post_form(server, path + ("/update" if form in _UPDATED else ""), body)


def _post_form(server: Server, path: str, body: Any) -> None:
    """Write a form. 0.8.12 stores that of retrieval and answers 500."""
    sandbox = server.project.sandbox
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    answer = httpx.post(sandbox.url + path, json=body, headers=headers, timeout=60)
    assert answer.status_code == 200 or (answer.status_code, path) == (500, f"{FORMS['retrieval']}/update"), answer.text


def _planted_or(spec: SettingSpec) -> Any:
    """Return another value of a field; of a secret, what is planted there."""
    value = other(spec)
    if spec.secret:
        return {"a": planted(spec.path)} if isinstance(value, dict) else planted(spec.path)
    return ",".join(value) if spec.path in ("DEFAULT_MODELS", "DEFAULT_PINNED_MODELS") else value


def _other(spec: SettingSpec, stored: dict[str, Any]) -> Any:
    value = _planted_or(spec)
    return [value] if isinstance(stored[spec.export], list) and isinstance(value, str) else value


def _connections(server: Server, support: str) -> None:
    """Make three of each list of the settings, with their secrets."""
    url = f"{server.project.sandbox.provider_url}/v1"
    names = ("a", "b", "c")
    openai = {
        "0": {"enable": True, "tags": [{"name": "a"}], "headers": {"X-Key": planted("openai.a.header")}},
        "1": {"enable": True, "prefix_id": "b", "model_ids": ["gpt-4.1"], "connection_type": "local"},
        "2": {"enable": False, "prefix_id": "c"},
    }
    body = {"ENABLE_OPENAI_API": True, "OPENAI_API_BASE_URLS": [url] * 3, "OPENAI_API_CONFIGS": openai}
    server.post("/openai/config/update", {**body, "OPENAI_API_KEYS": [planted(f"openai.{name}") for name in names]})
    ollama = {str(n): {"enable": False, "key": planted(f"ollama.{name}")} for n, name in enumerate(names)}
    urls = [f"http://127.0.0.1:9/{name}" for name in names]
    body = {"ENABLE_OLLAMA_API": True, "OLLAMA_BASE_URLS": urls, "OLLAMA_API_CONFIGS": ollama}
    server.post("/ollama/config/update", body)
    tools = [_tool_server(server, name, support) for name in names]
    server.post("/api/v1/configs/tool_servers", {"TOOL_SERVER_CONNECTIONS": tools})
    terminals = [
        {"id": name, "name": name, "url": "http://127.0.0.1:9", "key": planted(f"terminal.{name}"), "enabled": False}
        for name in names
    ]
    if not server.old:
        server.post("/api/v1/configs/terminal_servers", {"TERMINAL_SERVER_CONNECTIONS": terminals})
    for name in names if server.version >= FLAT else ():
        hook = {"name": name, "url": f"http://127.0.0.1:9/{planted(f'webhook.{name}')}", "events": ["model.*"]}
        server.post("/api/events/webhooks", {**hook, "enabled": name != "c"})
    meta = {"profile_image_url": "/favicon.png", "description": "d", "model_ids": ["helper"]}
    access = shared(server, [grant("user", "*")]) if server.old else {}
    arena = [{"id": f"arena-{name}", "name": name, "meta": {**meta, **access}} for name in names]
    body = {"ENABLE_EVALUATION_ARENA_MODELS": True, "EVALUATION_ARENA_MODELS": arena}
    server.post("/api/v1/evaluations/config", body)
    banners = [{"id": n, "type": "info", "title": n, "content": n, "dismissible": True, "timestamp": 7} for n in names]
    server.post("/api/v1/configs/banners", {"banners": banners})
    suggestions = [{"title": [name, "x"], "content": f"Say {name}"} for name in names]
    server.post("/api/v1/configs/suggestions", {"suggestions": suggestions})


def _tool_server(server: Server, name: str, support: str) -> dict[str, Any]:
    config = {"enable": False, **shared(server, [grant("group", support)])}
    secret = {"key": planted(f"tool_server.{name}"), "headers": {"X-Key": planted(f"tool_server.{name}.header")}}
    info = {"id": name, "name": name.title(), "description": "d"}
    at = {"url": f"http://127.0.0.1:9/{name}", "path": "openapi.json", "type": "openapi", "auth_type": "bearer"}
    return {**at, **secret, "config": config, "info": info}


def without_providers(project: Project) -> None:
    """Take the providers of a new server away, which its environment made: no other server has the same."""
    project.api(
        "POST",
        "/openai/config/update",
        {"ENABLE_OPENAI_API": True, "OPENAI_API_BASE_URLS": [], "OPENAI_API_KEYS": [], "OPENAI_API_CONFIGS": {}},
    )
    body = {"ENABLE_OLLAMA_API": False, "OLLAMA_BASE_URLS": [], "OLLAMA_API_CONFIGS": {}}
    project.api("POST", "/ollama/config/update", body)
    if FLAT <= Server(project).version < (0, 11):
        # Those that the program brings along, which look like somebody's own.
        project.api("POST", "/api/v1/configs/suggestions", {"suggestions": []})


def raw(project: Project) -> dict[str, Any]:
    """Return what the server gives of itself, secrets included, without what belongs to one server only."""
    server, get = Server(project), Server(project).get
    names = {row["id"]: row["email"] for row in get("/api/v1/users/")["users"]}
    names |= {row["id"]: row["name"] for row in get("/api/v1/groups/")}
    bases = {row["id"]: row["name"] for row in get("/api/v1/knowledge/")["items"]}
    names |= bases
    settings = _flat(server, names) if server.version >= FLAT else _by_forms(server, names)
    tools = get("/api/v1/tools/export")
    found = {
        "models": {row["id"]: row for row in get("/api/v1/models/export")},
        "functions": {row["id"]: row for row in get("/api/v1/functions/export?include_valves=true")},
        "tools": {row["id"]: row for row in tools},
        "valves": {row["id"]: get(f"/api/v1/tools/id/{row['id']}/valves") for row in tools},
        "skills": {} if server.old else {row["id"]: row for row in get("/api/v1/skills/export")},
        "prompts": server.prompts(),
        "groups": {name: get(f"/api/v1/groups/id/{row['id']}") for name, row in server.groups().items()},
        "folders": {row["name"]: row for row in get("/api/v1/folders/")},
        "channels": {row["name"]: row for row in get("/api/v1/channels/list")},
        "files": {name: _digests(server, id) for id, name in bases.items()},
    }
    rows = {kind: {key: portable(row, names) for key, row in rows.items()} for kind, rows in found.items()}
    return {"settings": {key: portable(value, names, _TIMES) for key, value in settings.items()}, **rows}


def _flat(server: Server, names: dict[str, str]) -> dict[str, Any]:
    settings: dict[str, Any] = server.get(_EXPORT)
    for hook in settings["events.webhooks"]:
        del hook["id"]
    return {**settings, "ui.default_group_id": names.get(settings["ui.default_group_id"])}


def _by_forms(server: Server, names: dict[str, str]) -> dict[str, Any]:
    # Up to 0.8.12 this takes the pictures off the arena models, and puts the default metadata of models into them.
    server.get("/api/models")
    settings = {form: server.get(path) for form, path in forms_of(server).items()}
    settings["general"]["DEFAULT_GROUP_ID"] = names.get(settings["general"]["DEFAULT_GROUP_ID"])
    settings["suggestions"] = server.get(_EXPORT).get("ui", {}).get("prompt_suggestions")
    settings["permissions"] = server.get("/api/v1/users/default/permissions")
    return settings


def _digests(server: Server, base: str) -> list[Any]:
    rows = server.get(f"/api/v1/knowledge/{base}/files")["items"]
    return sorted((row["filename"], row["hash"]) for row in rows)


def secrets_of(project: Project) -> set[str]:
    """Return every secret that was planted and that the server has."""
    return set(_planted(raw(project)))


def _planted(value: Any) -> list[str]:
    if isinstance(value, dict | list | tuple):
        items = value.values() if isinstance(value, dict) else value
        return [found for item in items for found in _planted(item)]
    at = value.find(SECRET + "-") if isinstance(value, str) else -1
    return [] if at < 0 else [value[at : at + len(SECRET) + 13]]
