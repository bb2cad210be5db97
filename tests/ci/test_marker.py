from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from owui_sync.ci.marker import Marker, find


@given(st.text(), st.text())
def test_any_key_is_read_back_and_never_ends_the_comment(key: str, digest: str) -> None:
    marker = Marker("plan", key, digest)
    assert find(f"{marker}\nhello") == marker
    assert str(marker).count("-->") == 1


def test_what_is_no_marker_at_the_beginning_is_none() -> None:
    assert find(None) is None
    assert find("> <!-- owui-sync {} -->") is None
    assert find("<!-- owui-sync {broken} -->") is None
    assert find('<!-- owui-sync {"other": 1} -->') is None
