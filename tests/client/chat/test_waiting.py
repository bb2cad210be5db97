from __future__ import annotations

import pytest

from owui_sync.client.chat.waiting import seconds_told


@pytest.mark.parametrize(
    ("reason", "seconds"),
    [
        ("Rate limit reached for gpt-4.1. Please try again in 20s. Visit https://x.test", 20),
        ("Please try again in 1m12.5s.", 72.5),
        ("Please try again in 450ms.", 0.45),
        ("Please retry after 23 seconds.", 23),
        ("Please retry in 43.2s.", 43.2),
        ("try again in 2 minutes", 120),
        ("Please try again in 7m12s.", 120),
        ("try again after 3 hours", 120),
        ("scripted to answer 429", 0),
        ("try again later, in 2026", 0),
        ("", 0),
    ],
)
def test_a_provider_is_left_alone_as_long_as_it_asks_for(reason: str, seconds: float) -> None:
    assert seconds_told(reason) == pytest.approx(seconds)
