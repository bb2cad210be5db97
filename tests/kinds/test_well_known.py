from __future__ import annotations

from typing import Any

import pytest

from tests.support.folder import Folder
from tests.support.project import Project


@pytest.fixture
def folder(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ("temperature: hot", "temperature` must be a number, not the text `hot`"),
        ("temperature: '0.2'", "temperature` must be a number, not the text `0.2`"),
        ("temperature: true", "temperature` must be a number, not `true`"),
        ("top_p: [1]", "top_p` must be a number, not a list"),
        ("max_tokens: many", "max_tokens` must be a whole number, not the text `many`"),
        ("max_tokens: 1.5", "max_tokens` must be a whole number, not the number 1.5"),
        ("seed: x", "seed` must be a whole number, not the text `x`"),
        ("stop: END", "stop` must be a list of texts, not the text `END`"),
        ("stream_response: 'no'", "stream_response` must be `true` or `false`, not the text `no`"),
        ("reasoning_effort: 3", "reasoning_effort` must be a text, not the number 3"),
        ("custom_params: [a]", "custom_params` must be a mapping, not a list"),
        ("think: 3", "think` must be `true` or `false` or a text, not the number 3"),
        ("reasoning_tags: [a]", "reasoning_tags` must have at least 2"),
        ("logit_bias: 1", "logit_bias` must be a text or a mapping, not the number 1"),
    ],
)
def test_a_known_parameter_has_its_type_in_models_and_jobs(folder: Folder, params: str, expected: str) -> None:
    body = (
        f"models: {{m: {{params: {{{params}}}}}}}\njobs: {{j: {{chat: {{model: m, prompt: p, params: {{{params}}}}}}}}}"
    )
    in_model, in_job = (text.partition(": ")[2].partition("\n")[0] for text in folder.problems(body))
    assert in_model == f"`models.m.params.{expected}"
    assert in_job == f"`jobs.j.chat.params.{expected}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("models: {m: {capabilities: {vision: 'yes'}}}", "`models.m.capabilities.vision` must be `true` or `false`"),
        ("models: {m: {capabilities: {flying: 1}}}", "`models.m.capabilities.flying` must be `true` or `false`"),
        ("models: {m: {meta: {defaultFilterIds: a}}}", "`models.m.meta.defaultFilterIds` must be a list of texts"),
        ("models: {m: {meta: {builtinTools: {time: 1}}}}", "`models.m.meta.builtinTools.time` must be `true`"),
        ("models: {m: {meta: {tts: alloy}}}", "`models.m.meta.tts` must be a mapping"),
        ("folders: {F: {meta: {icon: 3}}}", "`folders.F.meta.icon` must be a text"),
    ],
)
def test_known_capabilities_and_meta_have_their_types(folder: Folder, body: str, expected: str) -> None:
    [text] = folder.problems(body)
    assert text.partition(": ")[2].startswith(expected)


def test_everything_that_the_page_itself_writes_is_valid(folder: Folder) -> None:
    body = """
models:
  m:
    params:
      temperature: 1
      max_tokens: -1
      stop: ["\\n", END]
      think: medium
      format: json
      keep_alive: 5m
      reasoning_tags: ["<a>", "</a>"]
      logit_bias: "5432:100, 413:-100"
      function_calling: native
      custom_params: {top_a: "0.3", nested: {x: [1]}}
      unknown_one: [1, null]
    capabilities: {vision: true, usage: false, builtin_tools: true}
    meta: {builtinTools: {time: true}, defaultFeatureIds: [web_search], tts: {voice: alloy}, terminalId: t}
folders: {F: {meta: {icon: fire, background_image_url: "data:image/png;base64,iVBO"}}}
"""
    assert folder.problems(body) == []


def test_a_wrong_type_on_a_server_is_left_out_of_an_export_with_a_warning(project: Project, unique: str) -> None:
    body = {
        "id": unique,
        "name": "N",
        "base_model_id": "gpt-4.1",
        "meta": {},
        "params": {"temperature": "0.2", "seed": 1},
    }
    project.api("POST", "/api/v1/models/create", body)
    ran = project.run("export", "-o", "out", "--only", f"models/{unique}")
    assert (ran.code, "params.temperature` is left out" in ran.err) == (0, True), ran.err
    text = (project.folder / "out/manifests/models.yaml").read_text(encoding="utf-8")
    assert ("temperature" in text, "seed: 1" in text) == (False, True)
    project.api("POST", "/api/v1/models/model/delete", {"id": unique})
