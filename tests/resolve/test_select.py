from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import UsageError
from owui_sync.resolve.select import Selection


def test_without_patterns_everything_is_selected() -> None:
    assert "prompt/a" in Selection()


def test_a_kind_may_be_written_as_its_section_or_singular() -> None:
    for pattern in ("prompts/tri*", "prompt/tri*"):
        assert "prompt/triage" in Selection.parse(only=[pattern])
        assert "model/triage" not in Selection.parse(only=[pattern])


def test_exclude_wins_over_only() -> None:
    selection = Selection.parse(only=["models/*"], exclude=["models/old-*"])
    assert "model/new" in selection
    assert "model/old-1" not in selection


@pytest.mark.parametrize("pattern", ["prompts", "prompt/", "promts/*", "/x", ""])
def test_a_pattern_without_a_known_kind_is_wrong_use(pattern: str, golden: SnapshotAssertion) -> None:
    with pytest.raises(UsageError, match="KIND/GLOB") as error:
        Selection.parse(only=[pattern])
    assert str(error.value) == golden


def test_a_misspelt_kind_gets_a_suggestion(golden: SnapshotAssertion) -> None:
    with pytest.raises(UsageError) as error:
        Selection.parse(exclude=["promts/a*"])
    assert "`prompts/a*`" in (error.value.problems[0].hint or "")
    assert str(error.value) == golden
