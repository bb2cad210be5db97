from __future__ import annotations

import pytest

from owui_sync.kinds import KINDS
from owui_sync.kinds.lifecycle import VersionToken, Visibility


def test_kinds_whose_lists_hide_what_others_own_say_whether_the_server_keeps_their_keys_unique() -> None:
    kinds = {name: kind.lifecycle for name, kind in KINDS.items()}
    hiding = {name: life.unique for name, life in kinds.items() if life.visibility is Visibility.READABLE}
    assert hiding == {"knowledge": False, "model": True, "prompt": True, "skill": True, "tool": True}


@pytest.mark.parametrize(("token", "now", "reliable"), [("x", 0, True), ("", 0, False)])
def test_a_token_that_is_no_time_is_reliable_at_once(token: str, now: float, reliable: bool) -> None:
    assert VersionToken().is_reliable(token, now) is reliable
