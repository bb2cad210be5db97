from __future__ import annotations

from owui_sync.kinds import KINDS
from owui_sync.kinds.filtered import Filtered


def test_kinds_whose_lists_hide_what_others_own_say_whether_the_server_keeps_their_keys_unique() -> None:
    kinds = {name: kind.unique for name, kind in KINDS.items() if isinstance(kind, Filtered)}
    assert kinds == {"knowledge": False, "model": True, "prompt": True}
