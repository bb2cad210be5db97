from __future__ import annotations

from owui_sync.export.entry import ExportedEntry, secret_tags, variable_name
from owui_sync.export.secret_names import with_distinct_secrets
from owui_sync.export.tag import Tag, TaggedMapping


def entry(key: str, value: object) -> ExportedEntry:
    return ExportedEntry("tool", key, {"key": value, "name": key})


def test_two_secrets_never_share_a_variable() -> None:
    entries = [entry(key, secret_tags(variable_name(key, "key"), "s")) for key in ("a.b", "a-b", "a_b", "A-B-KEY-2")]
    found = [each.fields["key"].argument for each in with_distinct_secrets(entries)]
    assert found == ["A_B_KEY", "A_B_KEY_2", "A_B_KEY_3", "A_B_KEY_2_KEY"]


def test_secrets_inside_mappings_and_lists_count_and_all_else_stays() -> None:
    headers = secret_tags("H", {"X-A": "s", "X.A": "t"})
    (found,) = with_distinct_secrets([entry("a", [headers, Tag("file", "H_X_A"), "H_X_A"])])
    assert found.fields["key"] == [
        {"X-A": Tag("secret", "H_X_A"), "X.A": Tag("secret", "H_X_A_2")},
        Tag("file", "H_X_A"),
        "H_X_A",
    ]
    assert isinstance(found.fields["key"][0], TaggedMapping)
    assert found.fields["name"] == "a"
