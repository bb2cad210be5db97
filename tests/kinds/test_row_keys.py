"""What mypy does not see: `row.get("key")` of a typed row passes for any key, only `row["key"]` does not."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import is_typeddict

import pytest

from owui_sync import kinds


def shapes(module: ModuleType) -> list[type]:
    return [value for value in vars(module).values() if is_typeddict(value)]


def typed() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(kinds.__path__, "owui_sync.kinds."):
        module = importlib.import_module(found.name)
        if shapes(module):
            yield module


def asked(module: ModuleType) -> set[str]:
    """The keys that a module asks what it calls `row` for."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call)]
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and ast.unparse(call.func) == "row.get"
        and isinstance(call.args[0], ast.Constant)
    }


@pytest.mark.parametrize("module", list(typed()), ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_kind_asks_its_rows_for_keys_that_they_have(module: ModuleType) -> None:
    known = {key for shape in shapes(module) for key in shape.__annotations__}
    assert asked(module) - known == set()
