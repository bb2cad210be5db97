from __future__ import annotations

from typing import Any

from owui_sync.manifest.desired import AccessRule
from owui_sync.plan.rules import expand
from tests.support.build import HERE, entries, entry


def rule(*models: str, access: Any = "public") -> AccessRule:
    return AccessRule(models, access, HERE)


def test_a_rule_covers_models_that_no_entry_names() -> None:
    result = expand({}, [rule("gpt-*")], ["gpt-4", "claude"])
    assert {address: (one.values, one.partial) for address, one in result.items()} == {
        "model/gpt-4": ({"access": "public"}, True)
    }


def test_the_first_rule_that_fits_counts() -> None:
    result = expand({}, [rule("gpt-4", access="private"), rule("gpt-*")], ["gpt-4", "gpt-5"])
    assert [result[f"model/{id}"].values["access"] for id in ("gpt-4", "gpt-5")] == ["private", "public"]


def test_an_access_that_is_written_at_the_model_wins() -> None:
    own = entry("model/gpt-4", access="private")
    assert expand(entries(own), [rule("*")], ["gpt-4"])["model/gpt-4"] is own


def test_an_entry_without_access_gets_the_rules_and_keeps_its_fields() -> None:
    result = expand(entries(entry("model/bot", name="Bot")), [rule("bot")], [])["model/bot"]
    assert (result.values, result.partial) == ({"name": "Bot", "access": "public"}, False)


def test_case_matters_and_other_kinds_are_left_alone() -> None:
    group = entry("group/GPT")
    assert expand(entries(group), [rule("gpt-*")], ["GPT-4"]) == entries(group)
