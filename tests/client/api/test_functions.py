from __future__ import annotations

from owui_sync.client.api import functions
from owui_sync.client.connect import Server
from tests.support.asking import counting


def test_list_takes_one_request(server: Server) -> None:
    assert counting(server, functions.list_all)[1] == 1
