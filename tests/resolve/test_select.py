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


KNOWN = {"model/support-bot", "prompt/triage", "user/alice@example.com", "automation/nightly", "job/smoke"}


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        ("models/suport-bot", "did you mean `model/support-bot`?"),
        ("models/triage", "a name must exist; only a pattern with `*` may match nothing"),
        ("jobs/smok", "did you mean `job/smoke`?"),
        ("groups/x", "a name must exist; only a pattern with `*` may match nothing"),
    ],
)
@pytest.mark.parametrize("option", ["only", "exclude"])
def test_a_full_name_that_fits_nothing_is_wrong_use(option: str, pattern: str, hint: str) -> None:
    patterns = ["prompts/*", pattern]
    selection = Selection.parse(only=patterns) if option == "only" else Selection.parse(exclude=patterns)
    with pytest.raises(UsageError, match=f"--{option}: there is no") as error:
        selection.unmatched(KNOWN)
    assert error.value.exit_code == 64
    assert [problem.hint for problem in error.value.problems] == [hint]


def test_every_name_that_fits_nothing_is_told_at_once() -> None:
    with pytest.raises(UsageError) as error:
        Selection.parse(only=["models/a", "models/b"], exclude=["prompts/c"]).unmatched(KNOWN)
    assert len(error.value.problems) == 3


@pytest.mark.parametrize("glob", ["models/x*", "models/?", "models/[a-c]*"])
def test_a_pattern_that_fits_nothing_is_a_warning(glob: str) -> None:
    kind = glob.replace("models", "model")
    assert Selection.parse(only=[glob], exclude=["prompts/*"]).unmatched(KNOWN) == [f"--only {kind} fits nothing"]


def test_names_that_are_there_are_fine_in_every_spelling() -> None:
    selection = Selection.parse(
        only=["users/Alice@Example.com", "jobs/nightly", "job/smoke"], exclude=["models/support-bot"]
    )
    assert selection.unmatched(KNOWN) == []
    assert "user/alice@example.com" in selection


def test_what_was_not_looked_at_is_passed_over() -> None:
    assert Selection.parse(only=["models/*"], exclude=["prompts/x"]).unmatched(KNOWN, {"model"}) == []


def test_the_kinds_of_a_selection_are_those_of_objects() -> None:
    assert Selection.parse(only=["models/a", "jobs/b"]).kinds == {"model", "automation"}
    assert Selection.parse(exclude=["models/a"]).kinds is None
