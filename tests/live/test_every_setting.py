"""Every field of the settings: set to another value through a manifest, read back, and taken to its default again.

On a server of its own, as nothing of it is as before in between. What is left out, and why, is in `LEFT_OUT`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from owui_sync.kinds.settings.table import BY_AREA, CONFIG, SettingSpec
from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.values import ABSENT
from tests.support.listed_settings import addresses, changed_by_hand
from tests.support.listed_settings import manifest as manifest_of_lists
from tests.support.other_settings import other
from tests.support.project import Project, causes, changes
from tests.support.whole import SERVER

LEFT_OUT = {
    "ENABLE_API_KEYS": "a lockout: it would switch off the key of the test",
    "ENABLE_API_KEYS_ENDPOINT_RESTRICTIONS": "a lockout, together with the changed list of paths",
    "ENABLE_MFA": "the server takes it from the token of a session only, and ends all sessions",
    "MFA_ALLOW_OAUTH_BYPASS": "as `ENABLE_MFA`",
    "MFA_ALLOW_TRUSTED_HEADER_BYPASS": "as `ENABLE_MFA`",
    "RAG_EMBEDDING_ENGINE": "the server refuses an engine that it cannot load, and there is one on the test's server",
    "ollama_config.url": "the server ignores what is about another engine than the one in use",
    "ollama_config.key": "as `ollama_config.url`",
    "azure_openai_config.url": "as `ollama_config.url`",
    "azure_openai_config.key": "as `ollama_config.url`",
    "azure_openai_config.version": "as `ollama_config.url`",
    "DEFAULT_GROUP": "it names a group; tests/versions/test_settings.py has it",
}


EXPORT = "/api/v1/configs/export"
HUSH = "http://127.0.0.1:9/hush-hush"
"""A secret that is the address of a webhook as well."""


def manifest(values: dict[str, dict[str, str]]) -> str:
    """Return the text of a manifest, from area -> path -> value as YAML."""
    lines = ["settings:"]
    for area, fields in values.items():
        lines.append(f"  {area}:")
        groups: set[str] = set()
        for path, text in fields.items():
            group, _, leaf = path.rpartition(".") if area != CONFIG else ("", "", path)
            if group and group not in groups:
                groups.add(group)
                lines.append(f"    {group}:")
            lines.append(f"    {'  ' if group else ''}{leaf}: {text}")
    return "\n".join(lines)


def chosen(area: str) -> list[SettingSpec]:
    return sorted((spec for spec in BY_AREA[area] if spec.path not in LEFT_OUT), key=lambda spec: "." in spec.path)


def written(area: str) -> dict[str, str]:
    """Path -> other value as YAML, secrets by their variable."""
    texts = {}
    for spec in chosen(area):
        value = other(spec)
        secret = "{a: !secret SECRET }" if isinstance(value, dict) else "!secret SECRET"
        texts[spec.path] = secret if spec.secret else json.dumps(value)
    return texts


def expected(spec: SettingSpec) -> Any:
    value = other(spec)
    if spec.secret:
        return {"a": HUSH} if isinstance(value, dict) else HUSH
    if spec.path in ("OAUTH_ALLOWED_DOMAINS", "OAUTH_ADMIN_ROLES", "OAUTH_ALLOWED_ROLES"):
        return [value]
    return ",".join(value) if spec.path in ("DEFAULT_MODELS", "DEFAULT_PINNED_MODELS") else value


@pytest.fixture(scope="module")
def alone(open_webui_factory: OpenWebUIFactory, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder: Path = tmp_path_factory.mktemp("settings")
    return Project(folder, open_webui_factory(settings=SERVER), "settings", {"SECRET": HUSH})


def apply_saved(project: Project) -> None:
    """Applies by way of a saved plan, which is held against the schema once more."""
    assert project.run("plan", ".", "--allow-lockout", "--out", "plan.json").code == 0
    ran = project.run("apply", "plan.json", "--yes")
    assert ran.code == 0, ran.out + ran.err


def test_every_field_of_the_newest_version_goes_there_and_back(alone: Project) -> None:
    before = {key: value for key, value in alone.api("GET", EXPORT).items() if not key.startswith("auth.mfa")}
    alone.write(manifest({area: written(area) for area in BY_AREA}))
    apply_saved(alone)
    stored = alone.api("GET", EXPORT)
    wrong = {
        spec.path: stored[spec.export]
        for area in BY_AREA
        for spec in chosen(area)
        if stored[spec.export] != expected(spec)
    }
    assert wrong == {}
    assert changes(alone.plan()) == {}

    alone.api("POST", "/api/v1/configs/import", {"config": before})
    drifted = causes(alone.plan("--allow-lockout"))
    other_now = [spec for area in BY_AREA for spec in chosen(area) if before[spec.export] != stored[spec.export]]
    assert drifted == {f"setting/{spec.area} {spec.path}": "drift" for spec in other_now}
    assert len(other_now) > 400
    alone.apply("--allow-lockout")
    assert alone.api("GET", EXPORT) == stored
    assert changes(alone.plan()) == {}

    known = {area: [spec for spec in chosen(area) if spec.default is not ABSENT] for area in BY_AREA}
    alone.write(manifest({area: {spec.path: "!default" for spec in specs} for area, specs in known.items()}))
    apply_saved(alone)
    assert changes(alone.plan()) == {}


def test_an_environment_decides_some_defaults_and_that_is_said(alone: Project) -> None:
    alone.write("settings: {general: {ENABLE_SIGNUP: !default}}")
    ran = alone.run("plan", ".")
    assert ran.code == 1
    assert "the environment of the server decides the default of `ENABLE_SIGNUP`" in ran.err


def test_what_is_set_is_exported_with_the_variables_that_it_needs(alone: Project, tmp_path: Path) -> None:
    alone.write(
        """
        settings:
          retrieval: {CHUNK_SIZE: 900, web: {BRAVE_SEARCH_API_KEY: !secret SECRET}}
          code_execution: {CODE_EXECUTION_JUPYTER_URL: !null}
          terminal_servers: {main: {url: "http://127.0.0.1:9", key: !secret SECRET, enabled: false}}
        """
    )
    alone.apply()
    ran = alone.run("export", "-o", str(tmp_path), "--only", "settings/*")
    assert ran.code == 0, ran.err
    text = (tmp_path / "manifests/settings.yaml").read_text(encoding="utf-8")
    assert "CHUNK_SIZE: 900" in text
    assert "BRAVE_SEARCH_API_KEY: !secret RETRIEVAL_WEB_BRAVE_SEARCH_API_KEY" in text
    assert HUSH not in text + ran.err
    names = [line.removeprefix("#   ") for line in text.splitlines() if line.startswith("#   ")]
    assert names == ["RETRIEVAL_WEB_BRAVE_SEARCH_API_KEY", "TERMINAL_SERVERS_MAIN_KEY"]
    assert ", ".join(names) in ran.err
    out = Project(tmp_path, alone.sandbox, alone.stack, dict.fromkeys(names, HUSH))
    planned = out.run("plan", "--take-over", "--format", "json")
    assert planned.code == 0, planned.err
    assert [change for change in planned.document["changes"] if change["fields"]] == []


def test_a_lockout_is_refused_and_comes_last_when_it_is_meant(alone: Project) -> None:
    alone.write("groups: {Last: {}}\nsettings: {general: {ENABLE_API_KEYS: false}}")
    ran = alone.run("apply", ".", "--yes", "--claim-stack")
    assert ran.code == 5
    assert "setting/general: `ENABLE_API_KEYS` is a lockout: the API key that is used here stops working" in ran.err
    planned = alone.plan("--allow-lockout")["changes"]
    [last] = [change for change in planned if change["key"] == "general"]
    assert "group/Last" in last["depends_on"]


def test_what_is_changed_by_hand_in_a_list_is_seen_and_mended(alone: Project) -> None:
    alone.write(manifest_of_lists())
    alone.apply("--take-over")
    assert changes(alone.plan()) == {}
    alone.api("POST", "/api/v1/configs/import", {"config": changed_by_hand(alone.api("GET", EXPORT))})
    found = causes(alone.plan())
    assert found == dict.fromkeys(addresses(), "drift")
    alone.apply()
    assert changes(alone.plan()) == {}
