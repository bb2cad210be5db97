from __future__ import annotations

import inspect
from pathlib import Path
from typing import is_typeddict

import pytest

from owui_sync import AsyncOpenWebUIClient, OpenWebUIClient
from owui_sync.client import derive, results


@pytest.mark.parametrize("area", derive.areas(), ids=lambda path: path.stem)
def test_synchronous_source_is_up_to_date(area: Path) -> None:
    committed = (derive.CLIENT / "sync" / area.name).read_text(encoding="utf-8")
    assert committed == derive.derived(area), "run `make client`"


def test_both_classes_have_the_same_methods_with_the_same_parameters_and_documentation() -> None:
    for name, method in inspect.getmembers(AsyncOpenWebUIClient, inspect.isfunction):
        if name.startswith("_") or name == "close":
            continue
        twin = getattr(OpenWebUIClient, name)
        assert inspect.signature(twin).parameters == inspect.signature(method).parameters, name
        assert inspect.getdoc(twin) == inspect.getdoc(method) != None, name  # noqa: E711
        assert not inspect.iscoroutinefunction(twin), name


def test_what_type_checkers_see_of_results_is_up_to_date() -> None:
    committed = (derive.CLIENT / "results.pyi").read_text(encoding="utf-8")
    assert committed == derive.results(), "run `make client`"
    # Each of them is there, so that no result is untyped for them.
    assert {f"class {name}(" in committed for name in vars(results) if is_typeddict(vars(results)[name])} == {True}
