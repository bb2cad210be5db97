from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from owui_sync.errors import ManifestError
from owui_sync.kinds.python_source import outline
from owui_sync.kinds.valve_types import wrong_type
from owui_sync.manifest.load import load
from owui_sync.values import Secret

SOURCE = """
from typing import Literal

from pydantic import BaseModel{imports}

class Mode(str):
    pass

class Shared(BaseModel):
    tries: int = 3

class Tools:
    class Valves(Shared):
        limit: int = 10
        state: Literal["open", "all"] = "open"
        mode: Mode = Mode("a")
        names: "list[str]" = []
{more}
"""


def wrong(annotation: str, value: Any) -> str | None:
    return wrong_type(ast.parse(annotation, mode="eval").body, value)


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        *(("int", 7), ("int", 7.0), ("float", 7), ("float", 1.5), ("bool", False), ("str", ""), ("dict", {"a": 1})),
        *(("list", []), ("list[str]", ["a"]), ("typing.List[int]", [1]), ("Optional[int]", 1), ("int | None", 1)),
        *(("Literal['a', 1]", "a"), ("Literal['a', 1]", 1), ("Union[int, str]", "a"), ("'int'", 1), ("'in t'", "a")),
        *(("Mode", "a"), ("Annotated[int, Ge(1)]", "a"), ("Literal[Mode.a]", "a"), ("int", Secret("7", {}))),
        *(("list[Mode]", ["a"]), ("pathlib.Path", 1), ("dict[str, int]", {"a": "b"})),
    ],
)
def test_what_fits_or_cannot_be_told_is_right(annotation: str, value: Any) -> None:
    assert wrong(annotation, value) is None


@pytest.mark.parametrize(
    ("annotation", "value", "words"),
    [
        *(("int", "7", "an integer"), ("int", True, "an integer"), ("int", 1.5, "an integer")),
        *(("float", "a", "a number"), ("bool", 1, "true or false"), ("str", 1, "a text"), ("list", "a", "a list")),
        ("list[int]", [1, "a"], "a list, with an integer for each item"),
        ("Literal['open', 'all', 1]", "closed", '"open" or "all" or 1'),
        *(("Optional[int]", "a", "an integer"), ("int | str | None", [], "an integer or a text")),
        *(("'bool'", "yes", "true or false"), ("Dict[str, int]", [], "a mapping")),
    ],
)
def test_what_does_not_fit_is_told_with_what_does(annotation: str, value: Any, words: str) -> None:
    assert wrong(annotation, value) == words


def types(more: str = "", imports: str = "") -> set[str]:
    return set(outline(SOURCE.format(more=more, imports=imports)).valves("Tools").types)


def test_a_validator_or_a_setting_of_the_class_may_convert_anything() -> None:
    assert types() == {"tries", "limit", "state", "names"}, "not what a class of the source says"
    validator = (
        '\n        @field_validator("limit", mode="before")\n        def change(cls, value):\n            return 1'
    )
    assert types(validator, ", field_validator") == set()
    assert types("\n        model_config = ConfigDict(coerce_numbers_to_str=True)", ", ConfigDict") == set()
    assert types("\nglobals()['Mode'] = int") == set()


def test_a_wrong_value_is_an_error_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tool.py").write_text(SOURCE.format(more="", imports=""), encoding="utf-8")
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(
        "version: 1\ntools:\n  t:\n    content: !file tool.py\n    valves:\n      limit: many\n      tries: 4\n"
        "      state: closed\n      names: !null\n",
        encoding="utf-8",
    )
    with pytest.raises(ManifestError) as raised:
        load([manifest])
    found = [(problem.where, problem.message) for problem in raised.value.problems]
    says = "as the class `Valves` of the source says"
    assert found == [
        ("manifest.yaml:6:7", f"`tool/t`: `valves.limit` must be an integer, {says}"),
        ("manifest.yaml:8:7", f'`tool/t`: `valves.state` must be "open" or "all", {says}'),
    ]
