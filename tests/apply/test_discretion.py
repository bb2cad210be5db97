from __future__ import annotations

from owui_sync.apply.discretion import without_secrets
from owui_sync.apply.outcome import Failure
from owui_sync.plan.types import Action, Cause, Change, FieldChange
from owui_sync.values import ABSENT, Secret
from tests.support.build import HERE, live


def change(*fields: FieldChange) -> Change:
    return Change(Action.UPDATE, "setting", "images", "images", HERE, fields, "x")


def test_what_the_server_repeats_of_a_secret_is_not_told() -> None:
    headers = {"X-Key": Secret("hush-hush-2", {}), "X-Other": Secret("hush-hush", {})}
    changed = change(
        FieldChange("headers", {"X-Key": "before"}, headers, Cause.MANIFEST, True),
        FieldChange("key", ABSENT, [Secret("from-a-list", {})], Cause.MANIFEST),
        FieldChange("url", "https://old", "https://new", Cause.MANIFEST),
    )
    failure = Failure("hush-hush-2, hush-hush, before, from-a-list: not for https://new", hint="not before")
    assert without_secrets(failure, changed) == Failure(
        "(secret), (secret), (secret), (secret): not for https://new", hint="not (secret)"
    )


def test_a_secret_of_the_object_that_does_not_change_is_sent_back_and_not_told_either() -> None:
    there = live("setting/images", IMAGES_OPENAI_API_KEY="hush-hush", IMAGE_SIZE="512x512")
    changed = change(FieldChange("IMAGE_SIZE", "512x512", "big", Cause.MANIFEST))
    failure = without_secrets(Failure("512x512, big, hush-hush"), changed, there)
    assert failure.detail == "512x512, big, (secret)"


def test_a_secret_that_was_cut_with_a_long_answer_is_not_told_either() -> None:
    changed = change(FieldChange("key", "", Secret("hush-hush", {}), Cause.MANIFEST, True))
    assert without_secrets(Failure("wrong: hush-hush, hush-h…"), changed) == Failure("wrong: (secret), (secret)…")
    assert without_secrets(Failure("wrong: hu…"), changed) == Failure("wrong: hu…")


def test_a_secret_of_one_or_two_characters_is_in_any_sentence() -> None:
    changed = change(FieldChange("key", "", "a", Cause.MANIFEST, True))
    assert without_secrets(Failure("a wrong value"), changed) == Failure("a wrong value")
