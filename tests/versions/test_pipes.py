"""Presets and jobs whose model is a pipe of the same manifest, on every version, seen through the server's API."""

from __future__ import annotations

import json

import pytest

from tests.support.project import Project, changes
from tests.support.server import Server

PIPE = """
class Pipe:
    def __init__(self):
        self.name = "Echo"

    async def pipe(self, body: dict) -> str:
        system = [one["content"] for one in body["messages"] if one["role"] == "system"]
        return "/".join([body["model"], *system, body["messages"][-1]["content"]])
"""
SEVERAL = """
class Pipe:
    def pipes(self):
        return [{"id": "loud", "name": "Loud"}, {"id": "quiet", "name": "Quiet"}]

    async def pipe(self, body: dict) -> str:
        return body["model"].rpartition(".")[2] + ": " + body["messages"][-1]["content"]
"""


@pytest.fixture
def key(project: Project) -> str:
    (project.folder / "pipe.py").write_text(PIPE.lstrip(), encoding="utf-8")
    (project.folder / "several.py").write_text(SEVERAL.lstrip(), encoding="utf-8")
    return f"t{project.stack[-8:]}"


def written(key: str, active: str = "true") -> str:
    """One pipe that is a model, one that is several, and presets and jobs that use them."""
    return f"""
    models:
      {key}-a: {{base: {key}_one, system: "Be kind."}}
      {key}-b: {{base: {key}_many.loud}}
    functions:
      {key}_one: {{content: !file pipe.py, active: {active}}}
      {key}_many: {{content: !file several.py, active: true}}
    jobs:
      asks-preset: {{chat: {{model: {key}-a, prompt: Hello}}, expect: {{contains: ["Be kind./Hello"]}}}}
      asks-pipe: {{chat: {{model: {key}_many.quiet, prompt: Hello}}, expect: {{contains: ["quiet: Hello"]}}}}
    """


def test_presets_on_pipes_are_made_after_them_answer_and_go_before_them(project: Project, key: str) -> None:
    project.write(written(key))
    planned = project.run("plan", ".", "--format", "json", "--claim-stack")
    assert (planned.code, planned.document["warnings"]) == (0, []), planned.err
    first = {change["key"]: change["depends_on"] for change in planned.document["changes"]}
    assert first[f"{key}-a"] == [f"function/{key}_one"]
    assert first[f"{key}-b"] == [f"function/{key}_many"]
    done = project.apply()
    answers = {job["name"]: job["status"] for job in done["jobs"]}
    assert answers == {"asks-preset": "done", "asks-pipe": "done"}, done["jobs"]
    asked = {"model": f"{key}-b", "messages": [{"role": "user", "content": "Hi"}], "stream": False}
    answer = Server(project).post("/api/chat/completions", asked)
    assert answer["choices"][0]["message"]["content"] == "loud: Hi"
    assert changes(project.plan()) == {}

    (project.folder / "pipe.py").write_text(PIPE.replace('"/".join', '"+".join').lstrip(), encoding="utf-8")
    again = project.plan()
    assert changes(again) == {f"function/{key}_one": "update"}
    assert [job["name"] for job in again["jobs"]] == ["asks-preset"], "its answer may be another now"

    destroyed = project.run("destroy", "--stack", project.stack, "--yes", "--format", "json")
    assert destroyed.code == 0, destroyed.err
    first = {change["key"]: change["depends_on"] for change in destroyed.document["changes"]}
    assert first[f"{key}_one"] == [f"model/{key}-a"]
    assert json.dumps(Server(project).get("/api/v1/functions/")).count(key) == 0


def test_a_pipe_that_is_not_active_offers_nothing_and_that_is_said(project: Project, key: str) -> None:
    project.write(written(key, active="false"))
    ran = project.run("plan", ".", "--claim-stack")
    assert ran.code == 0, ran.err
    assert f"`base` names model/{key}_one, which function/{key}_one offers only while it is active" in ran.err
    assert f"{key}_many" not in ran.err


def test_a_pipe_is_not_deleted_while_a_preset_is_made_from_it(project: Project, key: str) -> None:
    project.write(f"functions: {{{key}_one: {{content: !file pipe.py, active: true}}}}")
    project.apply()
    project.write(f"models: {{{key}-a: {{base: {key}_one}}}}")
    ran = project.run("plan", ".", "--max-delete", "100%")
    assert ran.code == 1
    assert f"names function/{key}_one, which this plan deletes" in ran.err
