from __future__ import annotations

from owui_sync.client.api import system
from owui_sync.client.connect import Server
from tests.support.asking import counting


def test_version_takes_one_request(server: Server) -> None:
    row, requests = counting(server, system.version)
    assert {"version", "deployment_id"} <= set(row)
    assert requests == 1


def test_config_takes_one_request(server: Server) -> None:
    row, requests = counting(server, system.config)
    assert row["name"] == "Open WebUI"
    assert requests == 1
