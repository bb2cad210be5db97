"""Tools and functions on every version, checked through the server's own API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.project import Project, causes, changes
from tests.support.server import PUBLIC, Server

SECRET = "sk-kept-from-everybody"

TOOL = '''"""
title: Ticket lookup
version: 1.0
"""
# Read it from main street.
from typing import Literal

from pydantic import BaseModel, Field
from utils.misc import get_last_user_message


class Tools:
    class Valves(BaseModel):
        api_key: str = Field(default="", json_schema_extra={"input": {"type": "password"}})
        limit: int = Field(default=10, ge=1, le=100)
        mode: Literal["open", "all"] = "open"

    def __init__(self):
        self.valves = self.Valves()

    def find(self, number: int) -> str:
        """
        Find a ticket.
        :param number: Its number.
        """
        return str(number)
'''
FILTER = '''"""
title: Redact
"""
from pydantic import BaseModel


class Filter:
    class Valves(BaseModel):
        priority: int = 0
        token: str = ""

    def __init__(self):
        self.valves = self.Valves()

    def inlet(self, body: dict) -> dict:
        return body
'''
ACTION = "class Action:\n    async def action(self, body: dict):\n        return body\n"


@pytest.fixture
def key(project: Project) -> str:
    return f"t{project.stack[-8:]}"


@pytest.fixture
def sources(project: Project) -> Project:
    """The project with the sources in files, and with the secret set."""
    for name, text in (("tool.py", TOOL), ("filter.py", FILTER), ("action.py", ACTION)):
        (project.folder / name).write_text(text, encoding="utf-8", newline="")
    return Project(project.folder, project.sandbox, project.stack, {"TOKEN": SECRET})


def edit(project: Project, name: str, old: str, new: str) -> None:
    """Replace the one place with that text in a source."""
    path = project.folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def tool(server: Server, key: str) -> Any:
    return server.get(f"/api/v1/tools/id/{key}")


def function(server: Server, key: str) -> Any:
    return server.get(f"/api/v1/functions/id/{key}")


def valves(server: Server, section: str, key: str) -> Any:
    return server.get(f"/api/v1/{section}/id/{key}/valves")


def set_valves(server: Server, section: str, key: str, **values: Any) -> None:
    server.post(f"/api/v1/{section}/id/{key}/valves/update", values)


def write_tool(project: Project, key: str, **more: str) -> None:
    rest = "".join(f", {name}: {value}" for name, value in more.items())
    project.write(f"tools:\n  {key}: {{content: !file tool.py{rest}}}\n")


def write_function(project: Project, key: str, **more: str) -> None:
    rest = "".join(f", {name}: {value}" for name, value in more.items())
    project.write(f"functions:\n  {key}: {{content: !file filter.py{rest}}}\n")


def test_a_tool_is_made_changed_and_deleted(sources: Project, server: Server, key: str) -> None:
    write_tool(sources, key, valves="{api_key: !secret TOKEN, limit: 50}", access="public", description="d")
    assert changes(sources.apply()) == {f"tool/{key}": "create"}
    made = tool(server, key)
    assert made["content"] == TOOL.replace("from main", "from open_webui.main").replace(
        "from utils", "from open_webui.utils"
    )
    assert (made["name"], made["meta"]["description"]) == ("Ticket lookup", "d")
    assert server.grants(made) == PUBLIC
    assert valves(server, "tools", key) == {"api_key": SECRET, "limit": 50}
    assert changes(sources.plan()) == {}, "imports that the server rewrites are no drift"

    edit(sources, "tool.py", "Find a ticket.", "Find one ticket.")
    write_tool(sources, key, valves="{api_key: !secret TOKEN, limit: 60}", access="private", name="Tickets")
    document = sources.apply()
    assert causes(document) == {
        f"tool/{key} content": "manifest",
        f"tool/{key} valves.limit": "manifest",
        f"tool/{key} access": "manifest",
        f"tool/{key} name": "manifest",
        f"tool/{key} description": "reset",
    }
    changed = tool(server, key)
    assert "Find one ticket." in changed["content"]
    assert (changed["name"], server.grants(changed)) == ("Tickets", set())
    assert valves(server, "tools", key)["limit"] == 60
    assert changes(sources.plan()) == {}

    sources.write("")
    assert changes(sources.apply()) == {f"tool/{key}": "delete"}
    assert key not in {row["id"] for row in server.get("/api/v1/tools/export")}


def test_valves_are_managed_one_by_one(sources: Project, server: Server, key: str) -> None:
    write_tool(sources, key, valves="{limit: 50}")
    sources.apply()
    set_valves(server, "tools", key, limit=50, mode="all")
    assert changes(sources.plan()) == {}, "a valve that nobody wrote is not managed"
    set_valves(server, "tools", key, limit=7, mode="all")
    assert causes(sources.apply()) == {f"tool/{key} valves.limit": "drift"}
    assert valves(server, "tools", key) == {"limit": 50, "mode": "all"}
    write_tool(sources, key)
    assert causes(sources.apply()) == {f"tool/{key} valves.limit": "reset"}
    assert valves(server, "tools", key) == {"mode": "all"}


def test_a_function_is_made_switched_and_deleted(sources: Project, server: Server, key: str) -> None:
    on = {"active": "true", "global": "true"}
    write_function(sources, key, **on, valves="{priority: 3, token: !secret TOKEN}")
    assert changes(sources.apply()) == {f"function/{key}": "create"}
    made = function(server, key)
    assert (made["type"], made["name"], made["is_active"], made["is_global"]) == ("filter", "Redact", True, True)
    assert valves(server, "functions", key) == {"priority": 3, "token": SECRET}
    assert changes(sources.plan()) == {}

    server.post(f"/api/v1/functions/id/{key}/toggle", None)
    server.post(f"/api/v1/functions/id/{key}/toggle/global", None)
    set_valves(server, "functions", key, priority=3, token="sk-another")
    paths = ("active", "global", "valves.token")
    assert causes(sources.apply()) == {f"function/{key} {path}": "drift" for path in paths}
    again = function(server, key)
    assert (again["is_active"], again["is_global"]) == (True, True)

    edit(sources, "filter.py", "return body", "return dict(body)")
    write_function(sources, key, active="false")
    sources.apply()
    changed = function(server, key)
    assert (changed["is_active"], changed["is_global"], "dict(body)" in changed["content"]) == (False, False, True)
    assert valves(server, "functions", key) == {}
    assert changes(sources.plan()) == {}

    sources.write("")
    assert changes(sources.apply()) == {f"function/{key}": "delete"}
    assert key not in {row["id"] for row in server.get("/api/v1/functions/")}


def test_what_is_not_written_of_a_function_is_not_managed(sources: Project, server: Server, key: str) -> None:
    write_function(sources, key)
    sources.apply()
    server.post(f"/api/v1/functions/id/{key}/toggle", None)
    set_valves(server, "functions", key, priority=9)
    assert changes(sources.plan()) == {}
    edit(sources, "filter.py", "return body", "return dict(body)")
    assert causes(sources.apply()) == {f"function/{key} content": "manifest"}
    assert function(server, key)["is_active"]
    assert valves(server, "functions", key) == {"priority": 9}


def test_a_source_that_the_server_refuses_leaves_the_former_one_running(
    sources: Project, server: Server, key: str
) -> None:
    write_function(sources, key, active="true")
    sources.apply()
    before = function(server, key)
    edit(sources, "filter.py", "from pydantic", "import no_such_module\nfrom pydantic")
    ran = sources.run("apply", ".", "--yes", "--format", "json")
    assert ran.code in (1, 3)
    (change,) = ran.document["changes"]
    assert (change["status"], change["error"]["status"]) == ("failed", 400)
    if (0, 10, 0) <= server.version < (0, 12, 0):
        assert "does not say why" in change["error"]["hint"]
    else:
        assert "no_such_module" in change["error"]["detail"]
    after = function(server, key)
    assert (after["is_active"], after["content"]) == (True, before["content"])


def test_what_the_server_says_of_a_valve_does_not_hold_its_value(sources: Project, server: Server, key: str) -> None:
    edit(sources, "tool.py", "limit: int", "secret_number: int")
    write_tool(sources, key, valves="{secret_number: !secret TOKEN}")
    ran = sources.run("apply", ".", "--yes")
    assert ran.code in (1, 3)
    assert SECRET not in ran.err + ran.out
    assert key in {row["id"] for row in server.get("/api/v1/tools/export")}, "the rest of the tool is there, and ours"
    sources.write("")
    assert changes(sources.apply()) == {f"tool/{key}": "delete"}


def test_a_secret_is_in_no_output_and_not_in_the_inventory(sources: Project, server: Server, key: str) -> None:
    write_tool(sources, key, valves=f"{{api_key: {SECRET}, limit: 1}}")
    shown = [sources.run("validate", "."), sources.run("plan", ".", "--format", "json")]
    shown += [sources.run("plan", ".", "--format", word) for word in ("text", "markdown")]
    shown += [sources.run("apply", ".", "--yes", "--format", "json")]
    set_valves(server, "tools", key, api_key="sk-another", limit=1)
    shown += [sources.run("plan", "."), sources.run("state", "show", f"tool/{key}", "--stack", sources.stack)]
    assert [ran.code for ran in shown] == [0] * len(shown)
    text = "".join(ran.out + ran.err for ran in shown)
    assert SECRET not in text
    assert "sk-another" not in text
    name = f"owui-sync.{sources.stack}.inventory.json"
    [file] = server.get(f"/api/v1/files/search?filename={name}")
    record = server.get(f"/api/v1/files/{file['id']}/content")["objects"][f"tool/{key}"]
    assert record["fields"]["valves.api_key"].startswith("s:"), "the fingerprint is a slow one"


def test_a_plan_reads_valves_of_those_tools_alone_of_which_they_are_managed(
    sources: Project, server: Server, key: str
) -> None:
    def requests(tools: int, managed: int) -> int:
        text = "tools:\n" + "".join(
            f"  {key}_{number}: {{content: !file tool.py{', valves: {limit: 5}' if number < managed else ''}}}\n"
            for number in range(tools)
        )
        sources.write(text)
        sources.apply()
        document = sources.plan()
        assert changes(document) == {}
        return int(document["requests"])

    least = requests(1, 0)
    assert requests(3, 0) == least
    assert requests(3, 2) == least + 2
    entries = [f"  {key}_{number}: {{content: !file filter.py, valves: {{priority: 1}}}}\n" for number in (1, 2)]
    sources.write("functions:\n" + "".join(entries))
    sources.apply()
    assert sources.plan()["requests"] == least


def test_a_model_may_name_what_the_same_manifest_makes(sources: Project, server: Server, key: str) -> None:
    sources.write(f"""
        models:
          {key}: {{base: gpt-4.1, tools: [{key}], filters: [{key}_f], actions: [{key}_a]}}
        tools:
          {key}: {{content: !file tool.py}}
        functions:
          {key}_f: {{content: !file filter.py}}
          {key}_a: {{content: !file action.py}}
        """)
    document = sources.plan()
    needs = {change["kind"]: change["depends_on"] for change in document["changes"]}
    assert needs["model"] == [f"function/{key}_a", f"function/{key}_f", f"tool/{key}"]
    sources.apply()
    meta = server.models()[key]["meta"]
    assert (meta["toolIds"], meta["filterIds"], meta["actionIds"]) == ([key], [f"{key}_f"], [f"{key}_a"])
    assert changes(sources.plan()) == {}

    sources.write(
        f"models:\n  {key}: {{base: gpt-4.1, tools: [{key}x]}}\ntools:\n  {key}: {{content: !file tool.py}}\n"
    )
    ran = sources.run("plan", ".")
    assert ran.code == 1
    assert f"did you mean `{key}`?" in ran.err


def test_a_tool_that_gets_another_id_is_made_anew_before_the_old_one_goes(
    sources: Project, server: Server, key: str
) -> None:
    write_tool(sources, key)
    sources.apply()
    new = f"{key}_new"
    move = f"moved:\n  - {{tools: {{from: {key}, to: {new}}}}}\n"
    edit(sources, "tool.py", "from typing", "import no_such_module\nfrom typing")
    sources.write(f"tools:\n  {new}: {{content: !file tool.py}}\n{move}")
    assert sources.run("apply", ".", "--yes").code in (1, 3)
    assert tool(server, key)["id"] == key, "the old one stays while the new one cannot be made"
    edit(sources, "tool.py", "import no_such_module\n", "")
    assert changes(sources.apply()) == {f"tool/{new}": "replace"}
    there = {row["id"] for row in server.get("/api/v1/tools/export")}
    assert (new in there, key in there) == (True, False)
    assert changes(sources.plan()) == {}


def test_valves_and_source_may_change_together_though_neither_fits_the_other(
    sources: Project, server: Server, key: str
) -> None:
    """The stored valves do not fit the new source, and the new ones not the old source."""
    write_tool(sources, key, valves="{limit: 50}")
    sources.apply()
    set_valves(server, "tools", key, limit=50, mode="all")
    edit(sources, "tool.py", "ge=1, le=100", "ge=200, le=300")
    write_tool(sources, key, valves="{limit: 250}")
    sources.apply()
    assert valves(server, "tools", key) == {"limit": 250, "mode": "all"}
    assert "ge=200" in tool(server, key)["content"]


def test_a_saved_plan_reads_the_source_again_from_its_file(sources: Project, server: Server, key: str) -> None:
    write_tool(sources, key, valves="{api_key: !secret TOKEN}")
    assert sources.run("plan", ".", "--out", "plan.json").code == 0
    saved = (sources.folder / "plan.json").read_text(encoding="utf-8")
    assert "get_last_user_message" not in saved
    assert SECRET not in saved
    ran = sources.run("apply", "plan.json", "--yes")
    assert ran.code == 0, ran.err
    assert "from open_webui.utils" in tool(server, key)["content"]
    assert changes(sources.plan()) == {}


def test_an_export_says_all_but_secrets(sources: Project, server: Server, key: str) -> None:
    text = f"tools:\n  {key}: {{content: !file tool.py, valves: {{api_key: !secret TOKEN, limit: 5}}}}\n"
    sources.write(f"{text}functions:\n  {key}: {{content: !file filter.py, active: true}}\n")
    sources.apply()
    set_valves(server, "functions", key, token="sk-another", priority=4)
    ran = sources.run("export", "-o", "out", "--stack", sources.stack)
    assert ran.code == 0, ran.err
    written = "".join(path.read_text() for path in (sources.folder / "out").rglob("*.*"))
    assert SECRET not in written
    assert "sk-another" not in written
    assert (sources.folder / "out/manifests/tools" / f"{key}.py").is_file()
    ran = sources.run("plan", "--config", "out/owui-sync.yaml", "--format", "json")
    assert ran.code == 0, ran.err
    assert set(changes(ran.document)) <= {f"function/{key}"}, "only the valves that nobody managed are news"


def test_what_a_version_lacks_is_an_error_that_names_one_that_has_it(
    sources: Project, server: Server, key: str
) -> None:
    sources.write(
        f"functions:\n  {key}: {{content: 'class Event: pass'}}\n"
        f"tools:\n  {key}: {{content: !file tool.py, meta: {{team: a}}}}\n"
    )
    ran = sources.run("plan", ".")
    assert ("needs Open WebUI 0.10.2" in ran.err) is (server.version < (0, 10, 2))
    assert ("needs Open WebUI 0.12.4" in ran.err) is (server.version < (0, 12, 4))
    assert ran.code == (0 if server.version >= (0, 12, 4) else 1)
