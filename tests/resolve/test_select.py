from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import UsageError
from owui_sync.resolve.select import Selection, exactly, written


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


def test_a_selection_within_another_only_narrows() -> None:
    within = Selection.parse(["models/*"], ["models/b"])
    narrowed = Selection.parse(["models/a", "models/b", "prompts/*"], within=within)
    assert [a for a in ("model/a", "model/b", "model/c", "prompt/p") if a in narrowed] == ["model/a"]


def test_the_pattern_of_one_object_fits_it_and_nothing_else() -> None:
    pattern = exactly("model/a[1]*?")
    selection = Selection((pattern,))
    assert [a for a in ("model/a[1]*?", "model/a1x", "prompt/a[1]*?") if a in selection] == ["model/a[1]*?"]
    assert Selection.parse([written(pattern)]) == selection
