from __future__ import annotations

import math

from owui_sync.client.api import knowledge
from owui_sync.client.connect import Server

from ..asking import counting


def test_list_takes_one_request_for_30(server: Server) -> None:
    rows, requests = counting(server, knowledge.list_all)
    assert requests == max(1, math.ceil(len(rows) / 30))
