from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from owui_sync.export.entry_names import EntryNames, safe


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("triage", "triage"),
        ("gpt-4.1", "gpt-4.1"),
        ("Support/Escalations", "Support-Escalations"),
        ("a<b>:c|d?*", "a-b-c-d"),
        ("../../etc", "etc"),
        (".hidden", "hidden"),
        ("ends. ", "ends"),
        ("ключ", "ключ"),
        ("cafe\u0301", "café"),
        ("con", "_con"),
        ("Aux.x", "_Aux.x"),
        ("console", "console"),
        ("???", "_"),
        ("", "_"),
    ],
)
def test_a_name_keeps_what_every_system_takes(key: str, name: str) -> None:
    assert safe(key) == name


def test_names_that_differ_only_in_case_get_a_number() -> None:
    names = EntryNames()
    assert [names.take(safe(key), ".md") for key in ("Con", "con", "A", "a", "a-2", "a")] == [
        "_Con.md",
        "_con-2.md",
        "A.md",
        "a-2.md",
        "a-2-2.md",
        "a-3.md",
    ]


@given(st.lists(st.text(max_size=300), max_size=8))
def test_names_of_any_keys_are_short_safe_and_apart(keys: list[str]) -> None:
    names = EntryNames()
    taken = [names.take(safe(key), ".md") for key in keys]
    assert len({unicodedata.normalize("NFC", name).casefold() for name in taken}) == len(keys)
    for name in taken:
        assert len(name.encode()) <= 120
        assert not set(name) & set('<>:"/\\|?*\0\n')
        assert not name.startswith((".", "-"))
