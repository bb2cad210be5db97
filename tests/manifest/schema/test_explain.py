"""`explain`: every topic that exists, and slips."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import UsageError
from owui_sync.kinds import KINDS, access
from owui_sync.manifest.config import load_config
from owui_sync.manifest.schema.build import configuration, entry_schema, sections
from owui_sync.manifest.schema.examples import forms, properties_of
from owui_sync.manifest.schema.explain import explain, overview
from owui_sync.manifest.schema.jobs import JOB
from tests.support.project import run_here
from tests.support.words import names_in

FIELDS = [f"{kind.name}.{name}" for kind in KINDS.values() for name in entry_schema(kind)["properties"]]


def test_the_overview_names_every_kind_and_part(golden: SnapshotAssertion) -> None:
    text = overview()
    assert text == golden
    for name in (*KINDS, "access", "access_rules", "absent", "vars"):
        assert f"\n  {name} " in text


def topics() -> Iterator[str]:
    """Yield everything that can be explained, however deep."""
    parts = {kind.name: entry_schema(kind) for kind in KINDS.values()}
    parts |= {"access": access.SCHEMA, "job": JOB}
    while parts:
        name, schema = parts.popitem()
        yield name
        parts |= {f"{name}.{key}": sub for form in forms(schema) for key, sub in properties_of(form).items()}
    yield from ("jobs", "keep", "unmanaged", "stack", "vars")
    for name in ("absent", "moved", "access_rules"):
        yield name
        yield from (f"{name}.{key}" for form in forms(sections()[name]) for key in properties_of(form))


def test_the_example_of_every_topic_is_a_manifest_that_validate_accepts(tmp_path: Path) -> None:
    for name in ("docs/printers.md", "docs/SKILL.md", "legal/contract.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "plan.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    wrong: dict[str, str] = {}
    for topic in topics():
        example = textwrap.dedent(explain(topic).partition("Example:\n")[2])
        (tmp_path / "manifest.yaml").write_text(f"version: 1\n{example}")
        secrets = dict.fromkeys(re.findall(r"!secret '(\w+)'", example), "text")
        ran = run_here(tmp_path, secrets, "validate", "manifest.yaml")
        wrong |= {topic: ran.err} if ran.code else {}
    assert wrong == {}


def config_topics() -> Iterator[str]:
    """Yield everything of the configuration that can be explained."""
    parts = {"config": configuration()}
    while parts:
        name, schema = parts.popitem()
        yield name
        parts |= {f"{name}.{key}": sub for form in forms(schema) for key, sub in properties_of(form).items()}
        free = schema.get("additionalProperties")
        parts |= {f"{name}.prod": free} if free and name == "config.targets" else {}


def test_the_example_of_every_topic_of_the_configuration_is_one(tmp_path: Path) -> None:
    path = tmp_path / "owui-sync.yaml"
    for topic in config_topics():
        path.write_text(textwrap.dedent(explain(topic).partition("Example:\n")[2]))
        load_config(path)
    assert "!secret 'SLACK_WEBHOOK'" in explain("config.notify")
    assert "since" not in explain("config.notify")


@pytest.mark.parametrize("topic", [*KINDS, *FIELDS, "access", "access.read", "absent", "absent.prompts", "vars"])
def test_no_line_is_wider_than_a_terminal(topic: str) -> None:
    assert max(map(len, explain(topic).splitlines())) <= 80


def test_section_names_work_as_well_as_kinds() -> None:
    assert explain("prompts.content") == explain("prompt.content")


@pytest.mark.parametrize("topic", ["prompt", "prompt.content", "model.access", "access", "absent", "job.run"])
def test_a_topic_is_told_in_full(topic: str, golden: SnapshotAssertion) -> None:
    assert explain(topic) == golden


def test_a_field_tells_its_type_default_need_and_version() -> None:
    text = explain("prompt.content")
    lines = [line for line in ("type", "needed", "since", "default") if f"\n  {line} " in text]
    assert lines == ["type", "needed", "since"]
    assert 'default   "private"' in explain("model.access")


def test_a_section_that_is_its_only_entry_has_no_key() -> None:
    text = explain("permissions")
    assert "\n  key " not in text
    example = yaml.safe_load(text.partition("Example:")[2])
    assert set(example["permissions"]) <= {field.name for field in KINDS["permissions"].fields}
    assert yaml.safe_load(explain("permissions.chat").partition("Example:")[2])["permissions"].keys() == {"chat"}


UNKNOWN = {
    "promt": {"promt", "prompt"},
    "prompt.contnet": {"prompt", "contnet", "content"},
    "access.raed": {"access", "raed", "read"},
    "prompt.content.x": {"prompt.content", "x"},
    "zzz": {"zzz", *KINDS},
}


@pytest.mark.parametrize("topic", UNKNOWN)
def test_an_unknown_topic_says_what_was_meant(topic: str, golden: SnapshotAssertion) -> None:
    with pytest.raises(UsageError) as caught:
        explain(topic)
    assert UNKNOWN[topic] <= names_in(str(caught.value))
    assert str(caught.value) == golden


def test_fields_of_jobs_are_explained_without_the_name_of_one() -> None:
    assert "owui-sync run" in explain("job.run")
    assert explain("jobs.expect.judge") == explain("job.expect.judge")
    assert "smoke:" in explain("job.chat.prompt")
    assert explain("job").splitlines()[1:] == explain("jobs").splitlines()[1:]
