"""The published schemas say what the code does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from owui_sync.kinds import KINDS
from owui_sync.kinds.areas import AreaKind
from owui_sync.manifest.schema import build

PUBLISHED = Path(__file__).parents[3] / "schemas"


@pytest.mark.parametrize(("name", "make"), [("manifest", build.manifest_schema), ("config", build.config_schema)])
def test_the_published_file_is_not_stale(name: str, make: Any) -> None:
    published = (PUBLISHED / f"{name}.schema.json").read_text(encoding="utf-8")
    assert published == build.text_of(make()), "run: python -m owui_sync.manifest.schema.build schemas"


@pytest.mark.parametrize("make", [build.manifest_schema, build.config_schema])
def test_it_is_a_valid_schema_that_names_no_host(make: Any) -> None:
    Draft202012Validator.check_schema(make())
    assert make()["$id"].startswith("urn:owui-sync:")


def _mappings(value: Any, path: str = "") -> Any:
    if isinstance(value, dict):
        yield path, value
        for key, item in value.items():
            yield from _mappings(item, f"{path}/{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _mappings(item, f"{path}/{number}")


@pytest.mark.parametrize("make", [build.manifest_schema, build.config_schema])
def test_every_named_key_has_a_description(make: Any) -> None:
    bare = [
        f"{path}/{name}"
        for path, node in _mappings(make())
        for name, sub in (node.get("properties") or {}).items()
        if isinstance(sub, dict) and "description" not in sub and path.count("oneOf") == 0
    ]
    assert bare == []


@pytest.mark.parametrize("make", [build.manifest_schema, build.config_schema])
def test_mappings_with_fixed_keys_allow_no_others(make: Any) -> None:
    for path, node in _mappings(make()):
        if isinstance(node.get("properties"), dict) and node.get("type") and not path.endswith("/params"):
            assert node.get("additionalProperties") is not None, path


def test_every_kind_has_its_section_and_every_field_is_in_it() -> None:
    properties = build.manifest_schema()["properties"]
    for kind in KINDS.values():
        section, fields = properties[kind.section], {field.name for field in kind.fields}
        if isinstance(kind, AreaKind):
            assert kind.entry_areas | kind.list_areas < set(section["properties"])
        elif kind.lifecycle.singleton:
            assert set(section["properties"]) == fields, "never deleted, so there is nothing to keep"
        else:
            assert set(section["additionalProperties"]["properties"]) == fields | {"keep", "unmanaged"}


def test_what_is_always_there_can_neither_be_absent_nor_moved() -> None:
    properties, sections = (
        build.manifest_schema()["properties"],
        {k.section for k in KINDS.values() if not k.lifecycle.singleton},
    )
    assert set(properties["absent"]["properties"]) == sections
    assert set(properties["moved"]["items"]["properties"]) == sections


def test_only_the_view_of_one_file_allows_null() -> None:
    file = Draft202012Validator(build.manifest_schema())
    merged = Draft202012Validator(build.sections()["models"])
    for entry in (None, {"name": None}, {"access": None}, {"params": {"a": None}}, {"access": {"read": None}}):
        assert file.is_valid({"version": 1, "models": {"m": entry}})
        assert not merged.is_valid({"m": entry})


def test_defaults_of_the_registry_are_shown() -> None:
    prompt = build.entry_schema(KINDS["prompt"])["properties"]
    assert prompt["active"]["default"] is True
    assert prompt["access"]["default"] == "private"
    assert "default" not in prompt["content"]


def test_writing_gives_both_files(tmp_path: Path) -> None:
    names = [path.name for path in build.write(tmp_path / "out")]
    assert names == ["manifest.schema.json", "config.schema.json"]
    assert (tmp_path / "out" / names[0]).read_bytes() == (PUBLISHED / names[0]).read_bytes()
