from __future__ import annotations

import pytest

from owui_sync.kinds.python_source import Valves, front_matter, outline


def seen(name: str, source: str) -> bool:
    return outline(source).defines(name)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\nclass Tools\n", 2),
        ("x = (\n", 1),
        ("\n\nreturn 1\n", 3),
        ("x = 1\n\ty = 2\n", 2),
        ("def f():\n    nonlocal x\n", 2),
    ],
)
def test_what_cannot_be_compiled_has_its_line(source: str, line: int) -> None:
    error = outline(source).error
    assert error is not None
    assert (error.line, bool(error.message)) == (line, True)


@pytest.mark.parametrize("source", ["x = 1\0", "(" * 500, "-" * 100_000 + "1"])
def test_odd_texts_are_errors_and_no_crash(source: str) -> None:
    assert outline(source).error is not None


def test_nothing_is_run() -> None:
    assert outline("raise SystemExit(1)\nimport no_such_module\n").error is None


@pytest.mark.parametrize(
    "source",
    [
        "class Tools: pass",
        "Tools = make()",
        "from other import Tools",
        "from other import T as Tools",
        "try:\n    import x\nexcept ImportError:\n    class Tools: pass",
        "if True:\n    class Tools: pass",
        "for Tools in [1]: pass",
        "from other import *",
        "globals()['Tools'] = 1",
        "exec('class Tools: pass')",
        "def __getattr__(name): ...",
        "def f():\n    global Tools\n    Tools = 1\n",
    ],
)
def test_a_name_that_a_module_has_or_may_have_is_not_missed(source: str) -> None:
    assert seen("Tools", source)


@pytest.mark.parametrize(
    "source",
    [
        "class Tool: pass",
        "class A:\n    class Tools: pass",
        "def f():\n    class Tools: pass",
        "x = Tools",
        "import Tools.x as y",
    ],
)
def test_a_name_that_a_module_cannot_have_is_missed(source: str) -> None:
    assert not seen("Tools", source)


VALVES = """
from pydantic import BaseModel, Field

class Base(BaseModel):
    shared: int = 1

class Tools:
    class Valves({base}):
        api: str = Field(default="", json_schema_extra={{"input": {{"type": "password"}}}})
        limit: int = 5
        _own: int = 1
{more}
"""


def valves(base: str = "BaseModel", more: str = "") -> Valves:
    return outline(VALVES.format(base=base, more=more)).valves("Tools")


def test_valves_are_the_fields_of_the_class() -> None:
    assert valves() == Valves(True, {"api": True, "limit": False}, complete=True)


def test_valves_may_be_inherited_from_a_class_of_the_module() -> None:
    assert valves("Base") == Valves(True, {"shared": False, "api": True, "limit": False}, complete=True)


@pytest.mark.parametrize(
    ("base", "more"),
    [
        ("Other", ""),
        ("BaseModel", "        model_config = ConfigDict(extra='allow')"),
        ("BaseModel", "        model_config = {'extra': 'allow'}"),
        ("BaseModel", "        x: int = Field(1, alias='y')"),
        ("BaseModel, metaclass=M", ""),
    ],
)
def test_where_others_are_possible_the_valves_are_not_complete(base: str, more: str) -> None:
    found = valves(base, more)
    assert found.may_have("anything")
    assert found.secret["api"]


@pytest.mark.parametrize(
    "source",
    [
        "class Tools(Base):\n    pass",
        "class Tools:\n    Valves = other.Valves",
        "class Tools:\n    def __init__(self):\n        self.Valves = make()",
        "Tools = make()",
        "class Tools:\n    from other import Valves",
        "@decorated\nclass Tools:\n    pass",
    ],
)
def test_where_valves_cannot_be_seen_any_may_be_there(source: str) -> None:
    assert outline(source).valves("Tools").may_have("x")


def test_a_class_without_valves_has_none() -> None:
    assert outline("class Tools:\n    def f(self): ...\n").valves("Tools") == Valves(exist=False)


def test_valves_of_another_name_are_followed() -> None:
    source = "class Mine(BaseModel):\n    limit: int = 1\n\nclass Tools:\n    Valves = Mine\n"
    assert outline(source).valves("Tools") == Valves(True, {"limit": False}, complete=True)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"""\ntitle: A: b\nversion: 1\nno line\n"""\nx = 1\n', {"title": "A: b", "version": "1"}),
        ('"""  \r\ntitle: A\r\n"""\r\n', {"title": "A"}),
        ('"""\ntitle: A', {"title": "A"}),
        ('\n"""\ntitle: A\n"""\n', {}),
        ('# x\n"""\ntitle: A\n"""\n', {}),
        ('"""title: A\n"""\n', {}),
        ("'''\ntitle: A\n'''\n", {}),
        ("", {}),
    ],
)
def test_front_matter_begins_with_a_line_of_three_quotes(source: str, expected: dict[str, str]) -> None:
    assert front_matter(source) == expected
