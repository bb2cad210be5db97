from __future__ import annotations

import asyncio
import time

import pytest

from owui_sync.jobs.expect import verdicts
from owui_sync.jobs.matching import is_found
from owui_sync.jobs.outcome import JobAnswer
from owui_sync.kinds.names import IdIndex


def found(expression: str, text: str, seconds: float = 5.0) -> bool | None:
    return asyncio.run(is_found(expression, text, seconds))


@pytest.mark.parametrize(
    ("expression", "text", "there"),
    [(r"open the \w+", "please open the door", True), ("^open", "please open", False), ("ü$", "Menü", True)],
)
def test_an_expression_is_looked_for_anywhere(expression: str, text: str, there: bool) -> None:
    assert found(expression, text) is there


@pytest.mark.parametrize("expression", ["(a+)+$", "(a|aa)+$", "(?:(?:a+)+b?)+$"])
def test_an_expression_that_never_ends_is_given_up(expression: str) -> None:
    start = time.monotonic()
    assert found(expression, "a" * 60 + "!", 0.5) is None
    assert time.monotonic() - start < 5


def test_an_expression_can_be_cancelled() -> None:
    async def main() -> None:
        task = asyncio.create_task(is_found("(a+)+$", "a" * 60 + "!", 60))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(asyncio.wait_for(main(), 10))


def test_a_verdict_names_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(expression: str, text: str) -> None:
        return None

    monkeypatch.setattr("owui_sync.jobs.expect.is_found", never)
    answered = JobAnswer(text="aaa!")
    [verdict] = asyncio.run(verdicts(None, {"matches": ["(a+)+$"]}, answered, 1.0, IdIndex()))  # type: ignore[arg-type]
    assert (verdict.met, "5 s, the most for one expression" in verdict.reason) == (False, True)
