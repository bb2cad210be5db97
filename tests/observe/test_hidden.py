"""The refusals themselves are tested on real servers: `tests/versions/test_hidden.py`."""

from __future__ import annotations

from typing import Any

import pytest

from owui_sync.observe.hidden import is_private_of_another


@pytest.mark.parametrize(
    ("row", "private"),
    [
        ({"user_id": "other", "access_grants": []}, True),
        ({"user_id": "other", "access_control": {}}, True),
        ({"user_id": "me", "access_grants": []}, False),
        ({"user_id": "other", "access_control": None}, False),
        ({"user_id": "other", "access_grants": [{"principal_id": "*"}]}, False),
        ({"user_id": "other"}, False),
        ({"access_grants": []}, False),
    ],
)
def test_only_what_another_user_shares_with_nobody_proves_that_everything_is_shown(
    row: dict[str, Any], private: bool
) -> None:
    assert is_private_of_another(row, "me") is private
