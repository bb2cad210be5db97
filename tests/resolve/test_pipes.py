from __future__ import annotations

import pytest

from owui_sync.resolve.graph import NamedReference
from owui_sync.resolve.pipes import functions_of, with_pipes
from tests.support.build import entries, entry, live, snapshot

PIPE = "class Pipe:\n    def pipe(self, body):\n        return ''\n"
FILTER = "class Filter:\n    pass\n"


def named(id: str, *more: str, content: str = PIPE) -> list[str]:
    functions = functions_of(entries(entry("function/echo", content=content)))
    uses = [NamedReference("base", "model", id, "provider")]
    return [use.address for use in with_pipes(uses, functions, dict.fromkeys(more))]


@pytest.mark.parametrize("id", ["echo", "echo.loud", "Echo.loud.er"])
def test_a_model_that_a_pipe_offers_is_a_use_of_the_function(id: str) -> None:
    assert named(id) == ["function/echo"]


def test_a_function_that_is_no_pipe_offers_no_model() -> None:
    assert named("echo.loud", content=FILTER) == ["model/echo.loud"]


def test_another_model_is_a_use_of_that_model() -> None:
    assert named("echo-2") == ["model/echo-2"]


def test_a_model_with_an_entry_of_its_own_is_a_use_of_both() -> None:
    assert named("echo.loud", "model/echo.loud") == ["model/echo.loud", "function/echo"]


def test_what_is_no_model_is_left_alone() -> None:
    functions = functions_of(snapshot(live("function/echo", content=PIPE)).objects)
    use = NamedReference("tools", "tool", "echo", None)
    assert list(with_pipes([use], functions, {})) == [use]
