"""The view of a schema for editors: a tag may stand for any value, and mistakes are still mistakes."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from owui_sync.manifest.schema import build
from owui_sync.manifest.schema.editor import editor_view
from owui_sync.manifest.yaml.parser import BARE_TAGS
from owui_sync.report.schema import plan_schema

EXAMPLES = Path(__file__).parents[3] / "examples"


class _Untagged(yaml.CSafeLoader):
    """A reader to which every tag is a text, but for those that stand for a value by themselves."""


_Untagged.add_multi_constructor("!", lambda loader, tag, node: None if tag in BARE_TAGS else "https://tag")


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value that a tag may stand for."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        if (*path, key) != ("version",):
            yield (*path, key)
            yield from _places(item, (*path, key))


def _with_null(document: Any, path: tuple[Any, ...]) -> Any:
    changed = copy.deepcopy(document)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = None
    return changed


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/**/*.yaml")), ids=lambda path: "/".join(path.parts[-3:]))
def test_every_value_may_be_null(path: Path) -> None:
    schema = build.config_schema() if path.name == "owui-sync.yaml" else build.manifest_schema()
    document = yaml.load(path.read_text(), _Untagged)
    file = Draft7Validator(schema)
    assert file.is_valid(document)
    assert [place for place in _places(document) if not file.is_valid(_with_null(document, place))] == []


def test_the_version_is_written_out() -> None:
    assert not Draft7Validator(build.manifest_schema()).is_valid({"version": None})
    assert not Draft7Validator(build.config_schema()).is_valid({"version": 2})


@pytest.mark.parametrize("schema", [build.manifest_schema(), build.config_schema(), plan_schema()])
def test_the_published_schemas_are_of_the_draft_that_editors_know(schema: Any) -> None:
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)


def _view(schema: Any) -> Any:
    version = {"const": 1}
    return editor_view({"properties": {"version": version, "field": schema}})["properties"]["field"]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": ["boolean", "string"]},
        {"type": ["string", "null"]},
        {"type": "string", "pattern": "^a"},
        {"enum": ["a", "b"]},
        {"const": "a"},
        {"oneOf": [{"const": "a"}, {"type": "object"}]},
        {"oneOf": [{"const": "a"}, {"type": ["string", "null"]}]},
        {"type": "array", "oneOf": [{"maxItems": 1}]},
        {"anyOf": [{"type": "string"}, {"type": "array"}]},
        {"not": {"type": "null"}},
        {"$ref": "#/x"},
        {},
    ],
)
def test_null_is_allowed_beside_every_keyword(schema: Any) -> None:
    view = _view(schema)
    assert Draft7Validator({"x": {}, **view}).is_valid(None)


def test_what_is_refused_stays_refused() -> None:
    assert _view({"not": {}, "description": "Not here."}) == {"not": {}, "description": "Not here."}
    assert _view(False) is False


def test_mistakes_in_what_is_written_out_are_mistakes() -> None:
    view = Draft7Validator(_view({"type": "array", "items": {"enum": ["a"]}}))
    assert view.is_valid(["a", None])
    assert not view.is_valid(["b"])
    assert not view.is_valid("a")


def test_examples_that_are_no_plain_values_are_snippets_with_a_name() -> None:
    view = _view({"type": "object", "examples": ["a", {"b": ["$c"]}]})
    assert view["examples"] == ["a"]
    assert view["defaultSnippets"] == [{"label": "{b: [$c]}", "body": {"b": ["\\$c"]}}]
