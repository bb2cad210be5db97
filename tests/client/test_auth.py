from __future__ import annotations

import httpx

from owui_sync.client.auth import Bearer
from tests.support.fake import TOKEN


def test_token_goes_into_the_header_and_into_no_repr() -> None:
    bearer = Bearer(TOKEN)
    request = next(bearer.auth_flow(httpx.Request("GET", "https://chat.test")))
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in repr(bearer) + repr(request) + repr(request.headers)
