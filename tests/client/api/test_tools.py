from __future__ import annotations

from owui_sync.client.api import tools
from owui_sync.client.connect import Server
from tests.support.asking import counting


def test_list_takes_one_request(server: Server) -> None:
    assert counting(server, tools.list_all)[1] == 1
